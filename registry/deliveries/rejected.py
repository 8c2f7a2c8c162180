"""Rejected rows: picked from the file again for their values, kept sealed, written out as CSV."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterable
from typing import IO

from django.db import connection
from django.db.backends.utils import CursorWrapper

from config.lib import sealing
from registry.deliveries.layout import Layout
from registry.deliveries.models import Delivery, RejectedRow
from registry.deliveries.reading import RowPicker
from registry.deliveries.staging import Reading

AT_ONCE = 20_000
LONGEST_VALUE = 1000
REJECTED = """
    SELECT line, refused_column, refusal FROM incoming_{name}
    WHERE refusal IS NOT NULL ORDER BY line
"""


def rejected_keep(
    cursor: CursorWrapper, layout: Layout, reading: Reading, *, delivery_id: int
) -> int:
    """Keep the refused rows of a file with the values that were refused; return how many."""
    picker: RowPicker | None = None
    kept = 0
    with connection.chunked_cursor() as refused:
        refused.execute(REJECTED.format(name=layout.name))
        while some := refused.fetchmany(AT_ONCE):
            picker = picker or RowPicker(reading.rows(layout.file))
            rows = picker.rows(line for line, _column, _reason in some)
            values = [
                _value(row, column, picker.header)
                for row, (_line, column, _reason) in zip(rows, some, strict=True)
            ]
            sealed = sealing.seal_all(values)
            _copy(cursor, delivery_id, layout.file, zip(some, sealed, strict=True))
            kept += len(some)
    return kept


def _value(row: list[str], column: str, header: list[str]) -> str:
    """The value of the refused column; of a row refused as a whole, all of it."""
    value = row[header.index(column)] if column else ",".join(row)
    return value[:LONGEST_VALUE]


def _copy(
    cursor: CursorWrapper,
    delivery_id: int,
    file: str,
    rows: Iterable[tuple[tuple[int, str, str], bytes]],
) -> None:
    statement = (
        'COPY registry_rejectedrow (delivery_id, file, line, "column", sealed_value, reason)'
        " FROM STDIN"
    )
    with cursor.copy(statement) as copy:
        for (line, column, reason), sealed in rows:
            copy.write_row((delivery_id, file, line, column, sealed, reason))


def rejected_write(delivery: Delivery, output: IO[bytes]) -> None:
    """Write the refused rows of a delivery as CSV: file, line, column, value, reason."""
    writer = csv.writer(codecs.getwriter("utf-8")(output), lineterminator="\n")
    writer.writerow(("file", "line", "column", "value", "reason"))
    rows = RejectedRow.objects.filter(delivery=delivery).order_by("file", "line")
    for row in rows.iterator():
        writer.writerow((row.file, row.line, row.column, row.value, row.reason))
