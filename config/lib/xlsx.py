"""Tables as Excel workbooks, written in a stream: the same rows and time give the same bytes.

A cell's type is its value's: `Decimal` is euros, `int` a number, `date` a day, `Month` a month,
`None` empty, anything else text. Text is never a formula, whatever it begins with.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.writer.excel import ExcelWriter

from config.lib.months import Month

FORMATS = {Decimal: '#,##0.00\\ "€"', int: "#,##0", date: "d\\.m\\.yyyy", Month: "m\\/yyyy"}
BOLD, WRAPPED = Font(bold=True), Alignment(wrap_text=True, vertical="top")
LONGEST_TEXT = 32_767  # characters of a cell
LONGEST_TITLE = 31
FORBIDDEN_IN_TITLE = str.maketrans(dict.fromkeys("[]:*?/\\", " "))
START_OF_TIME = (1980, 1, 1, 0, 0, 0)  # of zip files


@dataclass(frozen=True)
class Sheet:
    """A table: its name, lines above it (a mark of secrecy), its header, its rows."""

    title: str
    header: Sequence[str]
    rows: Iterable[Sequence[object]]
    above: Sequence[str] = ()
    widths: Sequence[int] = ()  # of the columns in characters; those not given are 16


def xlsx_workbook(*sheets: Sheet, at: datetime) -> bytes:
    """A workbook of the tables, made at a time."""
    book = Workbook(write_only=True)
    for sheet in sheets:
        _sheet_write(book.create_sheet(sheet_title(sheet.title)), sheet)
    return workbook_bytes(book, at=at)


def workbook_bytes(book: Workbook, *, at: datetime) -> bytes:
    """The file of a workbook, made at a time."""
    book.properties.creator = ""
    book.properties.created = book.properties.modified = at.astimezone(UTC).replace(tzinfo=None)
    written = io.BytesIO()
    # Not `book.save`, which writes the clock's time into the file.
    ExcelWriter(book, _Timeless(written, "w")).save()
    return written.getvalue()


class _Timeless(zipfile.ZipFile):
    """A zip file whose parts are of no time."""

    def writestr(self, name: str, content: str | bytes, *_more: Any) -> None:  # type: ignore[override]
        super().writestr(zipfile.ZipInfo(name, START_OF_TIME), content, zipfile.ZIP_DEFLATED)

    def write(self, file: str, name: str, *_more: Any) -> None:  # type: ignore[override]
        self.writestr(name, Path(file).read_bytes())


def sheet_title(text: str) -> str:
    """The name of a sheet as Excel takes it."""
    return text.translate(FORBIDDEN_IN_TITLE).strip("' ")[:LONGEST_TITLE]


def _sheet_write(written: Any, sheet: Sheet) -> None:
    """Write the table; `written` is openpyxl's write-only sheet."""
    for number in range(len(sheet.header)):
        width = sheet.widths[number] if number < len(sheet.widths) else 16
        written.column_dimensions[get_column_letter(number + 1)].width = width
    head = len(sheet.above) + 1
    written.freeze_panes = f"A{head + 1}"
    for line in sheet.above:
        written.append([_bold(written, line)])
    written.append([_bold(written, title, alignment=WRAPPED) for title in sheet.header])
    end = head + _rows_write(written, sheet.rows)
    written.auto_filter.ref = f"A{head}:{get_column_letter(len(sheet.header))}{end}"


def _rows_write(written: Any, rows: Iterable[Sequence[object]]) -> int:
    """Write the rows; return how many."""
    count = 0
    try:
        for row in rows:
            written.append([_cell(written, value) for value in row])
            count += 1
    except Exception:
        written.close()  # its file would else be left open
        raise
    return count


def _bold(sheet: Any, text: str, alignment: Alignment | None = None) -> Any:
    cell = _cell(sheet, text)
    cell.font = BOLD
    if alignment:
        cell.alignment = alignment
    return cell


def _cell(sheet: Any, value: Any) -> Any:
    """A cell of the value's type. Raises ValueError for a text no cell can hold."""
    kind = type(value)
    if value is None:
        return WriteOnlyCell(sheet)
    if kind in FORMATS:
        shown: Any = value.first_day if isinstance(value, Month) else value
        cell = WriteOnlyCell(sheet, shown)
        cell.number_format = FORMATS[kind]
        return cell
    text = ILLEGAL_CHARACTERS_RE.sub("\N{REPLACEMENT CHARACTER}", str(value))
    if len(text) > LONGEST_TEXT:
        raise ValueError(f"A cell holds {LONGEST_TEXT} characters, not {len(text)}.")
    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"  # openpyxl takes what begins with = for a formula
    cell.quotePrefix = text[:1] in set("=+-@")  # and Excel would, when one edits the cell
    return cell
