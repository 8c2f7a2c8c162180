"""Compute a run's parts: assess the persons of a range, book the difference (C-29 … C-32)."""

from __future__ import annotations

import logging
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from config.lib.progress import Progress
from payments.entitlement import stages
from payments.models import Run, RunChunk
from payments.runs import leases
from payments.runs.inputs import chunk_context, statement
from payments.runs.partitions import partition

logger = logging.getLogger(__name__)

# Who falls silent in the middle of a part is cut off by the database, and blocks nobody.
SILENCE = "SET LOCAL idle_in_transaction_session_timeout = '{seconds:d}s'"
PATIENCE = 1  # seconds between looks at parts that others hold


def chunks_compute(run: Run, *, workers: int, progress: Progress) -> None:
    """Compute the run's parts that are nobody's until none is left, and wait for those of others.

    Workers are threads with a connection each, for the database does the work; inside a
    transaction (tests) there is one, on the caller's connection.
    """
    context = chunk_context(run)
    while True:
        _compute_free(run, context, workers, progress)
        if not leases.open_parts(run).exists():
            return
        time.sleep(PATIENCE)


def _compute_free(run: Run, context: dict[str, Any], workers: int, progress: Progress) -> None:
    if workers == 1 or connection.in_atomic_block:
        _work(run, context, progress)
        return
    with ThreadPoolExecutor(workers) as pool:
        hands = [pool.submit(_work_in_thread, run, context, progress) for _ in range(workers)]
        for hand in hands:
            hand.result()


def _work_in_thread(run: Run, context: dict[str, Any], progress: Progress) -> None:
    try:
        _work(run, context, progress)
    finally:
        connection.close()


def _work(run: Run, context: dict[str, Any], progress: Progress) -> None:
    parts = RunChunk.objects.filter(run=run)
    while chunk_next(run, context):
        progress(str(run), parts.exclude(done_at=None).count(), parts.count())


def chunk_next(run: Run, context: dict[str, Any]) -> bool:
    """Compute the next part that is nobody's; False if there is none.

    A part that fails is noted as failed and never stops the others.
    """
    chunk = leases.claim(run)
    if chunk is None:
        return False
    try:
        with leases.renewed(chunk):
            chunk_compute(chunk, context)
    except leases.LeaseLost:
        logger.warning("Part %s: another has done it.", chunk)
    except Exception as error:  # noqa: BLE001 # whatever it is, the others go on
        logger.error("Part %s failed: %s", chunk, leases.described(error))  # noqa: TRY400 # no data
        leases.failed(chunk, error)
    return True


@transaction.atomic
def chunk_compute(chunk: RunChunk, context: dict[str, Any]) -> None:
    """Write one part's assessments, lines and claimable entries, and hand it in.

    Raises LeaseLost, and whatever the database raises; then nothing is written.
    """
    params = context | {"first": chunk.first_person, "end": chunk.end_person}
    lines = partition("payments_line", chunk.run_id)
    assessments = partition("payments_assessment", chunk.run_id)
    with connection.cursor() as cursor:
        cursor.execute(SILENCE.format(seconds=settings.LEASE_SECONDS))
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
        written = cursor.fetchone()
    leases.hand_in(chunk, assessments=written[0], lines=written[1])
