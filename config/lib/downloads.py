"""A page's table as a file that a Finnish Excel opens as it is: semicolons, decimal commas."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence

from django.http import HttpResponse

from config.lib.money import euros

BYTE_ORDER_MARK = "\ufeff"


def decimal_comma(cents: int) -> str:
    """An amount in cents as a number with a decimal comma, without grouping: `-1234,56`."""
    return str(euros(cents)).replace(".", ",")


def csv_response(
    name: str, header: Sequence[object], rows: Iterable[Sequence[object]]
) -> HttpResponse:
    """A CSV download of the rows, named `name`.csv."""
    response = HttpResponse(
        BYTE_ORDER_MARK,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
    )
    writer = csv.writer(response, delimiter=";", lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return response
