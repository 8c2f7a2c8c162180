"""Banking days: what is due on another day is due on the next of them."""

from __future__ import annotations

from datetime import date, timedelta

import holidays

SATURDAY = 5


def on_banking_day(day: date) -> date:
    """The day itself or the next banking day."""
    while not is_banking_day(day):
        day += timedelta(days=1)
    return day


def banking_days_after(day: date, count: int) -> date:
    """The day so many banking days later."""
    for _number in range(count):
        day = on_banking_day(day + timedelta(days=1))
    return day


def is_banking_day(day: date) -> bool:
    """Whether banks in Finland work and euros move: no weekend, public holiday or TARGET closing."""
    return day.weekday() < SATURDAY and day not in _finnish and day not in _target


_finnish = holidays.country_holidays("FI")
_target = holidays.financial_holidays("ECB")
