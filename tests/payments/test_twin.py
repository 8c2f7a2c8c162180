"""The law in SQL held against the law in plain Python (tests/naive) on random registers."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection, transaction
from hypothesis import given, settings

from config.lib.months import Month
from payments.entitlement.assess import LINES, UNPAID, month_assess
from tests.naive.check_golden import assess_texts, csv_text
from tests.naive.law import assess_month, next_month
from tests.naive.register import Register
from tests.naive.strategies import cases
from tests.payments.law import OUTCOMES, assess
from tests.payments.loading import load
from tests.payments.runs import reference

# Committed transactions, so that the database can tidy up after thousands of temporary tables.
pytestmark = pytest.mark.django_db(transaction=True)


def months_around(day: date) -> list[date]:
    """The month, the two beside it, and the one a year later."""
    before = date(day.year - (day.month == 1), (day.month - 2) % 12 + 1, 1)
    return [before, day, next_month(day), day.replace(year=day.year + 1)]


def text_of(query: str) -> str:
    """What COPY would write of a query on the assessment."""
    with connection.cursor() as cursor:
        cursor.execute(query)
        header = ",".join(column.name for column in cursor.description)
        return csv_text(header, cursor.fetchall())


@given(cases())
def test_every_person_month_ends_as_in_the_twin(case):
    """C-02 … C-28: all persons, lines and reasons, four months of each register."""
    rows, day = case
    register, days = Register().apply(rows), months_around(day)
    with transaction.atomic():
        load(rows)
        assess(register.persons, map(Month.of, days))
        found, facts = (text_of(LINES), text_of(UNPAID)), facts_found()
        transaction.set_rollback(True)
    assert found == assess_texts(register, reference(), days)
    assert facts == facts_expected(register, days)


def facts_found() -> dict:
    """Permit, group, clock and end of every paid person-month in the database (C-28)."""
    with connection.cursor() as cursor:
        cursor.execute(OUTCOMES)
        return {
            (uma, month): (permit, group, clock_start, clock_end)
            for uma, month, outcome, _, permit, _, group, clock_start, clock_end, _ in cursor
            if outcome == "paid"
        }


def facts_expected(register: Register, days: list[date]) -> dict:
    """The same in the twin."""
    return {
        (uma, f"{day:%Y-%m}"): (
            found.permit_number,
            found.group,
            found.clock_start,
            found.time_ends,
        )
        for day in days
        for uma, found in assess_month(register, reference(), day).items()
        if found.reason is None
    }


@settings(max_examples=settings.default.max_examples // 5)
@given(cases(max_persons=3))
def test_the_command_assesses_the_same_persons(tmp_path_factory, case):
    """C-02: everyone with a permit, and the files are the twin's to the byte."""
    rows, day = case
    lines, unpaid = (tmp_path_factory.getbasetemp() / name for name in ("lines", "unpaid"))
    with transaction.atomic():
        load(rows)
        month_assess(Month.of(day), lines=lines, unpaid=unpaid)
        transaction.set_rollback(True)
    expected = assess_texts(Register().apply(rows), reference(), [day])
    assert (lines.read_text(), unpaid.read_text()) == expected
