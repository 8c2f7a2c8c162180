"""The month against raw COPY of its own rows, a Django loop, and a month with changed histories."""

from __future__ import annotations

import tempfile
import threading
from datetime import date
from pathlib import Path

from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.utils import timezone

from benchmarks.compensation import approved_run
from benchmarks.django_loop import loop_month
from benchmarks.measure import Results, peak_memory_mb, timed
from config.lib.months import Month
from payments.models import Run
from payments.runs.services import run_compute
from registry.deliveries.services import delivery_import
from registry.deliveries.synthetic.make import delivery_make_next

FIRST = Month(2026, 10)
LOOP_PERSONS = 50_000


def run_benchmark(results: Results) -> None:
    """A month of everyone: against COPY of the same rows, again, and against a Django loop."""
    with timed("run_month") as first:
        run = run_compute(FIRST, at=timezone.now())
    with timed("run_month again, replacing the draft") as again:
        run = run_compute(FIRST, at=timezone.now())
    raw = raw_copy(run)
    results.ratio(
        "run_month to raw COPY of its rows, two workers", first.value, raw, "20×, aim 10×"
    )
    results.ratio("run_month again to the first", again.value, first.value, "1×")
    results.figure("Python's peak memory", f"{peak_memory_mb():.0f} MB", "300 MB", "ru_maxrss")
    persons = min(LOOP_PERSONS, results.persons)
    with timed(f"Django loop over {persons} persons") as loop:
        loop_month(FIRST.first_day, persons)
    scaled = loop.value * results.persons / persons
    results.ratio(
        "Django iterator() and bulk_create, scaled, to run_month",
        scaled,
        first.value,
        "at least 15×",
    )


def history_benchmark(results: Results, folder: Path) -> None:
    """A month where 1 % of persons have changed history against one where none have."""
    for month in (FIRST, FIRST + 1, FIRST + 2):
        approved_run(month)
    with timed("a month, no history changed") as still:
        run_compute(FIRST + 3, at=timezone.now())
    delivery_make_next(
        folder / "changed", folder / "first", as_of=date(2026, 12, 1), change_percent=1
    )
    with timed("import of 1 % changed"):
        delivery_import(folder / "changed", received_at=timezone.now(), today=date(2026, 12, 1))
    with timed("a month, 1 % of histories changed") as changed:
        run_compute(FIRST + 3, at=timezone.now())
    results.ratio(
        "a month with 1 % changed history to one with none", changed.value, still.value, "2×"
    )


def raw_copy(run: Run) -> float:
    """Seconds to COPY the run's rows into bare unlogged tables, two connections at once."""
    tables = ("payments_assessment", "payments_line")
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(
                f"DROP TABLE IF EXISTS raw_{table};"
                f"CREATE UNLOGGED TABLE raw_{table} AS SELECT * FROM {table} WHERE false"
            )
        blocks = {table: _copied_out(cursor, table, run.pk) for table in tables}
    threads = [threading.Thread(target=_copy_in, args=(table, blocks[table])) for table in tables]
    with timed("raw COPY of the same rows") as raw:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    return raw.value


def _copied_out(cursor: CursorWrapper, table: str, run_id: int) -> Path:
    path = Path(tempfile.gettempdir()) / f"{table}.{run_id}.copy"
    with (
        cursor.copy(
            f"COPY (SELECT * FROM {table} WHERE run_id = %s) TO STDOUT (FORMAT binary)", [run_id]
        ) as copy,
        path.open("wb") as out,
    ):
        for block in copy:
            out.write(block)
    return path


def _copy_in(table: str, path: Path) -> None:
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY raw_{table} FROM STDIN (FORMAT binary)") as copy,
        path.open("rb") as rows,
    ):
        while block := rows.read(1 << 20):
            copy.write(block)
    path.unlink()
    connection.close()
