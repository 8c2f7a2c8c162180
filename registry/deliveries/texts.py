"""From bytes to text: UTF-8 and NUL checked as it streams, in pieces that end where lines end."""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from django.utils.translation import gettext as _

from registry.deliveries.refusals import DeliveryRefused

LONGEST_LINE = 1 << 20


@dataclass(frozen=True, slots=True)
class Piece:
    """Whole lines of a file (the last may lack its end), and the number of the first."""

    line: int
    text: str


def pieces(file: str, chunks: Iterable[bytes]) -> Iterator[Piece]:
    """Decode a file. Raises DeliveryRefused with the line where it is not text."""
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    line, rest = 1, ""
    for chunk in chain(chunks, (b"",)):
        text = rest + _decoded(decoder, chunk, file, line)
        whole = text.rfind("\n") + 1 if chunk else len(text)
        if whole:
            yield Piece(line, text[:whole])
            line += text.count("\n")
        rest = text[whole:]
        if len(rest) > LONGEST_LINE:
            raise file_refused(file, line, _("the line is too long"))


def _decoded(decoder: codecs.IncrementalDecoder, chunk: bytes, file: str, line: int) -> str:
    """Decode the bytes after those of `line`; an empty chunk is the end."""
    try:
        text = decoder.decode(chunk, final=not chunk)
    except UnicodeDecodeError as error:
        line += error.object[: error.start].count(b"\n")
        raise file_refused(file, line, _("it is not UTF-8")) from error
    if "\0" in text:
        line += text[: text.index("\0")].count("\n")
        raise file_refused(file, line, _("it has a NUL byte"))
    return text


def file_refused(file: str, line: int, why: str) -> DeliveryRefused:
    """The refusal of a whole delivery for what is on a line of a file."""
    return DeliveryRefused(
        _("%(file)s, line %(line)d: %(why)s. Nothing was imported; mend the file and try again.")
        % {"file": file, "line": line, "why": why}
    )
