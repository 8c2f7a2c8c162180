"""How a run's total follows from last month's, in naive form: everybody compared, one by one.

Whether a figure changed by age, adult component, rate or agreement is not told apart here.
"""

from collections import Counter
from dataclasses import replace
from datetime import date
from typing import NamedTuple, TypeAlias

from .law import (
    ALAND_HEALTH_FROM,
    Case,
    Line,
    assess_month,
    municipality_on_day,
    payees,
    residence_on_day,
)
from .register import Reference, Register

Payee: TypeAlias = tuple[str, str]


class Slot(NamedTuple):
    """One of a person's two payees in a month, and the sum for it in cents."""

    payee: Payee
    cents: int


Slots: TypeAlias = dict[str, Slot]
Changes: TypeAlias = Counter[tuple[str, Payee]]


def compared(
    before: Register, now: Register, last_month: date, month: date, reference: Reference
) -> Changes:
    """Cents by step and payee from the last run's regular lines to this run's."""
    booked, known, due = (
        slots_by_person(register, reference, day, month)
        for register, day in ((before, last_month), (now, last_month), (now, month))
    )
    changes: Changes = Counter()
    for uma in booked.keys() | known.keys() | due.keys():
        for slot in ("municipality", "county"):
            was, is_known, is_due = (found.get(uma, {}).get(slot) for found in (booked, known, due))
            add_late(changes, was, is_known)
            add_steps(changes, is_known, is_due)
    return Counter({key: cents for key, cents in changes.items() if cents})


def add_late(changes: Changes, was: Slot | None, known: Slot | None) -> None:
    """What last month should have been, as known now, less what was booked."""
    if was:
        changes["late", was.payee] -= was.cents
    if known:
        changes["late", known.payee] += known.cents


def add_steps(changes: Changes, known: Slot | None, due: Slot | None) -> None:
    """New, left, moved; and by other figures at the payee of this month."""
    if known is None and due is not None:
        changes["new", due.payee] += due.cents
    if known is not None and due is None:
        changes["left", known.payee] -= known.cents
    if known is None or due is None:
        return
    if known.payee != due.payee:
        changes["moved_away", known.payee] -= known.cents
        changes["moved_in", due.payee] += known.cents
    changes["figures", due.payee] += due.cents - known.cents


def slots_by_person(
    register: Register, reference: Reference, day: date, month: date
) -> dict[str, Slots]:
    """Who is paid for everybody in a month, by the payee of the run month's first day (C-33)."""
    case = Case(register, reference, day)
    assessed = assess_month(register, reference, day)
    return {
        uma: slots(case, uma, assessed[uma].lines, month)
        for uma in assessed
        if assessed[uma].reason is None
    }


def slots(case: Case, uma: str, lines: tuple[Line, ...], month: date) -> Slots:
    """The municipality and the county of a person-month that is paid, with their sums."""
    residence = residence_on_day(case, case.register.persons[uma])
    assert residence is not None, "who is paid lives somewhere (C-06)"
    town = municipality_on_day(case.reference, residence.municipality_code, case.day)
    # A payee that gets nothing yet is a payee all the same: what it gets later is a new rate.
    ever = replace(case, day=max(case.day, ALAND_HEALTH_FROM))
    sums: Counter[Payee] = Counter()
    for line in lines:
        sums[line.payee_kind, line.payee_code] += line.cents
    return {
        "municipality" if kind == "municipality" else "county": Slot(
            today(case.reference, (kind, code), month), sums[kind, code]
        )
        for kind, code in payees(ever, town)
    }


def today(reference: Reference, payee: Payee, month: date) -> Payee:
    """Who is paid in the payee's place on the run month's first day."""
    kind, code = payee
    if kind != "municipality":
        return payee
    return kind, municipality_on_day(reference, code, month).code
