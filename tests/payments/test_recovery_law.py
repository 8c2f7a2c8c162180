"""Until when recoveries are decided, and which interest they bear: sentences of two laws (P-07)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payments.recovery.interest import HalfYear, RateMissing, TakenOff, Terms, debt_on
from payments.recovery.policies import (
    COMPENSATION,
    SUPPLEMENT,
    compensation_decide_by,
    supplement_decide_by,
)

D = date.fromisoformat
# The Bank of Finland's half-years as they were (reference_rates.csv).
RATES = [
    HalfYear(D(first), D(last), Decimal(reference), Decimal(late))
    for first, last, reference, late in [
        ("2023-01-01", "2023-06-30", "2.5", "9.5"),
        ("2023-07-01", "2023-12-31", "4.0", "11.0"),
        ("2024-01-01", "2024-06-30", "4.5", "11.5"),
        ("2024-07-01", "2024-12-31", "4.5", "11.5"),
        ("2025-01-01", "2025-06-30", "3.5", "10.5"),
    ]
]


@pytest.mark.parametrize(
    ("month", "last", "why"),
    [
        ("2024-11-01", "2029-12-31", "§ 71: the fifth calendar year after the year"),
        ("2024-12-01", "2029-12-31", "the last month of the year, the same day"),
        ("2025-01-01", "2030-12-31", "the first of the next, a year more"),
    ],
)
def test_a_compensation_is_recovered_within_five_calendar_years(month, last, why):
    assert compensation_decide_by(D(month)) == D(last), why


@pytest.mark.parametrize(
    ("known", "paid", "last", "why"),
    [
        ("2025-03-05", "2024-06-01", "2027-12-31", "two calendar years from knowing"),
        ("2025-12-31", "2024-06-01", "2027-12-31", "known on the last day of the year"),
        ("2026-01-01", "2024-06-01", "2028-12-31", "known a day later"),
        (
            "2025-03-05",
            "2016-06-01",
            "2026-06-01",
            "never after ten years from the last instalment",
        ),
        ("2025-03-05", "2016-02-29", "2026-02-28", "ten years from a leap day"),
    ],
)
def test_a_supplement_is_recovered_within_two_clocks(known, paid, last, why):
    assert supplement_decide_by(known_on=D(known), last_instalment_on=D(paid)) == D(last), why


def accrued(policy, day, *, due, paid=None, claimed=1_000_000, taken=()) -> int:
    terms = Terms(policy, paid and D(paid), due and D(due))
    return debt_on(D(day), claimed, taken, terms=terms, rates=RATES).accrued


@pytest.mark.parametrize(
    ("day", "due", "cents", "why"),
    [
        ("2024-03-31", "2024-03-31", 0, "paid on the due day"),
        ("2024-04-01", "2024-03-31", 314, "one day: 10 000 € × 11,5 % ÷ 366"),
        ("2024-12-31", "2023-12-31", 115_000, "a whole leap year: 11,5 %"),
        ("2023-06-30", "2022-12-31", 47_110, "181 days of 2023 at 9,5 %"),
        ("2023-07-01", "2022-12-31", 47_411, "and the first day of the next half-year at 11 %"),
        ("2023-12-31", "2023-06-30", 55_452, "184 days at 11 %"),
        ("2024-01-01", "2023-12-30", 616, "a day of 365 and a day of 366, two rates"),
        ("2024-03-01", "2024-02-28", 628, "29 February is a day too"),
        ("2025-06-30", None, 0, "not decided, no interest"),
    ],
)
def test_late_payment_interest_runs_from_the_due_day(day, due, cents, why):
    """Interest Act § 4.1, on 10 000,00 €."""
    assert accrued(COMPENSATION, day, due=due) == cents, why


@pytest.mark.parametrize(
    ("day", "due", "cents", "why"),
    [
        ("2024-01-31", "2024-03-31", 6_148, "from the payment: 30 days at 4,5 + 3 % of 366"),
        ("2024-03-31", "2024-03-31", 18_443, "90 days, up to the due day"),
        ("2024-04-30", "2024-03-31", 27_869, "then 30 days at 11,5 %"),
        ("2025-01-01", "2024-12-31", 74_795 + 288, "365 days at 7,5 % of 366, then 10,5 % of 365"),
        ("2024-04-30", None, 0, "not decided, no interest"),
    ],
)
def test_a_supplement_bears_interest_from_its_payment(day, due, cents, why):
    """688/2001: Interest Act § 3.2 and three points, then § 4.1; paid on 1.1.2024."""
    assert accrued(SUPPLEMENT, day, due=due, paid="2024-01-01") == cents, why


def test_so_little_of_a_supplement_may_be_left():
    assert (SUPPLEMENT.may_be_left_cents, COMPENSATION.may_be_left_cents) == (100_00, 0)


def test_a_payment_settles_interest_first():
    """30 days on 10 000 € are 94,26 €; of 1 094,26 € paid, 1 000 € are principal."""
    terms = Terms(COMPENSATION, None, D("2024-03-31"))
    paid = [TakenOff(D("2024-04-30"), 109_426)]
    debt = debt_on(D("2024-04-30"), 1_000_000, paid, terms=terms, rates=RATES)
    assert (debt.principal, debt.interest, debt.accrued) == (900_000, 0, 9_426)


def test_interest_is_not_guessed_where_no_rate_has_been_entered():
    with pytest.raises(RateMissing, match="2025-07-01"):
        accrued(COMPENSATION, "2025-07-01", due="2025-05-31")
    paid = [TakenOff(D("2025-06-30"), 2_000_000)]
    assert accrued(COMPENSATION, "2026-01-01", due="2025-06-30", taken=paid) == 0


days = st.dates(D("2024-01-01"), D("2025-06-30"))


@given(st.integers(1, 10**9), st.lists(st.tuples(days, st.integers(0, 10**8)), max_size=5), days)
def test_nothing_appears_or_is_lost(claimed, paid, due):
    """Claim and interest are what was taken off and what is open; paying earlier costs no more."""
    terms, end = Terms(COMPENSATION, None, due), D("2025-06-30")
    taken = [TakenOff(day, cents) for day, cents in paid]
    debt = debt_on(end, claimed, taken, terms=terms, rates=RATES)
    assert claimed + debt.accrued == sum(one.cents for one in taken) + debt.total
    full = debt_on(end, claimed, [], terms=terms, rates=RATES)
    assert 0 <= debt.accrued <= full.accrued + len(taken)
    assert debt.interest >= 0


@given(st.integers(1, 10**9), days, st.integers(0, 365))
def test_interest_grows_with_days(claimed, due, more):
    day = min(due + timedelta(days=more), D("2025-06-30"))
    earlier = accrued(COMPENSATION, due.isoformat(), due=due.isoformat(), claimed=claimed)
    assert (
        earlier == 0 <= accrued(COMPENSATION, day.isoformat(), due=due.isoformat(), claimed=claimed)
    )
