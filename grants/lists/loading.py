"""A workbook's rows into the table of rows, typed and all at once."""

from __future__ import annotations

import csv
import io
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import repeat

from django.db import connection

from grants.lists.checking.findings import PERSONS, joined_as_sets
from grants.lists.models import NAME_LENGTH, TEXT_LENGTH, PersonList
from grants.lists.reading.workbooks import Workbook
from grants.lists.schema import COLUMNS, Column, Kind
from grants.lists.values import Cell, day_of, identifier_of, text_of, year_of
from grants.lists.vocabulary import Vocabulary
from registry.deliveries.staging import collector_paused

# The table's column of each of the list's, and what it holds where nothing was said.
FIELDS = {"municipality": "municipality_id", "ground": "ground_id"}
EMPTY: Mapping[Kind, str | None] = {Kind.IDENTIFIER: "", Kind.TEXT: "", Kind.COUNTRY: ""}
NAMES = ", ".join(
    ("list_id", "line", *(FIELDS.get(name, name) for name in COLUMNS), "raw", "is_removed")
)
INCOMING = (
    f"CREATE TEMP TABLE incoming ON COMMIT DROP AS SELECT {NAMES} FROM grants_listrow LIMIT 0"
)
COPY = f"""
COPY incoming ({NAMES}) FROM STDIN
(FORMAT csv, FORCE_NOT_NULL (uma_number, unhcr_number, name, nationality))
"""
STORE = f"""
WITH known AS ({PERSONS.format(rows="incoming")})
INSERT INTO grants_listrow ({NAMES}, person_id)
SELECT i.*, k.person_id FROM incoming i LEFT JOIN known k USING (line)
"""

Value = str | int | date | None


def value_of(column: Column, cell: Cell, words: Vocabulary, *, epoch_1904: bool = False) -> Value:
    """What a cell means in a column; the column's empty value where it means nothing."""
    match column.kind:
        case Kind.IDENTIFIER:
            return identifier_of(cell)[:TEXT_LENGTH]
        case Kind.TEXT:
            return text_of(cell)[:NAME_LENGTH]
        case Kind.DATE:
            return day_of(cell, epoch_1904=epoch_1904)
        case Kind.YEAR:
            return year_of(cell)
    meaning = words.meaning(column.kind, text_of(cell))
    return EMPTY.get(column.kind) if meaning is None else meaning


def meaning_of(
    column: Column, cell: Cell, words: Vocabulary, *, epoch_1904: bool = False
) -> tuple[Value, str]:
    """The value of a cell in a column, and its text if that means nothing."""
    value = value_of(column, cell, words, epoch_1904=epoch_1904)
    return value, "" if value not in {None, ""} else text_of(cell)[:TEXT_LENGTH]


def rows_store(person_list: PersonList, book: Workbook, words: Vocabulary) -> None:
    """Bring the rows of a workbook into the table, with the persons whom the register knows."""
    written = io.StringIO()
    with collector_paused():
        csv.writer(written).writerows(_typed(person_list.pk, book, words))
    with connection.cursor() as cursor:
        cursor.execute(INCOMING)
        with cursor.copy(COPY) as copy:
            copy.write(written.getvalue())
        with joined_as_sets(cursor, len(book.rows)):
            cursor.execute(STORE)
        cursor.execute("DROP TABLE incoming")


def _typed(list_id: int, book: Workbook, words: Vocabulary) -> Iterator[Sequence[object]]:
    """Rows for COPY, made column by column, each different cell of a column asked once."""
    raws: dict[int, dict[str, str]] = defaultdict(dict)
    values: dict[str, Iterable[Value]] = {}
    for name, cells in zip(book.columns, zip(*book.rows, strict=True), strict=True):
        column = COLUMNS[name]
        means = {
            cell: meaning_of(column, cell, words, epoch_1904=book.epoch_1904) for cell in set(cells)
        }
        values[name] = [means[cell][0] for cell in cells]
        if any(text for _value, text in means.values()):
            for at, cell in enumerate(cells):
                if text := means[cell][1]:
                    raws[at][name] = text
    columns = [values.get(name, repeat(EMPTY.get(column.kind))) for name, column in COLUMNS.items()]
    for at, (line, *row) in enumerate(zip(book.lines, *columns, strict=False)):
        yield (list_id, line, *row, json.dumps(raws[at]) if at in raws else "{}", "f")
