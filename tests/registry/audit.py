"""Entries, seals and tampering, for the tests of the log."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

from django.db import connection

from registry.audit.anchors import anchor_write
from registry.audit.models import Verb
from registry.audit.sealing import audit_seal
from registry.audit.services import audit_record, disclosure_record
from registry.models import AuditEvent, DisclosureEvent, User

AT = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
LATER = AT + timedelta(hours=1)
DAY = date(2026, 11, 23)


def look(*persons: int, actor: User | None = None) -> AuditEvent:
    """An event of a page that was looked at."""
    return audit_record(verb=Verb.VIEWED, actor=actor, persons=persons)


def disclose(*persons: int) -> DisclosureEvent:
    """A disclosure to an authority."""
    return disclosure_record(
        actor=None,
        recipient="Statskontoret",
        content_class="person list",
        ground="JulkL 29 §",
        persons=persons,
    )


def seal(*, batch: int = 2, day: date = DAY) -> None:
    """Seal what waits, in small batches, and anchor the day."""
    audit_seal(at=AT, batch=batch)
    anchor_write(today=day)


def sealed(count: int) -> list[AuditEvent]:
    """So many events, sealed two by two and anchored."""
    events = [look(number) for number in range(count)]
    seal()
    return events


@contextmanager
def unguarded() -> Iterator[None]:
    """Work behind the service's back, as one who may switch triggers off."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = origin")


def tamper(statement: str, *params: int) -> None:
    """Run a statement behind the service's back."""
    with unguarded(), connection.cursor() as cursor:
        cursor.execute(statement, params)
