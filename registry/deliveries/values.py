"""Checking the values of one column, many at a time.

A check first asks of a whole block of values whether all are plainly good, at the speed of sets;
only a block where they are not is looked at value by value.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from registry.deliveries.refusals import Refusal

FIRST_DAY = date(1850, 1, 1)
REMEMBERED_DAYS = 100_000
DAY_WRITTEN = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
YEAR_WRITTEN = re.compile(r"(?:(?:19|20|21)\d\d)?", re.ASCII)
FLAGS = frozenset(("", "true", "false"))


class Check(Protocol):
    """What a column's values must be; `sql_type` holds them all."""

    @property
    def sql_type(self) -> str: ...

    def all_good(self, values: Sequence[str]) -> bool:
        """True only if no value has a fault; false may be a false alarm."""

    def fault(self, value: str) -> Refusal | None:
        """Why the value is refused."""


@dataclass(frozen=True)
class Text:
    """Text of at most so many characters."""

    longest: int
    required: bool = False
    sql_type: str = "text"

    def all_good(self, values: Sequence[str]) -> bool:
        return max(map(len, values)) <= self.longest and not (self.required and "" in values)

    def fault(self, value: str) -> Refusal | None:
        if self.required and not value:
            return Refusal.MISSING_VALUE
        return Refusal.TOO_LONG if len(value) > self.longest else None


@dataclass(frozen=True)
class Words:
    """Texts separated by blanks, each of at most so many characters."""

    longest: int
    sql_type: str = "text"

    def all_good(self, values: Sequence[str]) -> bool:
        return max(map(len, values)) <= self.longest

    def fault(self, value: str) -> Refusal | None:
        long = any(len(word) > self.longest for word in value.split(" "))
        return Refusal.TOO_LONG if long else None


@dataclass(frozen=True)
class IdentityCode:
    """A personal identity code, which codes.py checks when it is first met."""

    required: bool = False
    sql_type: str = "uuid"

    def all_good(self, values: Sequence[str]) -> bool:
        return not (self.required and "" in values)

    def fault(self, value: str) -> Refusal | None:
        return Refusal.MISSING_VALUE if self.required and not value else None


@dataclass(frozen=True)
class Pattern:
    """Text of a form; empty must be part of the form to be allowed."""

    form: re.Pattern[str]
    refusal: Refusal
    sql_type: str

    def all_good(self, values: Sequence[str]) -> bool:
        return all(map(self.form.fullmatch, set(values)))

    def fault(self, value: str) -> Refusal | None:
        return None if self.form.fullmatch(value) else self.refusal


@dataclass(frozen=True)
class Flag:
    """`true`, `false`, or empty for unknown."""

    sql_type: str = "boolean"

    def all_good(self, values: Sequence[str]) -> bool:
        return FLAGS.issuperset(values)

    def fault(self, value: str) -> Refusal | None:
        return None if value in FLAGS else Refusal.BAD_BOOLEAN


@dataclass(frozen=True)
class OneOf:
    """One of the codes the register knows."""

    known: frozenset[str]
    refusal: Refusal
    sql_type: str = "text"

    def all_good(self, values: Sequence[str]) -> bool:
        return self.known.issuperset(values)

    def fault(self, value: str) -> Refusal | None:
        if not value:
            return Refusal.MISSING_VALUE
        return None if value in self.known else self.refusal


@dataclass(frozen=True)
class Day:
    """A day of the calendar written YYYY-MM-DD, from 1850 on."""

    required: bool = False
    sql_type: str = "date"
    _known: set[str] = field(default_factory=set, compare=False, repr=False)

    def all_good(self, values: Sequence[str]) -> bool:
        if self._known.issuperset(values):
            return True
        if len(self._known) > REMEMBERED_DAYS:
            self._known.clear()
        self._known.update(v for v in set(values) if self.fault(v) is None)
        return self._known.issuperset(values)

    def fault(self, value: str) -> Refusal | None:
        if not value:
            return Refusal.MISSING_VALUE if self.required else None
        return None if _is_day(value) else Refusal.BAD_DATE


def _is_day(written: str) -> bool:
    if not DAY_WRITTEN.fullmatch(written):
        return False
    try:
        return date.fromisoformat(written) >= FIRST_DAY
    except ValueError:
        return False
