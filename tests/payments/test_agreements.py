"""The municipality's agreement (C-27), and how every person-month ends (C-28)."""

import pytest

from config.lib.months import Month
from payments.entitlement.assess import month_assess
from tests.payments.law import agreement, home, lines, outcome, permit, resident

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("agreements", "has_one", "why"),
    [
        ([], True, "C-27: no record at all counts as having one"),
        ([("398", "2011-09-01", "")], True, "C-27: in force"),
        ([("398", "2011-09-01", "2025-06-01")], True, "C-27: the last day counts"),
        ([("398", "2011-09-01", "2025-05-31")], False, "C-27: ended the day before d"),
        ([("398", "2025-06-02", "")], False, "C-27: begins the day after d"),
        ([("398", "2025-06-01", "")], True, "C-27: begins on d"),
        ([("091", "2011-09-01", "2020-12-31")], True, "C-27: another town's ended"),
        (
            [("398", "2011-09-01", "2025-05-15"), ("398", "2025-05-20", "")],
            True,
            "C-27: one of several is in force",
        ),
    ],
)
def test_agreement_in_force(agreements, has_one, why):
    resident("A")
    for town, valid_from, valid_to in agreements:
        agreement(town, valid_from, valid_to)
    assert outcome("A", "2025-06").without_agreement != has_one, why


def test_without_an_agreement_the_county_goes_on():
    resident("A", born="2010-01-01")
    agreement("398", "2011-09-01", "2025-05-31")
    assert lines("A", "2025-06") == ["county 09 base 91.42"]  # C-27, A15


def test_without_an_agreement_ahs_goes_on():
    resident("A", homes=[home("478", "2025-03-15")])
    agreement("478", "2011-09-01", "2025-05-31")
    assert lines("A", "2025-06") == ["aland_health AHS base 45.00"]  # C-27, A15


@pytest.mark.parametrize(("town", "without"), [("588", False), ("507", True)])
def test_after_a_merger_the_successors_agreement_counts(town, without):
    """C-21, C-27: Pertunmaa's agreement ended with it; what counts in 2025 is Mäntyharju's."""
    resident("A", homes=[home("588", "2025-01-10")])
    agreement(town, "2011-09-01", "2024-12-31")
    assert outcome("A", "2025-06").without_agreement == without


def test_before_a_merger_the_municipalitys_own_agreement_counts():
    resident("A", moved_in="2024-01-10", homes=[home("588", "2024-01-10")])
    agreement("588", "2011-09-01", "2024-05-31")
    assert outcome("A", "2024-06").without_agreement


def test_every_person_month_ends_once():
    """C-28: lines for every payee, lines without the municipality's, or one reason."""
    resident("A")
    resident("B", homes=[home("091", "2025-03-15")])
    resident("C", permits=[permit("46", "2025-03-15")])
    agreement("091", "2011-09-01", "2025-05-31")
    found = month_assess(Month.parse("2025-06"), lines=None, unpaid=None)
    assert (found.assessed, found.paid, found.lines) == (3, 2, 4 + 2)


def test_the_facts_used_are_kept():
    """C-28: permit, group, clock and end, so that every refusal can be explained too."""
    resident("A", permits=[permit("46", "2025-03-15")])
    found = outcome("A", "2025-06")
    kept = (found.permit, found.group, str(found.clock_start), str(found.clock_end))
    assert kept == ("A-1", "ordinary", "2025-03-15", "2027-03-15")
