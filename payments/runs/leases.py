"""Whose turn a part of a run is: leases in the database, renewed by those who live.

Nobody ever has to clear anything: a lease lapses by the database's clock when its holder has not
renewed it, and the part is anybody's again. Work is handed in under the attempt it was begun with,
so that of two who hold a part by mistake only one can.
"""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.db.models import F, QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext_noop

from payments.models import Run, RunChunk
from payments.runs.inputs import version
from payments.runs.models import ATTEMPTS

logger = logging.getLogger(__name__)

CLAIM = """
UPDATE payments_runchunk
SET attempt = attempt + 1, held_by = %(holder)s,
    held_until = clock_timestamp() + make_interval(secs => %(seconds)s)
WHERE id = (
    SELECT c.id FROM payments_runchunk c JOIN payments_run r ON r.id = c.run_id
    WHERE c.run_id = %(run)s AND r.status = 'computing' AND r.version = %(version)s
      AND c.done_at IS NULL AND c.set_aside_at IS NULL AND c.attempt < c.attempts_allowed
      AND (c.held_until IS NULL OR c.held_until < clock_timestamp())
    ORDER BY c.number LIMIT 1
    FOR UPDATE OF c SKIP LOCKED
)
RETURNING *
"""

RENEW = """
UPDATE payments_runchunk SET held_until = clock_timestamp() + make_interval(secs => %s)
WHERE id = %s AND attempt = %s AND done_at IS NULL AND set_aside_at IS NULL
"""

HAND_IN = """
UPDATE payments_runchunk
SET done_at = clock_timestamp(), held_until = NULL, assessments = %s, lines = %s
WHERE id = %s AND attempt = %s AND done_at IS NULL AND set_aside_at IS NULL
"""

GIVE_UP = """
UPDATE payments_runchunk
SET set_aside_at = clock_timestamp(), held_until = NULL,
    error = coalesce(nullif(error, ''), %s)
WHERE run_id = %s AND done_at IS NULL AND set_aside_at IS NULL AND attempt >= attempts_allowed
  AND (held_until IS NULL OR held_until < clock_timestamp())
"""

WORKER_LOST = gettext_noop("whoever computed it disappeared each time")

# What says nothing about the part itself: a connection lost, a server restarted, a deadlock.
PASSING = (OperationalError, InterfaceError)


class LeaseLost(Exception):
    """The part is another's by now, or done, or its run is gone."""


def claim(run: Run) -> RunChunk | None:
    """Take the first part that is nobody's, as a new attempt; None if there is none now."""
    params = {
        "run": run.pk,
        "version": version(),
        "holder": f"{socket.gethostname()} {os.getpid()}"[:100],
        "seconds": settings.LEASE_SECONDS,
    }
    return next(iter(RunChunk.objects.raw(CLAIM, params)), None)


@contextmanager
def renewed(chunk: RunChunk) -> Iterator[None]:
    """Renew the lease on a connection of its own for as long as the body runs."""
    done = Event()
    heart = Thread(target=_beat, args=(chunk, done), daemon=True)
    heart.start()
    try:
        yield
    finally:
        done.set()
        heart.join()


def _beat(chunk: RunChunk, done: Event) -> None:
    while not done.wait(settings.LEASE_SECONDS / 4):
        renew(chunk)


def renew(chunk: RunChunk) -> None:
    """Renew a lease once, on this thread's own connection; the next beat makes up for a failure."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(RENEW, [settings.LEASE_SECONDS, chunk.pk, chunk.attempt])
    except DatabaseError:
        logger.warning("The lease of part %s could not be renewed.", chunk)
    finally:
        connection.close()


def hand_in(chunk: RunChunk, *, assessments: int, lines: int) -> None:
    """Mark the part done, in the transaction that wrote it. Raises LeaseLost."""
    with connection.cursor() as cursor:
        cursor.execute(HAND_IN, [assessments, lines, chunk.pk, chunk.attempt])
        if cursor.rowcount == 0:
            raise LeaseLost


def failed(chunk: RunChunk, error: Exception) -> None:
    """Note why an attempt failed: the part is tried again, or set aside if trying is no use."""
    if not connection.in_atomic_block:
        connection.close_if_unusable_or_obsolete()
    mine = RunChunk.objects.filter(pk=chunk.pk, attempt=chunk.attempt, done_at=None)
    if isinstance(error, PASSING):
        mine.update(held_until=None, error=described(error))
    else:
        mine.update(held_until=None, error=described(error), set_aside_at=Now())


def described(error: Exception) -> str:
    """An error without what it says of persons: its class, SQLSTATE and constraint."""
    cause = error.__cause__ or error
    constraint = getattr(getattr(cause, "diag", None), "constraint_name", None)
    named = (type(cause).__name__, getattr(cause, "sqlstate", None), constraint)
    return " ".join(filter(None, named))[:200]


def retry(run: Run) -> int:
    """Give the parts that were set aside more attempts; return their number."""
    return RunChunk.objects.filter(run=run, set_aside_at__isnull=False).update(
        set_aside_at=None, error="", attempts_allowed=F("attempt") + ATTEMPTS
    )


def open_parts(run: Run) -> QuerySet[RunChunk]:
    """Parts that are neither done nor set aside, once the hopeless ones are."""
    with connection.cursor() as cursor:
        cursor.execute(GIVE_UP, [WORKER_LOST, run.pk])
    return RunChunk.objects.filter(run=run, done_at=None, set_aside_at=None)


def held(run: Run) -> bool:
    """Whether somebody computes a part of the run now."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM payments_runchunk"
            " WHERE run_id = %s AND done_at IS NULL AND held_until >= clock_timestamp())",
            [run.pk],
        )
        return bool(cursor.fetchone()[0])


def unheld(run: Run) -> int:
    """Parts that workers should be told of: lapsed ones, or, if nobody is at the run, all open."""
    parts = open_parts(run)
    return parts.filter(held_until__lt=Now()).count() if held(run) else parts.count()
