"""Order of a table's rows, asked for in the page's address: `?sort=persons` or `?sort=-persons`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import Http404, HttpRequest


@dataclass(frozen=True)
class Sort:
    """A key by which the rows of a table are ordered; `table` is its name on the page."""

    fields: Mapping[str, Sequence[str]]
    key: str
    descending: bool
    table: str = ""

    @classmethod
    def asked(
        cls,
        request: HttpRequest,
        fields: Mapping[str, Sequence[str]],
        *,
        default: str,
        table: str = "",
    ) -> Sort:
        """The order that the address asks for, or the default. Raises Http404 for another."""
        text = request.GET.get("sort", default)
        key = text.removeprefix("-")
        if key not in fields:
            raise Http404
        return cls(fields, key, descending=text.startswith("-"), table=table)

    @property
    def order_by(self) -> list[str]:
        """For `QuerySet.order_by`; rows that are alike stay in the order of their ids."""
        sign = "-" if self.descending else ""
        return [*(sign + field for field in self.fields[self.key]), "pk"]

    @property
    def direction(self) -> str:
        """For `aria-sort`."""
        return "descending" if self.descending else "ascending"

    def next_for(self, key: str) -> str:
        """What a press on the head of a column asks for: that column, and then the other way."""
        return f"-{key}" if key == self.key and not self.descending else key
