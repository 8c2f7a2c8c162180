"""From the bytes of a list to its rows, typed; nothing of it is kept (P-08)."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from grants.lists.reading.refusals import ListRefused, Refusal
from grants.lists.reading.workbooks import workbook_read
from grants.lists.schema import MAX_FILE_BYTES, Column, Kind
from grants.lists.values import Cell, day_of, identifier_of, month_of, text_of
from payments.cases.drafts.columns import COLUMNS
from payments.cases.drafts.template import stamp_of
from registry.models import Organisation

MOST_LISTED = 500  # persons of one list

Value = str | date | None


@dataclass(frozen=True)
class Row:
    """A row of a list: what it says by column, and how that was written."""

    line: int
    values: Mapping[str, Value]
    texts: Mapping[str, str]


def rows_read(content: bytes, applicant: Organisation) -> list[Row]:
    """The rows of an applicant's list. Raises ListRefused."""
    if len(content) > MAX_FILE_BYTES:
        raise ListRefused(Refusal.TOO_LARGE)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "list"
        path.write_bytes(content)
        book = workbook_read(
            path,
            tuple(COLUMNS.values()),
            stamp=stamp_of(applicant),
            applicant_name=applicant.name,
        )
    if len(book.rows) > MOST_LISTED:
        raise ListRefused(Refusal.TOO_MANY_ROWS, rows=MOST_LISTED)
    return [_row(line, cells, epoch_1904=book.epoch_1904) for line, cells in book]


def _row(line: int, cells: Mapping[str, Cell], *, epoch_1904: bool) -> Row:
    values = {
        name: _value(COLUMNS[name], cell, epoch_1904=epoch_1904) for name, cell in cells.items()
    }
    return Row(line, values, {name: text_of(cell) for name, cell in cells.items()})


def _value(column: Column, cell: Cell, *, epoch_1904: bool) -> Value:
    match column.kind:
        case Kind.DATE:
            return day_of(cell, epoch_1904=epoch_1904)
        case Kind.MONTH:
            return month_of(cell, epoch_1904=epoch_1904)
        case Kind.IDENTIFIER:
            return identifier_of(cell)
    return text_of(cell)
