"""Values of a row as text: as they are shown, and as corrections keep them."""

from __future__ import annotations

from datetime import date

from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from grants.lists.languages import page_language
from grants.lists.models import ListRow
from grants.lists.schema import Column, Kind
from grants.lists.vocabulary import country_name


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


def for_file(row: ListRow, column: Column) -> object:
    """The value of a column for a workbook: days and years as such, all else as it is shown."""
    if column.name not in row.raw and column.kind in (Kind.DATE, Kind.YEAR):
        return getattr(row, column.name)
    return ILLEGAL_CHARACTERS_RE.sub("", shown(row, column))


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
