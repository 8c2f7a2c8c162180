"""One person, one month (C-01 … C-09): the first reason that holds stops the assessment."""

import pytest

from config.lib.months import Month
from payments.entitlement.assess import month_assess
from tests.payments.law import (
    home,
    lines,
    paid_months,
    permit,
    reason,
    resident,
)
from tests.payments.loading import load

pytestmark = pytest.mark.django_db

OVER = [permit("87", "2025-03-15", "2025-05-31")]


@pytest.mark.parametrize(
    ("facts", "expected", "why"),
    [
        ({}, "paid", "nothing stands in the way"),
        ({"died": "2025-05-31"}, "deceased", "C-03: died before d"),
        ({"died": "2025-06-01"}, "paid", "C-03: a death on d itself, the month is paid"),
        ({"citizen_from": "2025-06-01"}, "finnish_citizen", "C-04: a citizen from d"),
        ({"citizen_from": "2025-06-02"}, "paid", "C-04: a citizen from the day after"),
        ({"code": "", "homes": []}, "no_identity_code", "C-05: to manual allocation"),
        ({"homes": []}, "no_home_municipality", "C-06: never had one"),
        (
            {"homes": [home("398", "2025-06-02")]},
            "no_home_municipality",
            "C-06: moves in the day after d",
        ),
        ({"homes": [home("398", "2025-06-01")]}, "paid", "C-06: moves in on d"),
        ({"homes": [home("398", "2025-03-15", "2025-06-01")]}, "paid", "C-06: last day counts"),
        (
            {"homes": [home("398", "2025-03-15", "2025-05-31")]},
            "no_home_municipality",
            "C-06: left the day before d",
        ),
        ({"permits": OVER}, "no_valid_permit", "C-07: ended the day before d"),
        (
            {"permits": [permit("87", "2025-03-15", "2025-06-01")]},
            "paid",
            "C-07: the last day counts",
        ),
        (
            {"permits": [permit("87", "2025-06-02")]},
            "no_valid_permit",
            "C-07: begins the day after d",
        ),
        ({"permits": [permit("46", "2025-03-15")]}, "ground_out_of_scope", "C-08: a student"),
        ({"moved_in": "2022-06-01"}, "time_used_up", "C-09: three years are over on d"),
        ({"moved_in": "2022-06-02"}, "paid", "C-09: three years are over the day after"),
    ],
)
def test_reasons(facts, expected, why):
    assert reason(resident("A", **facts), "2025-06") == expected, why


FAULTS = {
    "deceased": {"died": "2025-05-31"},
    "finnish_citizen": {"citizen_from": "2025-06-01"},
    "no_home_municipality": {"homes": [home("398", "2022-01-01", "2025-05-31")]},
    "no_valid_permit": {"permits": OVER},
}


@pytest.mark.parametrize("first", range(len(FAULTS)))
def test_the_first_reason_stops_the_assessment(first):
    """C-03 before C-04 before C-06 before C-07: each hides those after it."""
    later = dict(list(FAULTS.items())[first:])
    facts = {name: fact for fault in reversed(later.values()) for name, fact in fault.items()}
    assert reason(resident("A", **facts), "2025-06") == next(iter(later))


@pytest.mark.parametrize(
    ("facts", "expected", "why"),
    [
        (
            {"code": "", "homes": [], "permits": OVER},
            "no_identity_code",
            "C-05 before C-06 and C-07",
        ),
        (
            {"moved_in": "2020-01-01", "permits": [permit("46", "2020-01-01")]},
            "ground_out_of_scope",
            "C-08 before C-09",
        ),
    ],
)
def test_the_order_of_the_others(facts, expected, why):
    assert reason(resident("A", **facts), "2025-06") == expected, why


def test_uma_and_the_population_register_are_joined_by_the_identity_code():
    """C-01: facts of another code are another person's."""
    load({"vtj_residences.csv": [home("091", "2025-03-01") | {"personal_identity_code": "X"}]})
    resident("A", homes=[])
    resident("B", homes=[], code="X")
    assert reason("A", "2025-06") == "no_home_municipality"
    assert lines("B", "2025-06")[0].startswith("county 90")


def test_only_persons_with_a_permit_are_assessed():
    resident("A", permits=[])
    resident("B")
    found = month_assess(Month.parse("2025-06"), lines=None, unpaid=None)
    assert found.assessed == 1  # C-02


def test_a_death_after_citizenship_is_still_a_death():
    resident("A", died="2025-04-30", citizen_from="2025-02-01")
    assert [reason("A", f"2025-0{n}") for n in (4, 5)] == ["finnish_citizen", "deceased"]


def test_a_gap_between_permits_is_not_paid():
    permits = [permit("87", "2025-03-15", "2025-07-31"), permit("54", "2025-09-10")]
    assert paid_months(resident("A", permits=permits))[4:6] == ["2025-10", "2025-11"]  # C-07
