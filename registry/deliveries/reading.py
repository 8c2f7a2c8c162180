"""From text to rows (RFC 4180), each with the line it begins on.

Text without quotation marks is split at its commas; only the rest goes through the csv module,
which is slower. Memory holds one block of rows.
"""

from __future__ import annotations

import csv
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from registry.deliveries.refusals import DeliveryRefused
from registry.deliveries.texts import Piece, file_refused, pieces

ROWS_OF_BLOCK = 1000
csv.field_size_limit(1 << 17)


@dataclass(slots=True)
class Block:
    """Rows that follow one another and the lines they begin on; of malformed ones, the text.

    `plain` rows are not split yet, and no value of theirs needs quoting.
    """

    lines: Sequence[int]
    plain: list[str] | None = None
    parsed: list[list[str]] = field(default_factory=list)
    malformed: list[tuple[int, str]] = field(default_factory=list)

    @property
    def rows(self) -> list[list[str]]:
        """The values of each row."""
        return self.parsed if self.plain is None else [row.split(",") for row in self.plain]

    @property
    def last_line(self) -> int:
        """The line the last row begins on, 0 if there is none."""
        return max(
            self.lines[-1] if self.lines else 0, *(line for line, _text in self.malformed), 0
        )

    def row_at(self, line: int) -> list[str]:
        """The values of the row that begins on a line, of a malformed one its text."""
        if self.plain is not None and isinstance(self.lines, range):
            return self.plain[line - self.lines[0]].split(",")
        index = bisect_left(self.lines, line)
        if index == len(self.lines) or self.lines[index] != line:
            return [dict(self.malformed)[line]]
        return self.parsed[index] if self.plain is None else self.plain[index].split(",")


class RowReader:
    """The rows of one file after its header. Raises DeliveryRefused where it cannot be read."""

    def __init__(self, file: str, chunks: Iterable[bytes]) -> None:
        self.file = file
        self._pieces = pieces(file, chunks)
        self._first = _Lines(self._pieces)
        self.header = self._read_header()

    def blocks(self) -> Iterator[Block]:
        """Yield the rows in order, blank lines left out."""
        yield from self._parsed(self._first)
        for piece in self._pieces:
            text = piece.text.replace("\r\n", "\n") if "\r" in piece.text else piece.text
            if '"' in text or "\r" in text:
                yield from self._parsed(_Lines(self._pieces, piece))
            else:
                yield _plain(piece.line, text)

    def _read_header(self) -> list[str]:
        try:
            header = next(csv.reader(self._first, strict=True), [])
        except csv.Error as error:
            raise file_refused(self.file, 1, _("the header cannot be read")) from error
        if not header:
            raise DeliveryRefused(
                _("%(file)s has no header; a file without rows has one, too.") % {"file": self.file}
            )
        return header

    def _parsed(self, lines: _Lines) -> Iterator[Block]:
        """Read rows until the piece that was begun, and those a row went on to, are used up."""
        rows = csv.reader(lines, strict=True)
        numbers: list[int] = []
        block = Block(numbers)
        while lines.pending:
            line = lines.next_line
            try:
                row = next(rows)
            except csv.Error as error:
                self._refuse_endless(lines, line, error)
                block.malformed.append((line, lines.latest))
                continue
            if row:
                numbers.append(line)
                block.parsed.append(row)
            if len(numbers) == ROWS_OF_BLOCK:
                yield block
                numbers = []
                block = Block(numbers)
        yield block

    def _refuse_endless(self, lines: _Lines, line: int, error: csv.Error) -> None:
        """Refuse the file if a quotation mark has swallowed what came after it."""
        if lines.exhausted or "field limit" in str(error):
            why = _("a quotation mark is opened but not closed")
            raise file_refused(self.file, line, why) from error


class RowPicker:
    """Rows of a file by the lines they begin on, asked for in rising order."""

    def __init__(self, reader: RowReader) -> None:
        self.header = reader.header
        self._blocks = reader.blocks()
        self._block = Block([])
        self._last_line = 0

    def rows(self, lines: Iterable[int]) -> list[list[str]]:
        """The rows that begin on these lines, each of which is known to begin one."""
        return [self._row(line) for line in lines]

    def _row(self, line: int) -> list[str]:
        while self._last_line < line:
            self._block = next(self._blocks)
            self._last_line = self._block.last_line
        return self._block.row_at(line)


class _Lines:
    """The lines of a piece, and of the pieces after it while a row goes on, for the csv module."""

    def __init__(self, pieces: Iterator[Piece], piece: Piece | None = None) -> None:
        self._pieces = pieces
        self._lines: list[str] = []
        self._position = 0
        self.next_line = 1
        self.latest = ""
        self.exhausted = False
        if piece:
            self._begin(piece)

    @property
    def pending(self) -> bool:
        """Tell whether lines are left of the pieces begun."""
        return self._position < len(self._lines)

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if not self.pending:
            self._pull()
        self.latest = self._lines[self._position]
        self._position += 1
        self.next_line += 1
        return self.latest

    def _pull(self) -> None:
        try:
            self._begin(next(self._pieces))
        except StopIteration:
            self.exhausted = True
            raise

    def _begin(self, piece: Piece) -> None:
        lines = [line + "\n" for line in piece.text.split("\n")]
        lines[-1] = lines[-1][:-1]
        self._lines = lines if lines[-1] else lines[:-1]
        self._position, self.next_line = 0, piece.line


def _plain(first: int, text: str) -> Block:
    rows = text.removesuffix("\n").split("\n")
    if "" not in rows:
        return Block(range(first, first + len(rows)), rows)
    kept = [(line, row) for line, row in enumerate(rows, start=first) if row]
    return Block([line for line, _row in kept], [row for _line, row in kept])
