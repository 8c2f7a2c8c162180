"""Interest by half-yearly reference rates, and what a payment settles (P-07).

Pure: actual days over the actual days of the year, rounded half up to the cent at each payment. A
day bears interest if it is after the day that interest runs from; the day of payment still does.
What is paid settles interest first, then the principal; interest bears no interest.
"""

from __future__ import annotations

from calendar import isleap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from payments.recovery.policies import Policy

DAY = timedelta(days=1)


class RateMissing(ValueError):
    """No reference rate has been entered for a day."""

    def __init__(self, day: date) -> None:
        super().__init__(day.isoformat())
        self.day = day


@dataclass(frozen=True)
class HalfYear:
    """The rates of a half-year, both days inclusive; per cent a year."""

    first: date
    last: date
    reference: Decimal
    late: Decimal  # Interest Act § 4.1: reference + 7 points


@dataclass(frozen=True)
class Terms:
    """By which policy and from which days a case bears interest; none before it is decided."""

    policy: Policy
    paid_on: date | None
    due_on: date | None

    @property
    def begins_after(self) -> date | None:
        """The last day without interest."""
        if self.due_on is None or self.policy.points_before_due is None:
            return self.due_on
        return self.paid_on


@dataclass(frozen=True)
class TakenOff:
    """What was paid, set off or waived on a day, in cents."""

    day: date
    cents: int


@dataclass(frozen=True)
class Debt:
    """What is open on a day, in cents; `accrued` is all interest up to it, settled or not."""

    principal: int
    interest: int
    accrued: int

    @property
    def total(self) -> int:
        """Principal and interest."""
        return self.principal + self.interest


def debt_on(
    day: date,
    claimed: int,
    taken: Iterable[TakenOff],
    *,
    terms: Terms,
    rates: Sequence[HalfYear],
) -> Debt:
    """What of a claim (cents) is open on the day, after what was taken off it by then.

    Raises RateMissing if a day that bears interest on something has no rate.
    """
    principal, interest, accrued = claimed, 0, 0
    since = terms.begins_after
    until_day = sorted((one for one in taken if one.day <= day), key=lambda one: one.day)
    for one in [*until_day, TakenOff(day, 0)]:
        earned = _cents(_interest(principal, since, one.day, terms, rates)) if since else 0
        interest, accrued = interest + earned, accrued + earned
        of_interest = min(one.cents, interest)
        interest, principal = interest - of_interest, principal - (one.cents - of_interest)
        since = max(since, one.day) if since else None
    return Debt(principal, interest, accrued)


def _interest(
    principal: int, after: date, until: date, terms: Terms, rates: Sequence[HalfYear]
) -> Decimal:
    """Cents of interest from the day after a day to another, inclusive, not rounded."""
    if principal <= 0:
        return Decimal(0)
    return sum(
        (
            principal * percent * days / (100 * _days_of(year))
            for percent, days, year in _spells(after, until, terms, rates)
        ),
        Decimal(0),
    )


def _spells(
    after: date, until: date, terms: Terms, rates: Sequence[HalfYear]
) -> Iterator[tuple[Decimal, int, int]]:
    """Percentage, number of days and year of each spell of days with one rate."""
    day, due = after + DAY, terms.due_on
    while day <= until:
        row = _rate(day, rates)
        last = min(until, row.last, date(day.year, 12, 31))
        if due is not None and day <= due:
            last = min(last, due)
            percent = row.reference + (terms.policy.points_before_due or 0)
        else:
            percent = row.late
        yield percent, (last - day).days + 1, day.year
        day = last + DAY


def _rate(day: date, rates: Sequence[HalfYear]) -> HalfYear:
    for row in rates:
        if row.first <= day <= row.last:
            return row
    raise RateMissing(day)


def _days_of(year: int) -> int:
    return 366 if isleap(year) else 365


def _cents(amount: Decimal) -> int:
    return int(amount.quantize(Decimal(1), ROUND_HALF_UP))
