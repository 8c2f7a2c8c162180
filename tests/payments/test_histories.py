"""Random histories, month by month: the ledger in SQL held against the one in plain Python.

Deliveries change the past; every run is imported, computed and approved as in service.
"""

from __future__ import annotations

from datetime import date

import pytest
from django.db import transaction
from django.db.models import Sum
from hypothesis import given, settings
from hypothesis import strategies as st

from config.lib.months import Month
from payments.models import ClaimableEntry
from payments.runs.exports import CLAIMABLE
from tests.naive.check_golden import claimable_text, lines_text, proposals_text
from tests.naive.ledger import Ledger
from tests.naive.ledger import Run as NaiveRun
from tests.naive.register import Delivery, Register
from tests.naive.strategies import histories, long_histories
from tests.payments.law import assess, expected_sums
from tests.payments.runs import (
    booked,
    compute,
    deliver,
    exported,
    fresh_register,
    reference,
    settle,
    texts,
)

pytestmark = pytest.mark.django_db(transaction=True)

History = list[tuple[list[Delivery], date]]
a_tenth = settings(max_examples=settings.default.max_examples // 10)
a_few = settings(max_examples=settings.default.max_examples // 50)
a_couple = settings(max_examples=settings.default.max_examples // 100)  # of 27 months each


def naive_texts(run: NaiveRun) -> dict[str, str]:
    """What the exports of a run of the twin would write."""
    return {
        "lines": lines_text(run.lines),
        "claimable": claimable_text(run.claimable),
        "proposals": proposals_text(run.proposals),
    }


def follow(history: History) -> Register:
    """Work a history in both; every run must be the twin's. Return the last register."""
    register, ledger = Register(), Ledger()
    for deliveries, month in history:
        deliver(*deliveries)
        for rows in deliveries:
            register = register.apply(rows)
        run = ledger.run(month, register, reference())
        settle(month)
        assert texts(month) == naive_texts(run)
        ledger.book()
    return register


def gaps(history: History, register: Register) -> dict:
    """Expected as known now less booked, where it is not nothing, for every month of the runs."""
    with transaction.atomic():
        assess(register.persons, [Month.of(month) for _, month in history])
        expected, settled = expected_sums(), booked()
    sums = {key: expected.get(key, 0) - settled.get(key, 0) for key in expected.keys() | settled}
    return {key: cents for key, cents in sums.items() if cents}


def claimable_or_lapsed() -> dict:
    """Entries that stand open, those past their last day among them (C-31)."""
    keys = ("person__uma_number", "benefit_month", "payee__code", "component")
    entries = ClaimableEntry.objects.filter(closed_by=None).values_list(*keys)
    return {
        (uma, f"{month:%Y-%m}", payee, component): cents
        for uma, month, payee, component, cents in entries.annotate(cents=Sum("amount_cents"))
    }


@a_tenth
@given(histories())
def test_every_run_is_the_twins_and_books_what_is_expected(history):
    """C-29 … C-35: booked = expected but for what is claimable or has lapsed."""
    with fresh_register():
        register = follow(history)
        assert gaps(history, register) == claimable_or_lapsed()


@a_couple
@given(long_histories())
def test_claimable_entries_lapse(history):
    """C-31: until the end of the second calendar year after the benefit month's."""
    with fresh_register():
        register = follow(history)
        assert gaps(history, register) == claimable_or_lapsed()


def ledger_of(history: History) -> tuple:
    """Work a history; what the ledger comes to, and what may be claimed."""
    with fresh_register():
        for deliveries, month in history:
            deliver(*deliveries)
            settle(month)
        return booked(), exported(month, CLAIMABLE)


def parts(rows: Delivery) -> list[Delivery]:
    """A delivery as one for each person, identity code or municipality it names."""
    found: dict[str, Delivery] = {}
    for file, file_rows in rows.items():
        for row in file_rows:
            key = row["uma_number"] if "uma_number" in row else next(iter(row.values()))
            found.setdefault(key, {}).setdefault(file, []).append(row)
    return list(found.values())


@a_few
@given(histories(max_persons=4), st.randoms(use_true_random=False))
def test_splitting_and_reordering_deliveries_changes_no_sum(history, chance):
    """C-29: the ledger follows what is known, not how it came."""
    split = []
    for deliveries, month in history:
        pieces = [parts(rows) for rows in deliveries]
        for pieces_of_one in pieces:
            chance.shuffle(pieces_of_one)
        split.append(([piece for one in pieces for piece in one], month))
    assert ledger_of(split) == ledger_of(history)


@a_few
@given(histories(max_persons=4))
def test_running_a_month_again_before_approval_gives_the_same(history):
    """C-36, C-37: the draft is replaced, to the byte, and what it closed stands again."""
    with fresh_register():
        for deliveries, month in history:
            deliver(*deliveries)
            first = compute(month)
            before = texts(month), first.input_hash, first.lines_hash
            again = settle(month)
            assert (texts(month), again.input_hash, again.lines_hash) == before
