"""Compute a run's chunks: assess the persons of a range, book the difference (C-29 … C-32)."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from config.lib.months import Month
from config.lib.progress import Progress
from payments.entitlement import stages
from payments.models import Run, RunChunk
from payments.runs.partitions import partition

SQL = Path(__file__).parent / "sql"

# Benefit months before January of the fifth calendar year before the run's are left alone (C-29).
YEARS_BACK = 5


@cache
def statement(name: str) -> str:
    """Text of a statement file of this folder."""
    return (SQL / f"{name}.sql").read_text()


def chunks_compute(run: Run, *, workers: int, progress: Progress) -> None:
    """Compute the run's chunks that are not done, each in a transaction of its own.

    Workers are threads with a connection each, for the database does the work; inside a
    transaction (tests) there is one, on the caller's connection.
    """
    context = chunk_context(run)
    waiting = list(run.chunks.filter(done_at=None))
    if workers == 1 or connection.in_atomic_block:
        done: Iterable[None] = (chunk_compute(chunk, context) for chunk in waiting)
        _count(run, done, len(waiting), progress)
        return
    with ThreadPoolExecutor(workers) as pool:
        _count(
            run, pool.map(lambda chunk: _in_thread(chunk, context), waiting), len(waiting), progress
        )


def _count(run: Run, done: Iterable[None], total: int, progress: Progress) -> None:
    for number, _ in enumerate(done, start=1):
        progress(str(run), number, total)


def _in_thread(chunk: RunChunk, context: dict[str, Any]) -> None:
    try:
        chunk_compute(chunk, context)
    finally:
        connection.close()


@transaction.atomic
def chunk_compute(chunk: RunChunk, context: dict[str, Any]) -> None:
    """Write one chunk's assessments, lines and claimable entries, and mark it done."""
    params = context | {"first": chunk.first_person, "end": chunk.end_person}
    lines = partition("payments_line", chunk.run_id)
    assessments = partition("payments_assessment", chunk.run_id)
    with connection.cursor() as cursor:
        stages.begin(cursor)
        cursor.execute(statement("work"), params)
        stages.run(cursor, known_at=context["known_at"])
        for name in ("difference", "compared", "cause"):
            cursor.execute(statement(name), params)
        cursor.execute(statement("book").format(lines=lines, assessments=assessments), params)
        cursor.execute(
            "SELECT (SELECT count(*) FROM assessment),"
            " (SELECT count(*) FROM difference WHERE is_booked)"
        )
        chunk.assessments, chunk.lines = cursor.fetchone()
    chunk.done_at = timezone.now()
    chunk.save(update_fields=["done_at", "assessments", "lines"])


def chunk_context(run: Run) -> dict[str, Any]:
    """What every chunk's statements are given: months as first days, ids of the ledger's runs."""
    changed = months_with_changed_figures(run)
    return {
        "run": run.pk,
        "month": run.month,
        "known_at": run.delivery_id,
        "kept_months": [day for day in earlier_months(run) if day not in changed],
        "changed_months": sorted(changed),
        "ledger": list(Run.objects.approved().values_list("pk", flat=True)),
    }


def earlier_months(run: Run) -> list[date]:
    """First days of the benefit months before the run's that it compares (C-29, C-38)."""
    first = Run.objects.approved().order_by("month").values_list("month", flat=True).first()
    if first is None:
        return []
    start = max(first, date(run.month.year - YEARS_BACK, 1, 1))
    months = Month.of(run.month) - Month.of(start)
    return [(Month.of(start) + number).first_day for number in range(months)]


def months_with_changed_figures(run: Run) -> set[date]:
    """First days of the earlier months whose rates or other figures changed since the last run."""
    last = Run.objects.approved().order_by("-month").first()
    if last is None:
        return set()
    return {
        day
        for day in earlier_months(run)
        if run.figures[str(Month.of(day))] != last.figures.get(str(Month.of(day)))
    }
