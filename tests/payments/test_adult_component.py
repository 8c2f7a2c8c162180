"""The adult component (C-25): twelve months from adulthood with a clock, from 2025."""

import pytest

from tests.payments.law import home, lines, months_with, paid_months, permit, resident

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("born", "moved_in", "window", "months", "why"),
    [
        ("1990-05-01", "2025-03-15", "2025-04 … 2026-03", 12, "C-25: from the next 1st"),
        ("1990-05-01", "2025-03-01", "2025-03 … 2026-02", 12, "C-25: clock on a 1st"),
        ("1990-05-01", "2024-06-10", "2025-01 … 2025-06", 6, "C-25: window from 7/2024"),
        ("1990-05-01", "2024-01-02", "2025-01 … 2025-01", 1, "C-25: its last month is 1/2025"),
        ("2007-08-20", "2025-03-15", "2025-09 … 2026-08", 12, "C-25: 18 on 20.8.2025"),
        ("2007-09-01", "2025-03-15", "2025-09 … 2026-08", 12, "C-25: 18 on a 1st"),
        ("2008-02-29", "2025-03-15", "2026-03 … 2027-02", 12, "C-25, C-24: 18 on 1.3.2026"),
        ("2008-03-01", "2025-03-15", "2026-03 … 2027-02", 12, "C-25: 18 on 1.3.2026"),
        ("2008-03-02", "2025-03-15", "2026-04 … 2027-03", 12, "C-25: 18 on 2.3.2026"),
        ("2008-05-20", "2025-03-15", "2026-06 … 2027-03", 10, "C-19: time ends before it"),
    ],
)
def test_the_twelve_months(born, moved_in, window, months, why):
    resident("A", born=born, moved_in=moved_in)
    found = months_with("A", "adult")
    assert (f"{found[0]} … {found[-1]}", len(found)) == (window, months), why


@pytest.mark.parametrize(
    ("born", "moved_in", "why"),
    [
        ("1990-05-01", "2024-01-01", "C-25: the window ended with 12/2024"),
        ("2010-01-01", "2025-03-15", "C-25: a child for the whole of the time"),
    ],
)
def test_no_adult_component(born, moved_in, why):
    assert months_with(resident("A", born=born, moved_in=moved_in), "adult") == [], why


def test_the_window_does_not_wait():
    """C-25: twelve consecutive months, though the person is away for three of them."""
    homes = [home("398", "2025-03-01", "2025-05-15"), home("398", "2025-08-10")]
    resident("A", moved_in="2025-03-01", homes=homes)
    assert months_with("A", "adult")[-1] == "2026-02"
    assert len(months_with("A", "adult")) == 9


def test_the_window_follows_the_clock_and_not_the_permit():
    """C-16, C-25: a student's home municipality started both."""
    permits = [permit("46", "2024-06-10"), permit("87", "2025-04-20")]
    resident("A", moved_in="2024-06-10", permits=permits)
    assert months_with("A", "adult") == ["2025-05", "2025-06"]
    assert paid_months("A")[-1] == "2027-06"


@pytest.mark.parametrize(
    ("town", "expected", "why"),
    [
        ("398", ["county 09 adult 6.08", "municipality 398 adult 645.08"], "C-23: mainland"),
        ("091", ["county 90 adult 6.08", "municipality 091 adult 645.08"], "C-22: Helsinki"),
        ("478", ["municipality 478 adult 6.33"], "C-23: Åland, no rate for ÅHS, so no line"),
    ],
)
def test_the_amounts(town, expected, why):
    resident("A", homes=[home(town, "2025-03-15")])
    assert [line for line in lines("A", "2025-06") if " adult " in line] == expected, why
