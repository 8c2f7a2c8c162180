"""Values of an extract, written two ways: for machines (JSON) and for people (the document)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Choices
from django.utils.translation import gettext as _

from config.lib import money
from config.lib.months import Month
from config.templatetags.finnish import day, month


@dataclass(frozen=True)
class Cents:
    """An amount in cents."""

    cents: int


@dataclass(frozen=True)
class Coded:
    """A code and what it means."""

    code: str
    label: str


@dataclass(frozen=True)
class Field:
    """What a row of a section tells: its key in JSON, its label, how it is read from the row."""

    key: str
    label: Any
    of: Callable[[Any], Any]


@dataclass(frozen=True)
class Section:
    """Rows of one kind with their fields; `rows` is read once, as it is written."""

    key: str
    title: Any
    fields: tuple[Field, ...]
    rows: Iterable[Any]
    as_facts: bool = False  # in the document: each row as a list of facts, not a row of a table


def coded(choices: type[Choices], code: str | None) -> Coded | None:
    """A value of choices with its label; None for none."""
    return Coded(code, str(choices(code).label)) if code else None


def for_machines(value: Any) -> Any:
    """The value as JSON has it: days ISO 8601, amounts in cents, codes as they are."""
    match value:
        case Cents():
            return value.cents
        case Coded():
            return {"code": value.code, "label": value.label}
        case Month():
            return str(value)
        case date():
            return value.isoformat()
        case list() | tuple():
            return [for_machines(inner) for inner in value]
    return value


def for_people(value: Any) -> str:
    """The value as a document has it."""
    if isinstance(value, list | tuple):
        return ", ".join(map(for_people, value)) or "–"
    for kind, written in WRITTEN.items():
        if isinstance(value, kind):
            return written(value)
    return "–" if value in (None, "") else str(value)


# A boolean is a number too, a moment is a day too: the narrower kind first.
WRITTEN: dict[type, Callable[[Any], str]] = {
    bool: lambda value: _("yes") if value else _("no"),
    Cents: lambda value: money.finnish(value.cents),
    Coded: lambda value: value.label,
    Month: month,
    date: day,
}
