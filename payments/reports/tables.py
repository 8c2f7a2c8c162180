"""What a report consists of: tables of lines with labels and figures, as pages and files show them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from config.lib.money import euros, finnish
from config.lib.xlsx import Sheet
from config.templatetags.finnish import number

WIDE = 4  # figures beside labels

Values = Mapping[str, int | None]


@dataclass(frozen=True)
class Column:
    """A figure of each line: persons, applications or days, or cents."""

    name: str
    title: str | Promise
    is_money: bool = False

    def shown(self, value: int | None) -> str:
        """The figure as people read it."""
        if value is None:
            return "–"
        return finnish(value) if self.is_money else number(value)


@dataclass(frozen=True)
class Line:
    """A line: what it is of, and its figures by name."""

    labels: tuple[str, ...]
    values: Values


@dataclass(frozen=True)
class Table:
    """A table: lines that do not overlap and, where figures add up, their sum."""

    name: str
    title: str
    heads: Sequence[str]
    columns: Sequence[Column]
    lines: Sequence[Line]
    total: Line | None = None

    @property
    def is_wide(self) -> bool:
        """Whether it has more columns than a page has room for."""
        return len(self.columns) > WIDE

    @property
    def rows(self) -> list[tuple[tuple[str, ...], list[str]]]:
        """Labels and figures of each line for people, the sum last."""
        return [
            (
                line.labels,
                [column.shown(line.values.get(column.name, 0)) for column in self.columns],
            )
            for line in self._all()
        ]

    def sheet(self, above: Sequence[str] = ()) -> Sheet:
        """The table as a sheet of a workbook."""
        header = [*self.heads, *(str(column.title) for column in self.columns)]
        return Sheet(self.title, header, map(self._cells, self._all()), above, widths=(24, 24, 12))

    def _cells(self, line: Line) -> list[object]:
        values = [(column, line.values.get(column.name, 0)) for column in self.columns]
        return [
            *line.labels,
            *(euros(v) if c.is_money and v is not None else v for c, v in values),
        ]

    def _all(self) -> list[Line]:
        return [*self.lines, *([self.total] if self.total else [])]


def summed(lines: Iterable[Line], labels: tuple[str, ...], columns: Iterable[Column]) -> Line:
    """Lines as one, with its own labels; figures that do not add up are left out."""
    lines = list(lines)
    names = [column.name for column in columns]
    return Line(
        labels,
        {
            name: None
            if any(line.values.get(name, 0) is None for line in lines)
            else sum(line.values.get(name) or 0 for line in lines)
            for name in names
        },
    )


def in_total(
    lines: Sequence[Line], heads: Sequence[str], columns: Iterable[Column], **own: int | None
) -> Line:
    """The sum of all lines, `own` figures that are no sums in their place."""
    labels = (_("In total"), *("" for _head in heads[1:]))
    line = summed(lines, labels, columns)
    return Line(labels, {**line.values, **own})
