"""Money in cents and months as values."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.lib import money
from config.lib.months import Month, NotAMonth

cents = st.integers(min_value=-(10**12), max_value=10**12)
months = st.builds(Month, st.integers(1000, 3000), st.integers(1, 12))


@given(cents)
def test_euros_and_back(amount):
    assert int(money.euros(amount) * 100) == amount
    assert str(money.euros(amount))[-3] == "."


@pytest.mark.parametrize(
    ("amount", "written"),
    [
        (0, "0,00\xa0€"),
        (5, "0,05\xa0€"),
        (123456, "1\xa0234,56\xa0€"),
        (-123456789, "−1\xa0234\xa0567,89\xa0€"),
    ],
)
def test_money_as_people_read_it(amount, written):
    assert money.finnish(amount) == written


@given(cents)
def test_written_money_holds_the_amount(amount):
    digits = money.finnish(amount).replace("\xa0", "").replace("−", "-").removesuffix("€")
    assert Decimal(digits.replace(",", ".")) == money.euros(amount)


@given(months)
def test_a_written_month_reads_back(month):
    assert Month.parse(str(month)) == month
    assert Month.of(month.first_day) == month


@given(months, st.integers(-5000, 5000))
def test_months_count_as_numbers_do(month, number):
    assert (month + number) - month == number
    assert month + number + -number == month
    assert ((month + number) < month) == (number < 0)


@pytest.mark.parametrize(
    ("month", "number", "then"),
    [("2025-12", 1, "2026-01"), ("2025-01", -1, "2024-12"), ("2024-02", 24, "2026-02")],
)
def test_months_pass_the_turn_of_the_year(month, number, then):
    assert str(Month.parse(month) + number) == then


def test_a_month_covers_its_days():
    assert Month.of(date(2024, 2, 29)).first_day == date(2024, 2, 1)


@pytest.mark.parametrize(
    "text",
    ["", "2025", "2025-13", "2025-00", "0000-01", "2025-1", "25-01", "2025-01-01", " 2025-01",
     "2025-01\n", "٢٠٢٥-٠١"],
)  # fmt: skip
def test_what_is_not_a_month_is_refused_with_an_example(text):
    with pytest.raises(NotAMonth, match="write it like 2025-03"):
        Month.parse(text)
