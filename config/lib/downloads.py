"""What a page hands out as a file: its table as CSV (as a Finnish Excel opens it) or xlsx, a PDF."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.http import HttpResponse, StreamingHttpResponse

from config.lib.money import euros
from config.lib.months import Month
from config.lib.xlsx import Sheet, xlsx_workbook

BYTE_ORDER_MARK = "\ufeff"
FORMULA = frozenset("=+-@\t\r")  # what a spreadsheet takes for the beginning of a formula
CONTENT_TYPES = {
    ".csv": "text/csv; charset=utf-8",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".jpg": "image/jpeg",
    ".json": "application/json",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def decimal_comma(cents: int) -> str:
    """An amount in cents as a number with a decimal comma, without grouping: `-1234,56`."""
    return str(euros(cents)).replace(".", ",")


def csv_response(
    name: str, header: Sequence[object], rows: Iterable[Iterable[object]]
) -> HttpResponse:
    """A CSV download of the rows, named `name`.csv."""
    response = file_response(f"{name}.csv", BYTE_ORDER_MARK)
    writer = csv.writer(response, delimiter=";", lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return response


def sheet_response(name: str, sheet: Sheet, *, filetype: str, at: datetime) -> HttpResponse:
    """A download of a table as `csv` or `xlsx`, named `name` with that ending."""
    if filetype == "xlsx":
        return file_response(f"{name}.xlsx", xlsx_workbook(sheet, at=at))
    first, *rest = [*([line] for line in sheet.above), sheet.header]
    return csv_response(name, first, [*rest, *(map(_written, row) for row in sheet.rows)])


def _written(value: object) -> str:
    """A value as a Finnish Excel reads it; text that it would take for a formula stays text."""
    match value:
        case None:
            return ""
        case Decimal():
            return str(value).replace(".", ",")
        case Month():
            return f"{value.number}/{value.year}"
        case date():
            return f"{value.day}.{value.month}.{value.year}"
        case str() if value[:1] in FORMULA:
            return f"'{value}"
    return str(value)


def file_response(name: str, content: bytes | str | Iterator[str]) -> HttpResponse:
    """A download of a file; its name holds no personal data, for names are logged on the way.

    Content given piece by piece is streamed.
    """
    kind: Any = StreamingHttpResponse if isinstance(content, Iterator) else HttpResponse
    response: HttpResponse = kind(
        content,
        content_type=CONTENT_TYPES[Path(name).suffix],
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
    return response
