"""Values of a row as text: as they are shown, and as corrections keep them."""

from __future__ import annotations

from datetime import date

from django.utils.translation import get_language

from grants.lists.models import ListRow
from grants.lists.schema import COLUMNS, LANGUAGES, Column, Kind
from grants.lists.vocabulary import country_name


def page_language() -> str:
    """The language of the page among those of lists."""
    language = (get_language() or "fi")[:2]
    return language if language in LANGUAGES else "fi"


def day_written(day: date | None) -> str:
    """A day as 5.3.2022; nothing for none."""
    return f"{day.day}.{day.month}.{day.year}" if day else ""


def shown(row: ListRow, column: Column) -> str:
    """The value of a column as the page shows it, in its language; what means nothing as sent."""
    if column.name in row.raw:
        return str(row.raw[column.name])
    value = getattr(row, column.name)
    if value in (None, ""):
        return ""
    match column.kind:
        case Kind.DATE:
            return day_written(value)
        case Kind.COUNTRY:
            return country_name(value, page_language())
        case Kind.MUNICIPALITY:
            return str(value.name)
    return str(value)


def kept(row: ListRow, column: Column) -> str:
    """The value of a column in no language, as a correction keeps it; it can be read again."""
    if column.name in row.raw:
        return str(row.raw[column.name])
    value = getattr(row, column.name)
    if value in (None, ""):
        return ""
    match column.kind:
        case Kind.DATE:
            return day_written(value)
        case Kind.MUNICIPALITY:
            return f"{value.code} {value.name_fi}"
        case Kind.GROUND:
            return str(value.code)
    return str(value)


def header(column: str) -> str:
    """The header of a column in the language of the page."""
    return COLUMNS[column].header[page_language()]
