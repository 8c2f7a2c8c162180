"""Runs in small parts, started and not yet computed, as workers find them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection

from config.lib.months import Month
from payments.models import Run
from payments.runs import preparing
from payments.runs.partitions import partition
from payments.runs.services import run_start
from registry.models import Person, User
from tests.factories import UserFactory
from tests.payments.runs import AT


def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two persons a part, counted from the first."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER SEQUENCE registry_person_id_seq RESTART")
    monkeypatch.setattr(preparing, "CHUNK_LEAST", 2)
    monkeypatch.setattr(preparing, "CHUNK_MOST", 2)


def started(month: str, *, by: User | None = None, seen: Run | None = None) -> Run:
    """A run for workers to compute."""
    starter = by or UserFactory.create()
    return run_start(Month.parse(month), at=AT, starter=starter, seen=seen.pk if seen else None)


@contextmanager
def poison(run: Run, person: Person) -> Iterator[str]:
    """Make the part of a person fail, as a fault of the database would; yield the rule's name."""
    table = partition("payments_assessment", run.pk)
    with connection.cursor() as cursor:
        cursor.execute(
            f"ALTER TABLE {table} ADD CONSTRAINT poison CHECK (person_id <> {person.pk})"
        )
        yield "poison"
        cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT poison")
