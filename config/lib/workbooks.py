"""A first look at a file, before anything parses it: what it is, and whether it is hostile.

The whole of every part is streamed through a few patterns, before any parser sees a workbook that
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
EXTERNAL_PARTS = re.compile(
    r"xl/(?:externalLinks|queryTables)/|xl/connections\.xml$", re.IGNORECASE
)
MACRO_PARTS = re.compile(r"vbaProject\.bin$|xl/macrosheets/|xl/dialogsheets/", re.IGNORECASE)
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
    """Look through a file. Raises WorkbookRefused."""
    _refuse_other_formats(path, max_bytes)
    try:
        with SafeZip(path, max_bytes=MAX_UNPACKED_BYTES) as workbook:
            return _inspect_workbook(workbook)
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


def _inspect_workbook(workbook: SafeZip) -> Inspection:
    names = workbook.names
    if "xl/workbook.xml" not in names or "[Content_Types].xml" not in names:
        raise WorkbookRefused(Reason.OTHER_FORMAT)
    if any(MACRO_PARTS.search(name) for name in names):
        raise WorkbookRefused(Reason.MACROS)
    if any(EXTERNAL_PARTS.match(name) for name in names):
        raise WorkbookRefused(Reason.EXTERNAL)
    epoch_1904 = False
    for name in names:
        for piece in _pieces(workbook, name):
            _refuse_hostile(name, piece)
            if name == "xl/workbook.xml" and EPOCH_1904.search(piece):
                epoch_1904 = True
    return Inspection(epoch_1904)


def _pieces(workbook: SafeZip, name: str) -> Iterator[bytes]:
    """The content of a part piece by piece, each with the end of the one before."""
    end = b""
    for chunk in workbook.chunks(name):
        piece = end + chunk
        yield piece
        end = piece[-OVERLAP:]


def _refuse_hostile(name: str, piece: bytes) -> None:
    if not name.endswith((".xml", ".rels")):
        return
    if DOCUMENT_TYPE.search(piece) or b"\0" in piece:  # neither are spreadsheets' own, nor UTF-16
        raise WorkbookRefused(Reason.UNSAFE)
    if name == "[Content_Types].xml" and b"macroEnabled" in piece:
        raise WorkbookRefused(Reason.MACROS)
    if name.endswith(".rels"):
        _refuse_leading_outside(piece)
    elif SHEET.match(name):
        _refuse_far_cells(piece)


def _refuse_leading_outside(piece: bytes) -> None:
    for relationship in RELATIONSHIP.findall(piece):
        if LEADS_OUTSIDE.search(relationship) and not HYPERLINK.search(relationship):
            raise WorkbookRefused(Reason.EXTERNAL)


def _refuse_far_cells(piece: bytes) -> None:
    for cell in FAR_CELL.finditer(piece):
        row = cell[2]
        if row is None or int(row[:9]) > MAX_SHEET_ROWS:
            raise WorkbookRefused(Reason.FAR_CELLS, cell=cell[1].decode("ascii")[:12])
