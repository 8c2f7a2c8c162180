"""Order of a table's rows, asked for in the page's address: `?sort=persons` or `?sort=-persons`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import Http404, HttpRequest


@dataclass(frozen=True)
class Sort:
    """A key of the table by which its rows are ordered, and the fields behind each key."""

    fields: Mapping[str, str]
    key: str
    descending: bool

    @classmethod
    def asked(cls, request: HttpRequest, fields: Mapping[str, str], *, default: str) -> Sort:
        """The order that the address asks for, or the default. Raises Http404 for another."""
        text = request.GET.get("sort", default)
        key = text.removeprefix("-")
        if key not in fields:
            raise Http404
        return cls(fields, key, descending=text.startswith("-"))

    @property
    def order_by(self) -> tuple[str, str]:
        """For `QuerySet.order_by`; rows that are alike stay in the order of their ids."""
        return f"{'-' if self.descending else ''}{self.fields[self.key]}", "pk"

    @property
    def direction(self) -> str:
        """For `aria-sort`."""
        return "descending" if self.descending else "ascending"

    @property
    def asked_for(self) -> str:
        """How the address asks for this order."""
        return f"{'-' if self.descending else ''}{self.key}"

    def next_for(self, key: str) -> str:
        """What a press on the head of a column asks for: that column, and then the other way."""
        return f"-{key}" if key == self.key and not self.descending else key
