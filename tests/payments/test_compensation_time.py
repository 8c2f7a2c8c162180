"""Compensation time (C-16 … C-19): from when to when a person is paid for."""

import pytest

from tests.payments.law import family_of, home, outcome, paid_months, permit, resident

pytestmark = pytest.mark.django_db

QUOTA, REFUGEE, STUDENT = "90", "87", "46"


@pytest.mark.parametrize(
    ("start", "first", "last", "payments", "why"),
    [
        ("2025-03-15", "2025-04", "2027-03", 24, "C-18: from 2025, two years"),
        ("2025-03-01", "2025-03", "2027-02", 24, "C-19: start on the 1st, 24 payments exactly"),
        ("2025-03-02", "2025-04", "2027-03", 24, "C-19: start on the 2nd, the same number"),
        ("2025-01-01", "2025-01", "2026-12", 24, "C-18: the first day of two years"),
        ("2024-12-31", "2025-01", "2027-12", 36, "C-18: the last day of three years"),
        ("2024-02-29", "2024-03", "2027-02", 36, "C-19: from 29 February to 1 March"),
        ("2023-03-01", "2023-03", "2026-02", 36, "C-19: three years from the 1st, 36 payments"),
    ],
)
def test_ordinary_time(start, first, last, payments, why):
    months = paid_months(resident("A", moved_in=start))
    assert (months[0], months[-1], len(months)) == (first, last, payments), why


@pytest.mark.parametrize(
    ("start", "last", "why"),
    [
        ("2025-03-01", "2028-02", "C-18: quota from 2025, three years"),
        ("2024-12-31", "2028-12", "C-18: quota before 2025, four years"),
        ("2024-03-01", "2028-02", "C-19: four years from the 1st, 48 payments"),
        ("2024-02-29", "2028-02", "C-19: 29 February to 29 February, four years on"),
    ],
)
def test_time_of_a_quota_refugee(start, last, why):
    resident("A", moved_in=start, permits=[permit(QUOTA, start)])
    assert paid_months("A")[-1] == last, why


def test_the_clock_ends_on_1_march_when_there_is_no_29_february():
    resident("A", moved_in="2024-02-29")
    assert outcome("A", "2025-01").clock_end.isoformat() == "2027-03-01"  # C-19


@pytest.mark.parametrize(
    ("permits", "group", "why"),
    [
        ([(REFUGEE, "")], "ordinary", "C-17: asylum"),
        ([(QUOTA, "")], "quota", "C-17: quota"),
        ([(QUOTA, "2025-03-20"), (REFUGEE, "")], "quota", "C-17: ever, though it has ended"),
    ],
)
def test_group_of_own_permits(permits, group, why):
    resident("A", permits=[permit(ground, "2025-03-15", end) for ground, end in permits])
    assert outcome("A", "2025-04").group == group, why


@pytest.mark.parametrize(
    ("principals_ground", "tie", "group", "why"),
    [
        (QUOTA, "true", "quota_family", "C-17: family of a quota refugee"),
        (QUOTA, "false", "ordinary", "C-17: the tie came after arrival"),
        (QUOTA, "", "ordinary", "C-17: an unknown tie counts as no"),
        (REFUGEE, "true", "ordinary", "C-17: family of another refugee"),
    ],
)
def test_group_of_family(principals_ground, tie, group, why):
    resident("P", permits=[permit(principals_ground, "2025-01-01")])
    resident("A", permits=[family_of("P", "2025-03-15", tie=tie), permit(REFUGEE, "2025-03-15")])
    assert outcome("A", "2025-04").group == group, why


def test_only_a_family_permit_makes_quota_family():
    resident("P", permits=[permit(QUOTA, "2025-01-01")])
    resident("A", permits=[permit(REFUGEE, "2025-03-15", principal="P", tie="true")])
    assert outcome("A", "2025-04").group == "ordinary"  # C-17


@pytest.mark.parametrize(
    ("homes", "start", "why"),
    [
        ([home("398", "2025-03-15")], "2025-03-15", "C-16: the only entry"),
        (
            [home("398", "2023-05-01", "2023-05-31"), home("091", "2025-02-01")],
            "2023-05-01",
            "C-16: the first ever, though it ended long ago",
        ),
        (
            [home("091", "2025-02-01"), home("398", "2023-05-01", "2023-05-31")],
            "2023-05-01",
            "C-16: the order of delivery says nothing",
        ),
    ],
)
def test_the_clock_starts_on_the_first_home_municipality(homes, start, why):
    resident("A", homes=homes, permits=[permit(REFUGEE, "2023-01-01")])
    assert outcome("A", "2025-04").clock_start.isoformat() == start, why


def test_the_clock_runs_on_while_abroad():
    homes = [home("398", "2025-03-01", "2025-06-15"), home("398", "2026-02-01")]
    resident("A", moved_in="2025-03-01", homes=homes)
    months = paid_months("A")
    assert months[:5] == ["2025-03", "2025-04", "2025-05", "2025-06", "2026-02"]  # C-06
    assert months[-1] == "2027-02"  # C-16: neither restarted nor paused


def test_the_clock_starts_whatever_permit_was_held_then():
    homes = [home("398", "2021-09-01")]
    permits = [permit(STUDENT, "2021-09-01", "2024-01-31"), permit(REFUGEE, "2024-02-01")]
    resident("A", homes=homes, permits=permits)
    assert paid_months("A") == [f"2024-0{n}" for n in range(2, 9)]  # C-16, C-18: to 1.9.2024


def test_a_clock_from_before_the_law_has_no_length():
    resident("A", moved_in="2011-08-31")
    assert paid_months("A") == []  # C-18
