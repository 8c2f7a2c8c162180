"""Checking rows one block at a time, column by column, and writing them for COPY.

A row with a fault of its own goes to the staging table too, with the refusal, the column and what
can be read of its key, so that facts with that key are left as they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from config.lib import sealing
from registry.deliveries.layout import CODE, Column, Layout
from registry.deliveries.notices import Notices
from registry.deliveries.reading import Block
from registry.deliveries.refusals import DeliveryRefused, Notice, Refusal

SPECIAL = frozenset('",\r\n')

Row = Sequence[str]
Columns = list[Sequence[str]]
Refused = tuple[int, Row, "Fault"]


def positions(layout: Layout, header: Sequence[str]) -> dict[str, int]:
    """Where the layout's columns are. Raises DeliveryRefused if one is missing or there twice."""
    if missing := [name for name in layout.column_names if name not in header]:
        raise DeliveryRefused(
            _("%(file)s lacks the column %(columns)s; its header has all of: %(all)s.")
            % {
                "file": layout.file,
                "columns": ", ".join(missing),
                "all": ", ".join(layout.column_names),
            }
        )
    if twice := sorted({name for name in header if header.count(name) > 1}):
        raise DeliveryRefused(
            _("%(file)s has the column %(columns)s twice; its header has each once.")
            % {"file": layout.file, "columns": ", ".join(name or '""' for name in twice)}
        )
    return {name: header.index(name) for name in layout.column_names}


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a row is refused by itself, and the column that shows it."""

    refusal: Refusal
    column: str = ""


class BlockChecker:
    """Turns the blocks of one file into lines for COPY, identity codes into keyed hashes.

    Counts the rows, and those refused for a fault of their own.
    """

    def __init__(self, layout: Layout, header: Sequence[str], notices: Notices) -> None:
        self.layout = layout
        self.rows = 0
        self.refused = 0
        self._width = len(header)
        self._at = positions(layout, header)
        self._notices = notices
        self._hash = CodeHash()
        for name in sorted(set(header) - set(self._at)):
            notices.of_column(layout.file, name)

    def written(self, block: Block) -> str:
        """The block's rows for COPY (FORMAT csv): line, refusal, column, the layout's columns."""
        lines, rows, refused = self._of_full_width(block)
        columns = self._columns(rows)
        if suspects := self._suspects(columns):
            refused += [(lines[i], rows[i], self._own_fault(rows[i])) for i in sorted(suspects)]
            lines = [line for i, line in enumerate(lines) if i not in suspects]
            columns = self._columns([row for i, row in enumerate(rows) if i not in suspects])
        self.rows += len(lines) + len(refused)
        self.refused += len(refused)
        self._notice(lines, columns)
        good = self._copied(lines, columns, plain=block.plain is not None)
        return good + "".join(map(self._copied_refused, refused))

    def _columns(self, rows: list[list[str]]) -> Columns:
        """The rows turned into the columns of the layout, in its order."""
        columns = list(zip(*rows, strict=True)) or [()] * self._width
        return [columns[at] for at in self._at.values()]

    def _of_full_width(self, block: Block) -> tuple[Sequence[int], list[list[str]], list[Refused]]:
        refused: list[Refused] = [
            (line, [], Fault(Refusal.BAD_QUOTING)) for line, _text in block.malformed
        ]
        lines, rows = block.lines, block.rows
        if set(map(len, rows)) <= {self._width}:
            return lines, rows, refused
        fault = Fault(Refusal.FIELD_COUNT)
        numbered = list(zip(lines, rows, strict=True))
        refused += [(line, row, fault) for line, row in numbered if len(row) != self._width]
        full = [(line, row) for line, row in numbered if len(row) == self._width]
        return [line for line, _row in full], [row for _line, row in full], refused

    def _suspects(self, columns: Columns) -> set[int]:
        """The indexes of rows with a fault."""
        suspects: set[int] = set()
        for column, values in zip(self.layout.columns, columns, strict=True):
            if values and not column.check.all_good(values):
                suspects |= {i for i, value in enumerate(values) if column.check.fault(value)}
        if self.layout.period:
            first, last = (columns[self._index(name)] for name in self.layout.period)
            suspects |= {i for i, day in enumerate(last) if day and day < first[i]}
        return suspects

    def _own_fault(self, row: Row) -> Fault:
        """The first fault of a row of full width, in the order of the columns, then of its period."""
        for column in self.layout.columns:
            if refusal := column.check.fault(row[self._at[column.name]]):
                return Fault(refusal, column.name)
        assert self.layout.period
        return Fault(Refusal.ENDS_BEFORE_IT_BEGINS, self.layout.period[1])

    def _notice(self, lines: Sequence[int], columns: Columns) -> None:
        for column, values in zip(self.layout.columns, columns, strict=True):
            expected = column.expected
            if expected and not expected.issuperset(values):
                for line, value in zip(lines, values, strict=True):
                    if value not in expected:
                        self._notices.of_line(self.layout.file, line, Notice.UNKNOWN_NATIONALITY)

    def _copied(self, lines: Sequence[int], columns: Columns, *, plain: bool) -> str:
        if not lines:
            return ""
        columns = [
            [self._hash(value) for value in values]
            if column.name == CODE
            else values
            if plain
            else [quoted(value) for value in values]
            for column, values in zip(self.layout.columns, columns, strict=True)
        ]
        rows = zip([f"{line},," for line in lines], *columns, strict=True)
        return "\n".join(map(",".join, rows)) + "\n"

    def _copied_refused(self, refused: Refused) -> str:
        line, row, fault = refused
        values = [self._key_value(column, row) for column in self.layout.columns]
        return ",".join([str(line), fault.refusal, fault.column, *values]) + "\n"

    def _key_value(self, column: Column, row: Row) -> str:
        """What is kept of a refused row: a good value of its key, else nothing."""
        at = self._at[column.name]
        if column.name not in self.layout.key or at >= len(row) or column.check.fault(row[at]):
            return ""
        return self._hash(row[at]) if column.name == CODE else quoted(row[at])

    def _index(self, name: str) -> int:
        return self.layout.column_names.index(name)


class CodeHash:
    """The keyed hash of an identity code as the text of a UUID; of none, none."""

    def __init__(self) -> None:
        self._copy = sealing.hash_bytes(b"").copy  # a copy costs less than a new keyed hash

    def __call__(self, code: str) -> str:
        if not code:
            return ""
        keyed = self._copy()
        keyed.update(code.encode())
        return keyed.hexdigest()


def quoted(value: str) -> str:
    """The value as a field of a CSV file."""
    if SPECIAL.isdisjoint(value):
        return value
    return '"' + value.replace('"', '""') + '"'
