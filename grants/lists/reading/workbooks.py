"""From a file to the rows of a list, or the one reason why not (G-09)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from grants.lists.reading.inspection import inspect
from grants.lists.reading.process import Reader
from grants.lists.reading.refusals import ListRefused, Refusal
from grants.lists.reading.sheets import Read
from grants.lists.schema import Column
from grants.lists.stamp import Stamp, stamp_check
from grants.lists.values import Cell


@dataclass(frozen=True)
class Workbook:
    """A list as read: its columns, its rows with their lines, and which epoch its serials count from."""

    columns: tuple[str, ...]
    lines: list[int]
    rows: list[list[Cell]]
    epoch_1904: bool

    def __iter__(self) -> Iterator[tuple[int, dict[str, Cell]]]:
        """Lines of the sheet and their cells by column."""
        for line, row in zip(self.lines, self.rows, strict=True):
            yield line, dict(zip(self.columns, row, strict=True))


def workbook_read(
    path: Path, columns: Sequence[Column], *, stamp: Stamp, applicant_name: str
) -> Workbook:
    """Read the list with those columns that bears the stamp. Raises ListRefused."""
    with Reader(path, columns) as reader:
        inspection = inspect(path)
        read = reader.read()
    stamp_check(read.stamp, expected=stamp, applicant_name=applicant_name)
    _refuse_unfit(read)
    return Workbook(tuple(read.columns), read.lines, read.rows, inspection.epoch_1904)


def _refuse_unfit(read: Read) -> None:
    if not read.found_header:
        raise ListRefused(Refusal.NO_HEADER)
    if read.missing:
        raise ListRefused(Refusal.MISSING_COLUMNS, columns=" ".join(read.missing))
    if read.code_in is not None:
        raise ListRefused(Refusal.IDENTITY_CODE, line=read.code_in)
    if read.too_many:
        raise ListRefused(Refusal.TOO_MANY_ROWS)
    if not read.rows:
        raise ListRefused(Refusal.NO_ROWS)
