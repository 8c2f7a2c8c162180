"""A workbook's list: its stamp, its header wherever it stands, and its rows (G-09, G-10).

Runs in the process that reads workbooks (`reading.child`), without Django and without secrets.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import Any

from python_calamine import CalamineSheet, CalamineWorkbook, SheetTypeEnum

from grants.lists.schema import MAX_ROWS, STAMP_SHEET, Column, folded, headers_of
from grants.lists.values import Cell, has_identity_code

HEADER_WITHIN = 50  # rows of a sheet's beginning
STAMP_LINES, STAMP_LONGEST = 8, 400


@dataclass(frozen=True)
class Sought:
    """What is looked for in a workbook: names of columns by header, how much of a cell is read."""

    headers: dict[str, str]
    longest: int  # what is longer is no value of a list

    @classmethod
    def of(cls, columns: Sequence[Column]) -> Sought:
        """What is looked for where a list has these columns."""
        return cls(headers_of(columns), max(column.longest for column in columns))


@dataclass
class Read:
    """What was read; `missing` are columns without a header, `code_in` a row with an identity code."""

    stamp: list[str] = field(default_factory=list)
    found_header: bool = False
    missing: list[str] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    rows: list[list[Cell]] = field(default_factory=list)
    code_in: int | None = None
    too_many: bool = False


@dataclass(frozen=True)
class Header:
    """The header of a list: its row's index, and the index of each column by name."""

    row: int
    places: dict[str, int]


def workbook_read(path: str, sought: Sought) -> Read:
    """Read the list that is sought from a workbook."""
    with CalamineWorkbook.from_path(path) as book:
        read = Read(stamp=_stamp(book))
        names = sought.headers
        sheet, header = _list_sheet(book, names)
        if sheet is None or header is None:
            return read
        read.found_header = True
        wanted = dict.fromkeys(names.values())
        read.columns = [name for name in wanted if name in header.places]
        read.missing = [name for name in wanted if name not in header.places]
        if not read.missing:
            _rows_read(sheet, header, read, sought.longest)
        return read


def _stamp(book: CalamineWorkbook) -> list[str]:
    if STAMP_SHEET not in book.sheet_names:
        return []
    rows = book.get_sheet_by_name(STAMP_SHEET).to_python(nrows=STAMP_LINES)
    return [str(row[1])[:STAMP_LONGEST] for row in rows if len(row) > 1]


def _list_sheet(
    book: CalamineWorkbook, names: dict[str, str]
) -> tuple[CalamineSheet | None, Header | None]:
    """The sheet whose header has the most columns, the first of equals."""
    best: tuple[CalamineSheet | None, Header | None] = (None, None)
    most = 1  # a single word of ours is no header
    for meta in book.sheets_metadata:
        if meta.name == STAMP_SHEET or meta.typ != SheetTypeEnum.WorkSheet:
            continue
        sheet = book.get_sheet_by_name(meta.name)
        header = _header(sheet, names)
        if header and len(header.places) > most:
            best, most = (sheet, header), len(header.places)
        if most == len(set(names.values())):
            break
    return best


def _header(sheet: CalamineSheet, names: dict[str, str]) -> Header | None:
    rows = sheet.to_python(skip_empty_area=False, nrows=HEADER_WITHIN)
    found = [_header_of(number, row, names) for number, row in enumerate(rows)]
    return max(found, key=lambda header: len(header.places), default=None)


def _header_of(number: int, row: Sequence[Any], names: dict[str, str]) -> Header:
    places: dict[str, int] = {}
    for place, value in enumerate(row):
        name = names.get(folded(value).rstrip(" *")) if isinstance(value, str) else None
        if name:
            places.setdefault(name, place)
    return Header(number, places)


def _rows_read(sheet: CalamineSheet, header: Header, read: Read, longest: int) -> None:
    """Read the rows below the header that say something in one of the list's columns."""
    places = [header.places[name] for name in read.columns]
    filled = list(_filled_rows(sheet, header, places))
    read.code_in = _code_in(filled)
    for number, row in filled:
        cells = [_cell(row[place], longest) for place in places]
        if any(cell is not None for cell in cells):
            read.lines.append(number + 1)
            read.rows.append(cells)
        if len(read.rows) > MAX_ROWS:
            read.too_many = True
            return


def _filled_rows(
    sheet: CalamineSheet, header: Header, places: list[int]
) -> Iterator[tuple[int, list[Any]]]:
    """Rows below the header by their index; of merged cells, each row has their value.

    A row that says nothing but a merged cell's value is none.
    """
    rows = sheet.to_python(skip_empty_area=False)
    merged = _merged(sheet, rows, set(places))
    for number in range(header.row + 1, len(rows)):
        row = rows[number]
        if number in merged and any(_cell(value, 1) is not None for value in row):
            for place, value in merged[number].items():
                row[place] = value
        yield number, row


def _merged(
    sheet: CalamineSheet, rows: list[list[Any]], places: set[int]
) -> dict[int, dict[int, Any]]:
    """Values that merged cells give to the rows below their first."""
    given: dict[int, dict[int, Any]] = {}
    for (top, left), (bottom, _right) in sheet.merged_cell_ranges or ():
        if left in places and top < len(rows):
            for number in range(top + 1, min(bottom + 1, len(rows))):
                given.setdefault(number, {})[left] = rows[top][left]
    return given


def _code_in(filled: list[tuple[int, list[Any]]]) -> int | None:
    """The line of the first row with an identity code; each different text is looked at once."""
    texts = {value for _number, row in filled for value in row if isinstance(value, str)}
    if not has_identity_code("\n".join(texts)):
        return None
    return next(number + 1 for number, row in filled if _names_a_code(row))


def _names_a_code(row: list[Any]) -> bool:
    return has_identity_code("\n".join(value for value in row if isinstance(value, str)))


def _cell(value: Any, longest: int) -> Cell:
    """A cell as the parent process takes it, a day as its ISO text; None if it says nothing."""
    if isinstance(value, str):
        text = value.strip()
        return text[:longest] if text else None
    if isinstance(value, date):  # a moment too
        return value.isoformat()[:10]
    if isinstance(value, bool | time | timedelta):
        return str(value)
    return value if isinstance(value, int | float) else None
