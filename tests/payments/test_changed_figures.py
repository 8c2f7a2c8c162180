"""Figures changed after months were approved: everyone in those months, and only those months."""

from datetime import date

import pytest

from payments.models import Rate
from payments.runs.exports import CLAIMABLE
from registry.models import Ground, Organisation
from tests.factories import municipality
from tests.payments.law import home, person_rows
from tests.payments.runs import compute, deliver, rows, settle

pytestmark = pytest.mark.django_db

SINCE = "2024-10-10"
ALAND, MAINLAND = [home("478", SINCE)], [home("398", SINCE)]


@pytest.fixture
def settled():
    """11/2024 … 2/2025 approved, for adults of Åland and of the mainland."""
    for uma, homes in (("A", ALAND), ("B", ALAND), ("M", MAINLAND)):
        deliver(person_rows(uma, moved_in=SINCE, homes=homes))
    for month in ("2024-11", "2024-12", "2025-01", "2025-02"):
        settle(month)


def rate(valid_from: date, valid_to: date, **change) -> Rate:
    """ÅHS's adult rate, which the law has not; 120.00 a year."""
    values = {
        "route": "automatic", "payee_kind": "aland_health", "region": "aland",
        "component": "adult", "min_age": 18, "annual_eur": "120.00", "source": "test",
    }  # fmt: skip
    return Rate.objects.create(**values | change, valid_from=valid_from, valid_to=valid_to)


def test_everyone_of_the_month_is_corrected(settled):
    """C-31: ÅHS was booked before in 1/2025, so the rise is booked."""
    rate(date(2025, 1, 1), date(2025, 1, 31))
    settle("2025-03")
    corrections = [row for row in rows("2025-03") if ",correction," in row]
    assert corrections == [
        f"2025-03,2025-01,{uma},aland_health,AHS,adult,correction,automatic,10.00" for uma in "AB"
    ]


def test_only_the_months_of_the_rate_are_looked_at_again(settled):
    rate(date(2025, 1, 1), date(2025, 1, 31))
    run = compute("2025-03")
    looked_at = set(run.assessments.values_list("benefit_month", flat=True))
    assert looked_at == {date(2025, 1, 1), date(2025, 3, 1)}  # C-29
    assert run.assessments.count() == 6


def test_a_payee_never_booked_may_claim(settled):
    """C-31: before 2025 ÅHS got nothing."""
    rate(date(2024, 12, 1), date(2024, 12, 31), component="base", min_age=0)
    settle("2025-03")
    assert [row for row in rows("2025-03") if ",correction," in row] == []
    assert [row.split(",")[:3] for row in rows("2025-03", CLAIMABLE)] == [
        ["2024-12", uma, "aland_health"] for uma in "AB"
    ]


def test_the_next_run_has_nothing_left_to_correct(settled):
    rate(date(2025, 1, 1), date(2025, 1, 31))
    settle("2025-03")
    run = settle("2025-04")
    assert not run.lines.filter(kind="correction").exists()
    assert not run.assessments.filter(benefit_month__lt=run.month).exists()


def test_a_future_rate_looks_at_no_month_again(settled):
    rate(date(2025, 4, 1), date(2025, 4, 30))
    run = compute("2025-03")
    assert not run.assessments.filter(benefit_month__lt=run.month).exists()


def test_a_changed_ground_looks_at_every_month_again(settled):
    """Grounds count in every month: here 87 § is in scope only from 12/2024."""
    Ground.objects.filter(code="87").update(in_scope_from=date(2024, 12, 1))
    settle("2025-03")
    corrected = {row.split(",")[1] for row in rows("2025-03") if ",correction," in row}
    assert corrected == {"2024-11"}


def test_a_merger_entered_late_looks_at_its_months_again(settled):
    """C-21: Lahti into Helsinki from 2025, entered in March; the successor never was booked."""
    Organisation.objects.filter(pk=municipality("398").pk).update(
        valid_to=date(2024, 12, 31), merged_into=municipality("091")
    )
    settle("2025-03")
    corrected = {tuple(row.split(",")[1:5:3]) for row in rows("2025-03") if ",correction," in row}
    months = ("2025-01", "2025-02")
    assert corrected == {(month, payee) for month in months for payee in ("398", "09")}
    assert {row[:7] for row in rows("2025-03", CLAIMABLE)} == set(months)
