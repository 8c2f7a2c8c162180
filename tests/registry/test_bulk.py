"""Loading bare: indexes and keys come back as they were, and still refuse."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from config.lib import bulk
from registry.models import Person
from tests.deliveries import CODE_A, permit, person

FACTS = ("registry_person", "registry_persondetails", "registry_permit", "registry_residence")


def definitions():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexdef FROM pg_indexes WHERE tablename = ANY(%s) UNION ALL"
            " SELECT conname || pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE conrelid = ANY(%s::regclass[]) UNION ALL"
            " SELECT seqrelid::regclass || ' ' || seqcache FROM pg_sequence",
            [list(FACTS), list(FACTS)],
        )
        return sorted(row for (row,) in cursor.fetchall())


@pytest.fixture
def always_bare(monkeypatch):
    monkeypatch.setattr(bulk, "WORTH_IT", 1)


def test_definitions_come_back_as_they_were(always_bare, deliver):
    before = definitions()
    deliver(
        persons=[person("U1", CODE_A), person("U2")],
        permits=[permit("P1", "U1")],
        residences=[f"{CODE_A},091,2024-01-01,,"],
    )
    assert Person.objects.count() == 2
    assert definitions() == before


def test_a_row_that_breaks_a_key_undoes_the_load(db):
    before = definitions()
    insert = "INSERT INTO registry_person (uma_number) SELECT 'U1' FROM generate_series(1, 2)"
    with (
        pytest.raises(IntegrityError),
        transaction.atomic(),
        connection.cursor() as cursor,
        bulk.loaded_bare(cursor, "registry_person"),
    ):
        cursor.execute(insert)
    assert definitions() == before and not Person.objects.exists()


@pytest.mark.parametrize(("held", "rows", "bare"), [(0, 1, True), (1, 1, False), (1, 2, True)])
def test_bare_only_if_more_rows_come_than_are_there(always_bare, db, monkeypatch, held, rows, bare):
    Person.objects.bulk_create(Person(uma_number=f"H{n}") for n in range(held))
    taken = []
    loaded_bare = bulk.loaded_bare
    monkeypatch.setattr(bulk, "loaded_bare", lambda *a: taken.append(a) or loaded_bare(*a))
    insert = f"INSERT INTO registry_person (uma_number) SELECT 'N' || n FROM generate_series(1, {rows}) n"
    with connection.cursor() as cursor:
        assert bulk.load(cursor, "registry_person", insert, expected=rows) == rows
    assert bool(taken) is bare
