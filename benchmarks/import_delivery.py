"""The import against raw COPY of the same files: first, the same facts again, 1 % changed."""

from __future__ import annotations

import subprocess
from datetime import timedelta
from pathlib import Path

from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.utils import timezone

from benchmarks.measure import Results, peak_memory_mb, timed
from registry.deliveries.layout import REGISTRY_FILES
from registry.deliveries.services import delivery_import
from registry.deliveries.synthetic.make import delivery_make_next


def import_benchmark(results: Results, first: Path, change: Path) -> None:
    """Import a country, its rows again in another order, and a delivery that changes 1 %."""
    raw = _raw_copy(first)
    again = _reversed(first, first.with_name("again"))
    seconds = _import(first, "first import")
    results.ratio("first import to raw COPY of its files", seconds, raw, "6×")
    results.figure("Python's peak memory", f"{peak_memory_mb():.0f} MB", "flat", "ru_maxrss")
    seconds = _import(again, "the same facts again, rows in another order")
    results.ratio("the same facts again to raw COPY", seconds, raw, "3×")
    seconds = _import(again, "the same bytes again")
    results.ratio("the same bytes again to raw COPY", seconds, raw, "3×")
    delivery_make_next(change, first, change_percent=1)
    raw = _raw_copy(change)
    seconds = _import(change, "a delivery that changes 1 %")
    results.ratio(
        "a delivery that changes 1 % to raw COPY of its files", seconds, raw, "proportional"
    )


def _import(folder: Path, what: str) -> float:
    now = timezone.now()
    with timed(what) as measured:
        delivery_import(folder, received_at=now, today=now.date() + timedelta(days=60))
    return measured.value


def _raw_copy(folder: Path) -> float:
    """Seconds to COPY the files into bare tables of text columns."""
    with connection.cursor() as cursor:
        for file in REGISTRY_FILES:
            with (folder / file).open() as rows:
                columns = ", ".join(f"{name} text" for name in rows.readline().strip().split(","))
            table = f"raw_{file.removesuffix('.csv')}"
            cursor.execute(f"DROP TABLE IF EXISTS {table}; CREATE TABLE {table} ({columns})")
        with timed(f"raw COPY of {folder.name}") as measured:
            for file in REGISTRY_FILES:
                _copy(cursor, folder / file)
    return measured.value


def _copy(cursor: CursorWrapper, path: Path) -> None:
    table = f"raw_{path.stem}"
    statement = f"COPY {table} FROM STDIN (FORMAT csv, HEADER true)"
    with cursor.copy(statement) as copy, path.open("rb") as rows:
        while block := rows.read(1 << 20):
            copy.write(block)


def _reversed(folder: Path, to: Path) -> Path:
    """The same files with their rows from last to first."""
    to.mkdir()
    for file in REGISTRY_FILES:
        command = "head -n 1 $0; tail -n +2 $0 | tac"
        with (to / file).open("wb") as out:
            subprocess.run(["sh", "-c", command, folder / file], stdout=out, check=True)
    return to
