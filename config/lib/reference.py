"""Reference data: CSV files of the repository brought into their tables by natural key."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

BOOLEANS = {"true": True, "false": False}

Values = dict[str, Any]


class BadReference(ValueError):
    """A data file has a value its table cannot take; the message names file, line and column."""


@dataclass(frozen=True)
class Loaded:
    """What a load did to a table, in rows."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0

    def __add__(self, other: Loaded) -> Loaded:
        return Loaded(
            self.new + other.new, self.changed + other.changed, self.unchanged + other.unchanged
        )


def rows_read(path: Path) -> Iterator[dict[str, str]]:
    """Rows of a data file as text, by column."""
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def typed_rows(path: Path, model: type[models.Model]) -> list[Values]:
    """Rows of a file as the table's values; columns that name other rows stay text.

    Raises BadReference.
    """
    fields = {f.name: f for f in model._meta.concrete_fields if not f.is_relation}
    return [
        {
            column: _typed(fields[column], text, f"{path.name}, line {line}, {column}")
            if column in fields
            else text
            for column, text in row.items()
        }
        for line, row in enumerate(rows_read(path), start=2)
    ]


def _typed(field: models.Field[Any, Any], text: str, where: str) -> Any:
    """A value as its field takes it; empty is none where the field has none."""
    if not text and field.null:
        return None
    value = BOOLEANS.get(text, text) if isinstance(field, models.BooleanField) else text
    try:
        return field.clean(value, None)
    except ValidationError as wrong:
        raise BadReference(f"{where}: {' '.join(wrong.messages)}") from wrong


def upsert(model: type[models.Model], rows: Iterable[Values], *, key: Sequence[str]) -> Loaded:
    """Add rows whose key is new, change those that differ, leave the rest and others alone.

    Three statements whatever the number of rows; rows already as they should be are not touched.
    """
    known = {_key(vars(row), key): row for row in model._default_manager.all()}
    new, changed, unchanged, fields = [], [], 0, set[str]()
    for values in rows:
        row = known.get(_key(values, key))
        differing = [name for name in values if row and getattr(row, name) != values[name]]
        if row is None:
            new.append(model(**values))
        elif differing:
            for name in differing:
                setattr(row, name, values[name])
            changed.append(row)
            fields.update(differing)
        else:
            unchanged += 1
    if changed:
        model._default_manager.bulk_update(changed, sorted(fields))
    model._default_manager.bulk_create(new)
    return Loaded(new=len(new), changed=len(changed), unchanged=unchanged)


def _key(values: Mapping[str, Any], key: Sequence[str]) -> tuple[Any, ...]:
    return tuple(values[name] for name in key)
