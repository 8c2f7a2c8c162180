"""How money, days and months are written on pages; in every template without loading."""

from __future__ import annotations

from datetime import date, datetime

from django import template
from django.utils.timezone import localtime

from config.lib import money
from config.lib.months import Month

register = template.Library()


@register.filter
def eur(cents: int | None) -> str:
    """Cents as `1 234,56 €`; nothing for None."""
    return "" if cents is None else money.finnish(cents)


@register.filter
def day(value: date | None) -> str:
    """A day as `5.3.2025`; a moment with its time in Finland, `5.3.2025 14.05`."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = localtime(value)
        return f"{value.day}.{value.month}.{value.year}\N{NO-BREAK SPACE}{value:%H.%M}"
    return f"{value.day}.{value.month}.{value.year}"


@register.filter
def month(value: date | Month | None) -> str:
    """A month as `3/2025`."""
    if value is None:
        return ""
    return f"{value.number if isinstance(value, Month) else value.month}/{value.year}"


@register.filter
def number(value: int | None) -> str:
    """A whole number with its thousands apart: `12 345`."""
    return "" if value is None else f"{value:,}".replace(",", "\N{NO-BREAK SPACE}")
