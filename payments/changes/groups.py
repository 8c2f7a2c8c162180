"""Whom a run pays, by group of the compensation time, age group and ground, last month beside."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from payments.changes.models import RunGroup
from payments.rates.models import Group
from payments.runs.models import Run

ORDER = {group.value: place for place, group in enumerate(Group)}


@dataclass(frozen=True)
class GroupRow:
    """A group's persons, those with the adult component, and cents; persons and cents last month."""

    label: str
    persons: int
    adults: int
    cents: int
    last_persons: int
    last_cents: int


@dataclass(frozen=True)
class GroupTable:
    """Everybody the run pays, divided in one way."""

    name: str
    caption: str
    head: str
    rows: list[GroupRow]


def run_groups(run: Run) -> list[GroupTable]:
    """The run's groups with those of the run before it; two queries."""
    last = Run.objects.filter(month__lt=run.month).order_by("-month").first()
    runs = [run, last] if last else [run]
    rows = list(RunGroup.objects.filter(run__in=runs).select_related("ground"))
    group = _rows(run, rows, lambda row: (ORDER[row.group], row.get_group_display()))
    age = _rows(run, rows, lambda row: (row.min_age, _ages(row, rows)))
    ground = _rows(run, rows, lambda row: (row.ground_id, str(row.ground)))
    return [
        GroupTable("group", _("By group of the compensation time"), _("Group"), group),
        GroupTable("age", _("By age on the first day of the month"), _("Age"), age),
        GroupTable("ground", _("By ground of the residence permit"), _("Ground"), ground),
    ]


def _rows(
    run: Run, rows: Sequence[RunGroup], key: Callable[[RunGroup], tuple[Any, str]]
) -> list[GroupRow]:
    """The rows summed by a key: what orders it, and its label."""
    found: dict[tuple[Any, str], list[RunGroup]] = {}
    for row in rows:
        found.setdefault(key(row), []).append(row)
    return [_row(label, found[order, label], run) for order, label in sorted(found)]


def _row(label: str, rows: Sequence[RunGroup], run: Run) -> GroupRow:
    now = [row for row in rows if row.run_id == run.pk]
    last = [row for row in rows if row.run_id != run.pk]
    return GroupRow(
        label=label,
        persons=sum(row.persons for row in now),
        adults=sum(row.adults for row in now),
        cents=sum(row.cents for row in now),
        last_persons=sum(row.persons for row in last),
        last_cents=sum(row.cents for row in last),
    )


def _ages(row: RunGroup, rows: Sequence[RunGroup]) -> str:
    """The age group in words; it ends where the next one begins."""
    above = [other.min_age for other in rows if other.min_age > row.min_age]
    if above:
        return _("{first}–{last} years").format(first=row.min_age, last=min(above) - 1)
    return _("{first} years and over").format(first=row.min_age)
