"""Months in addresses, and the parameters of a page's address."""

from __future__ import annotations

from datetime import date

from django.http import Http404, HttpRequest
from django.urls import register_converter

from config.lib.months import Month

FIRST_YEAR, LAST_YEAR = 2000, 2099


class MonthConverter:
    """`<month:name>`: a month of this century written YYYY-MM, given to the view as Month."""

    regex = "20[0-9]{2}-(?:0[1-9]|1[0-2])"

    def to_python(self, value: str) -> Month:
        return Month.parse(value)

    def to_url(self, value: Month | date) -> str:
        return str(value if isinstance(value, Month) else Month.of(value))


class FiletypeConverter:
    """`<filetype:name>`: how a table is written as a file."""

    regex = "csv|xlsx"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(MonthConverter, "month")
register_converter(FiletypeConverter, "filetype")


def neighbours(month: Month) -> tuple[Month | None, Month | None]:
    """The months before and after, as far as addresses go."""
    before, after = month + -1, month + 1
    return (
        before if before.year >= FIRST_YEAR else None,
        after if after.year <= LAST_YEAR else None,
    )


def whole_number(request: HttpRequest, name: str) -> int | None:
    """A whole number of the query string, None where it is not given. Raises Http404."""
    text = request.GET.get(name)
    if text is None:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) <= 18):
        raise Http404
    return int(text)
