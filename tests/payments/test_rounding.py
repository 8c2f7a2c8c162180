"""A month is a twelfth of the year, rounded half up to the cent by the database (C-26)."""

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from payments.models import Rate

RESERVE = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
annual_amounts = st.decimals(min_value=0, max_value=9_999_999, places=2)


def monthly(annual: Decimal) -> Decimal:
    """EUR a month of a rate with this yearly amount, as the database has it."""
    rate = Rate.objects.order_by("pk").last()
    Rate.objects.filter(pk=rate.pk).update(annual_eur=annual)
    rate.refresh_from_db()
    return Decimal(rate.monthly_cents) / 100


@pytest.mark.parametrize(
    ("annual", "rounded"),
    [
        ("6845.00", "570.42"),  # 570.4166…
        ("0.06", "0.01"),  # half a cent goes up
        ("0.05", "0.00"),
        ("32.10", "2.68"),  # 2.675
        ("32.09", "2.67"),
    ],
)
def test_half_a_cent_goes_up(db, annual, rounded):
    assert monthly(Decimal(annual)) == Decimal(rounded)


@RESERVE
@given(annual=annual_amounts)
def test_a_month_is_the_twelfth_within_half_a_cent(db, annual):
    month = monthly(annual)
    assert abs(month - annual / 12) <= Decimal("0.005") + Decimal("1e-12")
    assert month == (annual / 12).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
