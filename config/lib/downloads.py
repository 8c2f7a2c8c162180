"""What a page hands out as a file: its table as CSV (as a Finnish Excel opens it) or xlsx, a PDF."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

from django.http import HttpResponse

from config.lib.money import euros

BYTE_ORDER_MARK = "\ufeff"
CONTENT_TYPES = {
    ".csv": "text/csv; charset=utf-8",
    ".json": "application/json",
    ".pdf": "application/pdf",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def decimal_comma(cents: int) -> str:
    """An amount in cents as a number with a decimal comma, without grouping: `-1234,56`."""
    return str(euros(cents)).replace(".", ",")


def csv_response(
    name: str, header: Sequence[object], rows: Iterable[Sequence[object]]
) -> HttpResponse:
    """A CSV download of the rows, named `name`.csv."""
    response = file_response(f"{name}.csv", BYTE_ORDER_MARK)
    writer = csv.writer(response, delimiter=";", lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return response


def file_response(name: str, content: bytes | str) -> HttpResponse:
    """A download of a file; its name holds no personal data, for names are logged on the way."""
    return HttpResponse(
        content,
        content_type=CONTENT_TYPES[Path(name).suffix],
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
