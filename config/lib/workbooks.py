"""A first look at an office file, before anything parses it: what it is, and whether it is hostile.

The whole of every part is streamed through a few patterns, before any parser or person opens what
somebody has sent.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from config.lib.zips import SafeZip, ZipRefused, ZipTooLarge

MAX_UNPACKED_BYTES = 256 * 1024 * 1024
MAX_SHEET_ROWS = 50_000  # filled cells below are no table's; empty formatted ones may be
OVERLAP = 2048  # of two pieces that are looked through, so that no pattern falls between them

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
DOCUMENT_TYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)")
EPOCH_1904 = re.compile(rb"""\bdate1904\s*=\s*["'](?:1|true)["']""")
# The reference of a cell that has content, in a row of six digits or a column of three letters.
FAR_CELL = re.compile(
    rb"""\br\s*=\s*["']([A-Z]{1,2}(\d{5,})|[A-Z]{3,}\d+)["'](?:[^<>]*[^<>/])?>(?!</)"""
)
RELATIONSHIP = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*>")
LEADS_OUTSIDE = re.compile(rb"""TargetMode\s*=\s*["']External["']""")
HYPERLINK = re.compile(rb"""Type\s*=\s*["'][^"']*/hyperlink["']""")  # never followed
WORKBOOK, TEXT = "xl/workbook.xml", "word/document.xml"  # the main part, by which a file is one
EXTERNAL_PARTS = re.compile(
    r"xl/(?:externalLinks|queryTables)/|xl/connections\.xml$", re.IGNORECASE
)
MACRO_PARTS = re.compile(
    r"vbaProject\.bin$|xl/macrosheets/|xl/dialogsheets/|/activeX/|/embeddings/.*\.bin$",
    re.IGNORECASE,
)
SHEET = re.compile(r"xl/worksheets/.*\.xml$", re.IGNORECASE)


class Reason(StrEnum):
    """Why a file is not opened."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    OLD_EXCEL = "old_excel"
    PASSWORD = "password"  # noqa: S105 # a reason's name
    CSV = "csv"
    OTHER_FORMAT = "other_format"
    BROKEN = "broken"
    UNPACKS_TOO_LARGE = "unpacks_too_large"
    UNSAFE = "unsafe"
    MACROS = "macros"
    EXTERNAL = "external"
    FAR_CELLS = "far_cells"


class WorkbookRefused(ValueError):
    """The file is not opened; `reason` says why, `details` what a sentence may name."""

    def __init__(self, reason: Reason, **details: str | int) -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.details = details


@dataclass(frozen=True)
class Inspection:
    """What the first look tells of a workbook that may be read."""

    epoch_1904: bool


def inspect(path: Path, *, max_bytes: int) -> Inspection:
    """Look through a workbook that is to be read. Raises WorkbookRefused."""
    epoch_1904 = False
    for name, piece in _harmless(path, WORKBOOK, max_bytes=max_bytes):
        if SHEET.match(name):
            _refuse_far_cells(piece)
        elif name == WORKBOOK and EPOCH_1904.search(piece):
            epoch_1904 = True
    return Inspection(epoch_1904)


def refuse_hostile(path: Path, main: str, *, max_bytes: int) -> None:
    """Look through an office file that people alone will open. Raises WorkbookRefused."""
    for _piece in _harmless(path, main, max_bytes=max_bytes):
        pass


def _harmless(path: Path, main: str, *, max_bytes: int) -> Iterator[tuple[str, bytes]]:
    """The parts of an office file with this main part, piece by piece. Raises WorkbookRefused."""
    _refuse_other_formats(path, max_bytes)
    try:
        with SafeZip(path, max_bytes=MAX_UNPACKED_BYTES) as package:
            _refuse_parts(package.names, main)
            for name in package.names:
                for piece in _pieces(package, name):
                    _refuse_piece(name, piece)
                    yield name, piece
    except ZipTooLarge as refused:
        raise WorkbookRefused(Reason.UNPACKS_TOO_LARGE) from refused
    except ZipRefused as refused:
        raise WorkbookRefused(Reason.BROKEN) from refused


def _refuse_other_formats(path: Path, max_bytes: int) -> None:
    size = path.stat().st_size
    if size == 0:
        raise WorkbookRefused(Reason.EMPTY)
    if size > max_bytes:
        raise WorkbookRefused(Reason.TOO_LARGE)
    content = path.read_bytes()
    if content.startswith(OLE):
        raise WorkbookRefused(Reason.PASSWORD if ENCRYPTED in content else Reason.OLD_EXCEL)
    if not content.startswith(ZIP):
        raise WorkbookRefused(Reason.CSV if _is_table_of_text(content) else Reason.OTHER_FORMAT)


def _is_table_of_text(content: bytes) -> bool:
    start = content[:4096]
    return b"\0" not in start and any(mark in start for mark in (b";", b",", b"\t"))


def _refuse_parts(names: list[str], main: str) -> None:
    if main not in names or "[Content_Types].xml" not in names:
        raise WorkbookRefused(Reason.OTHER_FORMAT)
    if any(MACRO_PARTS.search(name) for name in names):
        raise WorkbookRefused(Reason.MACROS)
    if any(EXTERNAL_PARTS.match(name) for name in names):
        raise WorkbookRefused(Reason.EXTERNAL)


def _pieces(package: SafeZip, name: str) -> Iterator[bytes]:
    """The content of a part piece by piece, each with the end of the one before."""
    end = b""
    for chunk in package.chunks(name):
        piece = end + chunk
        yield piece
        end = piece[-OVERLAP:]


def _refuse_piece(name: str, piece: bytes) -> None:
    if not name.endswith((".xml", ".rels")):
        return
    if DOCUMENT_TYPE.search(piece) or b"\0" in piece:  # neither are office files' own, nor UTF-16
        raise WorkbookRefused(Reason.UNSAFE)
    if name == "[Content_Types].xml" and b"macroEnabled" in piece:
        raise WorkbookRefused(Reason.MACROS)
    if name.endswith(".rels"):
        _refuse_leading_outside(piece)


def _refuse_leading_outside(piece: bytes) -> None:
    for relationship in RELATIONSHIP.findall(piece):
        if LEADS_OUTSIDE.search(relationship) and not HYPERLINK.search(relationship):
            raise WorkbookRefused(Reason.EXTERNAL)


def _refuse_far_cells(piece: bytes) -> None:
    for cell in FAR_CELL.finditer(piece):
        row = cell[2]
        if row is None or int(row[:9]) > MAX_SHEET_ROWS:
            raise WorkbookRefused(Reason.FAR_CELLS, cell=cell[1].decode("ascii")[:12])
