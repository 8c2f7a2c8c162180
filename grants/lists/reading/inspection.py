"""A first look at a file, before anything parses it: what it is, and whether it is hostile.

The whole of every part is streamed through a few patterns. What hides from them only ends the
process that reads the workbook (`reading.process`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from config.lib.zips import SafeZip, ZipRefused, ZipTooLarge
from grants.lists.reading.refusals import ListRefused, Refusal
from grants.lists.schema import MAX_FILE_BYTES

MAX_UNPACKED_BYTES = 256 * 1024 * 1024
MAX_SHEET_ROWS = 50_000  # filled cells below are no list's; empty formatted ones may be
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


@dataclass(frozen=True)
class Inspection:
    """What the first look tells of a workbook that may be read."""

    epoch_1904: bool


def inspect(path: Path) -> Inspection:
    """Look through a file. Raises ListRefused."""
    _refuse_other_formats(path)
    try:
        with SafeZip(path, max_bytes=MAX_UNPACKED_BYTES) as workbook:
            return _inspect_workbook(workbook)
    except ZipTooLarge as refused:
        raise ListRefused(Refusal.UNPACKS_TOO_LARGE) from refused
    except ZipRefused as refused:
        raise ListRefused(Refusal.BROKEN) from refused


def _refuse_other_formats(path: Path) -> None:
    size = path.stat().st_size
    if size == 0:
        raise ListRefused(Refusal.EMPTY)
    if size > MAX_FILE_BYTES:
        raise ListRefused(Refusal.TOO_LARGE)
    content = path.read_bytes()
    if content.startswith(OLE):
        raise ListRefused(Refusal.PASSWORD if ENCRYPTED in content else Refusal.OLD_EXCEL)
    if not content.startswith(ZIP):
        raise ListRefused(Refusal.CSV if _is_table_of_text(content) else Refusal.OTHER_FORMAT)


def _is_table_of_text(content: bytes) -> bool:
    start = content[:4096]
    return b"\0" not in start and any(mark in start for mark in (b";", b",", b"\t"))


def _inspect_workbook(workbook: SafeZip) -> Inspection:
    names = workbook.names
    if "xl/workbook.xml" not in names or "[Content_Types].xml" not in names:
        raise ListRefused(Refusal.OTHER_FORMAT)
    if any(MACRO_PARTS.search(name) for name in names):
        raise ListRefused(Refusal.MACROS)
    if any(EXTERNAL_PARTS.match(name) for name in names):
        raise ListRefused(Refusal.EXTERNAL)
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
        raise ListRefused(Refusal.UNSAFE)
    if name == "[Content_Types].xml" and b"macroEnabled" in piece:
        raise ListRefused(Refusal.MACROS)
    if name.endswith(".rels"):
        _refuse_leading_outside(piece)
    elif SHEET.match(name):
        _refuse_far_cells(piece)


def _refuse_leading_outside(piece: bytes) -> None:
    for relationship in RELATIONSHIP.findall(piece):
        if LEADS_OUTSIDE.search(relationship) and not HYPERLINK.search(relationship):
            raise ListRefused(Refusal.EXTERNAL)


def _refuse_far_cells(piece: bytes) -> None:
    for cell in FAR_CELL.finditer(piece):
        row = cell[2]
        if row is None or int(row[:9]) > MAX_SHEET_ROWS:
            raise ListRefused(Refusal.FAR_CELLS, cell=cell[1].decode("ascii")[:12])
