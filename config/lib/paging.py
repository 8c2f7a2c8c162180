"""Long lists page by page, by the key of the last row shown: each page costs the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import QuerySet

PAGE_SIZE = 100

Row = TypeVar("Row")


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Rows of a page; `next` is the key after which the next page begins, None on the last."""

    rows: list[Row]
    next: Any | None
    is_first: bool


def page_of(
    rows: QuerySet[Any, Row],
    *,
    after: object,
    key: Callable[[Row], Any],
    size: int = PAGE_SIZE,
) -> Page[Row]:
    """Cut a page from rows that are ordered by the key and begin after `after`; one query."""
    found = list(rows[: size + 1])
    shown = found[:size]
    return Page(
        rows=shown,
        next=key(shown[-1]) if len(found) > size else None,
        is_first=after is None,
    )
