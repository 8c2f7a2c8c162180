"""Payees and rates (C-21 … C-24, C-26, C-32): who is paid, and how much to the cent."""

import pytest

from payments.models import Rate
from tests.payments.law import family_of, home, lines, payees, permit, resident

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("town", "month", "expected", "why"),
    [
        ("398", "2022-12", ["398"], "C-22: before 2023 the municipality alone"),
        ("398", "2023-01", ["09", "398"], "C-22: from 2023 the county too"),
        ("091", "2023-01", ["90", "091"], "C-22: Helsinki is its own county, both lines"),
        ("478", "2023-01", ["478"], "C-22: no county in Åland"),
        ("478", "2024-12", ["478"], "C-22: nor ÅHS before 2025"),
        ("478", "2025-01", ["AHS", "478"], "C-22: ÅHS from 2025"),
    ],
)
def test_payees(town, month, expected, why):
    resident("A", moved_in="2022-11-01", homes=[home(town, "2022-11-01")])
    assert payees("A", month) == expected, why


@pytest.mark.parametrize(
    ("month", "expected", "why"),
    [
        ("2024-12", ["10", "588"], "C-21: Pertunmaa, still itself"),
        ("2025-01", ["10", "507"], "C-21: Mäntyharju from the day of the merger"),
    ],
)
def test_a_merged_municipality_is_replaced_by_its_successor(month, expected, why):
    resident("A", moved_in="2024-09-01", homes=[home("588", "2024-09-01")])
    found = payees("A", month)
    assert [code for code in found if len(code) == 3] == expected[1:], why


def test_the_municipality_is_the_one_of_the_entry_covering_d():
    homes = [home("398", "2025-03-15", "2025-05-31"), home("091", "2025-06-01")]
    resident("A", homes=homes)
    assert payees("A", "2025-05") == ["09", "398"]
    assert payees("A", "2025-06") == ["90", "091"]  # C-21


@pytest.mark.parametrize(
    ("town", "born", "month", "expected", "why"),
    [
        ("398", "2017-11-02", "2024-12", ["28.75", "162.92"], "C-24: seven"),
        ("398", "2018-12-02", "2024-12", ["28.50", "541.92"], "C-24: not yet seven"),
        ("398", "2018-01-01", "2025-01", ["91.42", "171.00"], "C-24: seven on d counts"),
        ("398", "2018-01-02", "2025-01", ["79.00", "228.42"], "C-24: seven tomorrow"),
        ("478", "2018-01-02", "2025-01", ["44.33", "263.08"], "C-23: Åland under seven"),
        ("478", "2018-01-01", "2025-01", ["45.00", "217.42"], "C-23: Åland from seven"),
        ("478", "2018-01-01", "2024-12", ["570.42"], "C-23: Åland before 2025"),
        ("398", "2020-02-29", "2022-12", ["570.42"], "C-26: 6845 / 12 = 570.4166…"),
        ("398", "1950-01-01", "2022-12", ["191.67"], "C-26: 2300 / 12 = 191.666…"),
    ],
)
def test_rates(town, born, month, expected, why):
    resident("A", born=born, moved_in="2022-11-01", homes=[home(town, "2022-11-01")])
    base = [line for line in lines("A", month) if " base " in line]
    assert [line.split()[-1] for line in base] == expected, why


@pytest.mark.parametrize(
    ("month", "under_seven", "why"),
    [
        ("2027-02", True, "C-24: born on 29 February 2020, seven on 1 March 2027"),
        ("2027-03", False, "C-24: the birthday on d counts"),
    ],
)
def test_born_on_29_february(month, under_seven, why):
    resident("P", permits=[permit("90", "2024-01-01")])
    family = family_of("P", "2025-03-15")
    resident("A", born="2020-02-29", permits=[family])
    assert ("county 09 base 79.00" in lines("A", month)) == under_seven, why


def test_a_month_before_birth_has_no_rate():
    """C-24: nobody has completed years before they are born, and no rate is for fewer than none."""
    resident("A", born="2025-06-15", moved_in="2025-05-15")
    assert lines("A", "2025-06") == []


@pytest.mark.parametrize(
    ("annual", "monthly", "why"),
    [
        ("120.00", 1000, "C-26: even"),
        ("120.06", 1001, "C-26: 10.005 is half a cent, up"),
        ("120.05", 1000, "C-26: 10.00416… down"),
        ("120.07", 1001, "C-26: 10.00583… up"),
    ],
)
def test_a_month_is_a_twelfth_rounded_half_up(annual, monthly, why):
    rate = Rate.objects.first()
    rate.annual_eur = annual
    rate.save()
    rate.refresh_from_db()
    assert rate.monthly_cents == monthly, why


@pytest.mark.parametrize(
    ("routes", "expected", "why"),
    [
        ([], ["county 09 base 28.75", "municipality 398 base 162.92"], "no claim"),
        (
            [("398", "reduced")],
            ["county 09 base 28.75", "municipality 398 base 124.67"],
            "C-32: the payee of the claim, at the reduced rates",
        ),
        (
            [("398", "reduced"), ("09", "reduced")],
            ["county 09 base 22.00", "municipality 398 base 124.67"],
            "C-32: each payee for itself",
        ),
        (
            [("398", "claim")],
            ["county 09 base 28.75", "municipality 398 base 162.92"],
            "C-32: a claim in time is at the normal rates",
        ),
    ],
)
def test_a_month_once_paid_through_a_claim_keeps_the_rates_of_its_route(routes, expected, why):
    resident("A", moved_in="2024-09-20")
    assert lines("A", "2024-12", routes=routes) == expected, why


def test_the_reduced_route_has_no_adult_component():
    assert not Rate.objects.filter(route="reduced", component="adult").exists()  # C-32
