"""Reading zips from outside: nothing is unpacked to disk, and nothing claimed is believed.

Refused are paths that lead outside, repeated names, links, encryption, zips within, methods other
than store and deflate, and more bytes than allowed, by what is declared and by what comes out.
"""

from __future__ import annotations

import io
import stat
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import Self
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from django.utils.translation import gettext as _

CHUNK_BYTES = 1 << 16
DIRECTORY_BYTES = 1 << 20  # a central directory of thousands of files
METHODS = (ZIP_STORED, ZIP_DEFLATED)
ENCRYPTED = 0x1
BROKEN = (
    BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    OverflowError,
    struct.error,
)


class ZipRefused(ValueError):
    """The zip is broken, hostile or too large; the message is for the user."""


class ZipTooLarge(ZipRefused):
    """The zip has more in it than allowed, by what it declares or by what comes out."""


class SafeZip:
    """A zip whose members can be read as streams of bytes. Raises ZipRefused."""

    def __init__(self, path: Path, *, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._file = _ShortReads(path, "rb")
        try:
            self._zip = ZipFile(self._file)
            members = [info for info in self._zip.infolist() if not info.is_dir()]
        except BROKEN as error:
            self._file.close()
            raise ZipRefused(_("It is not a zip, or it is broken.")) from error
        try:
            _refuse_hostile(members, max_bytes)
        except ZipRefused:
            self.__exit__(None, None, None)
            raise
        self._members = {info.filename: info for info in members}
        self.names = list(self._members)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._zip.close()
        self._file.close()

    def chunks(self, name: str) -> Iterator[bytes]:
        """The bytes of a member, its checksum verified at the end."""
        read = 0
        try:
            with self._zip.open(self._members[name]) as member:
                while chunk := member.read(CHUNK_BYTES):
                    read += len(chunk)
                    self._refuse_too_large(read)
                    yield chunk
        except ZipRefused:
            raise
        except BROKEN as error:
            message = _("Its file %(name)s is broken; make the zip again.") % {"name": name}
            raise ZipRefused(message) from error

    def _refuse_too_large(self, read: int) -> None:
        if read > self._max_bytes:
            raise ZipTooLarge(_too_large(self._max_bytes))


class _ShortReads(io.FileIO):
    """A file that refuses the one long read, of a central directory no honest zip has."""

    def read(self, size: int | None = -1) -> bytes:
        if size is not None and size > DIRECTORY_BYTES:
            raise BadZipFile("central directory too large")
        return super().read(-1 if size is None else size) or b""


def _refuse_hostile(members: list[ZipInfo], max_bytes: int) -> None:
    if sum(info.file_size for info in members) > max_bytes:
        raise ZipTooLarge(_too_large(max_bytes))
    seen = set()
    for info in members:
        if info.filename in seen:
            raise ZipRefused(_("It has two files named %(name)s.") % {"name": info.filename})
        seen.add(info.filename)
        if fault := _fault(info):
            raise ZipRefused(fault % {"name": info.filename})


def _fault(info: ZipInfo) -> str:
    name = info.orig_filename
    if _leads_outside(name):
        return _("The path of its file %(name)s leads outside the zip.")
    if stat.S_ISLNK(info.external_attr >> 16):
        return _("Its file %(name)s is a link.")
    if info.flag_bits & ENCRYPTED:
        return _("Its file %(name)s is encrypted; send it unencrypted.")
    if name.lower().endswith(".zip"):
        return _("It has a zip in it, %(name)s.")
    if info.compress_type not in METHODS:
        return _("Its file %(name)s is compressed in an unusual way; use a plain zip.")
    return ""


def _leads_outside(name: str) -> bool:
    path = PurePosixPath(name)
    return path.is_absolute() or ".." in path.parts or bool({"\\", ":", "\0"} & set(name))


def _too_large(max_bytes: int) -> str:
    return _("Unpacked it is larger than the limit of %(limit)d bytes.") % {"limit": max_bytes}
