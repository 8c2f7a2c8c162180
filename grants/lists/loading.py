"""A workbook's rows into the table of rows, typed and all at once (COPY)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django.db import connection

from grants.lists.models import NAME_LENGTH, TEXT_LENGTH, PersonList
from grants.lists.reading.workbooks import Workbook
from grants.lists.schema import COLUMNS, Column, Kind
from grants.lists.values import Cell, day_of, identifier_of, text_of, year_of
from grants.lists.vocabulary import Vocabulary

# The table's column of each of the list's, and what it holds where nothing was said.
FIELDS = {"municipality": "municipality_id", "ground": "ground_id"}
EMPTY: Mapping[Kind, str | None] = {Kind.IDENTIFIER: "", Kind.TEXT: "", Kind.COUNTRY: ""}
COPY = "COPY grants_listrow (list_id, line, {}, raw, is_removed) FROM STDIN"

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


def values_of(
    cells: Mapping[str, Cell], words: Vocabulary, *, epoch_1904: bool = False
) -> tuple[dict[str, Value], dict[str, str]]:
    """What the cells of a row mean, by column, and the texts of those that mean nothing."""
    values: dict[str, Value] = {}
    raw: dict[str, str] = {}
    for name, cell in cells.items():
        column = COLUMNS[name]
        value = values[name] = value_of(column, cell, words, epoch_1904=epoch_1904)
        if value in (None, "") and (text := text_of(cell)):
            raw[name] = text[:TEXT_LENGTH]
    return values, raw


def rows_copy(person_list: PersonList, book: Workbook, words: Vocabulary) -> None:
    """Copy the rows of a workbook into the table."""
    names = ", ".join(FIELDS.get(name, name) for name in COLUMNS)
    with connection.cursor() as cursor, cursor.copy(COPY.format(names)) as copy:
        for row in _typed(person_list.pk, book, words):
            copy.write_row(row)


def _typed(list_id: int, book: Workbook, words: Vocabulary) -> Iterator[tuple[Any, ...]]:
    absent = [
        (name, EMPTY.get(column.kind))
        for name, column in COLUMNS.items()
        if name not in book.columns
    ]
    nothing = dict(absent)
    for line, cells in book:
        values, raw = values_of(cells, words, epoch_1904=book.epoch_1904)
        values |= nothing
        yield (
            list_id, line, *(values[name] for name in COLUMNS),
            json.dumps(raw).replace("\\u0000", "") if raw else "{}", False,
        )  # fmt: skip
