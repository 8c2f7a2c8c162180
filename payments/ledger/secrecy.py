"""Persons under non-disclosure in lists by payee: not named, summed in one row (P-11)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet, Sum
from django.utils.translation import ngettext

from registry.people.secrecy import is_protected


@dataclass(frozen=True)
class Unnamed:
    """Persons whom a list does not name, and their sum in cents."""

    persons: int
    cents: int = 0

    def __bool__(self) -> bool:
        return self.persons > 0

    def __str__(self) -> str:
        return ngettext(
            "%(persons)d person under non-disclosure",
            "%(persons)d persons under non-disclosure",
            self.persons,
        ) % {"persons": self.persons}


def named(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Those of the rows whose persons a list may name."""
    return rows.exclude(is_protected())


def unnamed_sum(rows: QuerySet[Any]) -> Unnamed:
    """The others of the rows, which have amounts, in one; one query."""
    return Unnamed(
        **rows.filter(is_protected()).aggregate(
            persons=Count("person", distinct=True), cents=Sum("amount_cents", default=0)
        )
    )


def unnamed_count(rows: QuerySet[Any]) -> Unnamed:
    """The others of the rows, one for each person, counted; one query."""
    return Unnamed(rows.filter(is_protected()).count())
