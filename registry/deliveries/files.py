"""Where a delivery's bytes come from: a folder, a zip, or one file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.utils.translation import gettext as _

from config.lib.progress import Progress
from config.lib.zips import CHUNK_BYTES, SafeZip, ZipRefused
from registry.deliveries.refusals import DeliveryRefused


class Source(Protocol):
    """Files by name, read as streams of bytes; reading raises DeliveryRefused."""

    @property
    def names(self) -> Sequence[str]: ...

    def chunks(self, name: str) -> Iterator[bytes]: ...


@dataclass(frozen=True)
class Content:
    """What a delivery holds: the known files in order with their sizes, their hash, other files."""

    source: Source
    sizes: dict[str, int]
    unknown: tuple[str, ...]
    content_hash: str


@contextmanager
def source_open(path: Path) -> Iterator[Source]:
    """Open a folder or a zip. Raises DeliveryRefused."""
    if path.is_dir():
        yield _Folder(path)
        return
    with _archive(path) as archive:
        yield _Zip(path, archive)


def _archive(path: Path) -> SafeZip:
    try:
        return SafeZip(path, max_bytes=settings.DELIVERY_MAX_BYTES)
    except ZipRefused as refused:
        raise _zip_refused(path, refused) from refused
    except OSError as error:
        raise _unreadable(path.name, error) from error


def content_read(source: Source, known: Sequence[str], progress: Progress) -> Content:
    """Read all known files once for their hash. Raises DeliveryRefused if none is there."""
    files = tuple(name for name in known if name in source.names)
    if not files:
        raise DeliveryRefused(
            _("None of the files of a delivery is there; it has at least one of: %(names)s.")
            % {"names": ", ".join(known)}
        )
    sizes, content = {}, sha256()
    for number, name in enumerate(files, start=1):
        sizes[name], digest = _digest(source, name)
        content.update(name.encode() + digest)
        progress(_("Opening"), number, len(files))
    unknown = tuple(sorted(set(source.names) - set(files)))
    return Content(source, sizes, unknown, content.hexdigest())


def _digest(source: Source, name: str) -> tuple[int, bytes]:
    size, digest = 0, sha256()
    for chunk in source.chunks(name):
        size += len(chunk)
        digest.update(chunk)
    return size, digest.digest()


class _Folder:
    def __init__(self, path: Path) -> None:
        try:
            self._files = {entry.name: entry for entry in path.iterdir()}
        except OSError as error:
            raise _unreadable(path.name, error) from error
        self.names = tuple(self._files)

    def chunks(self, name: str) -> Iterator[bytes]:
        return _file_chunks(self._files[name], name)


class _Zip:
    def __init__(self, path: Path, archive: SafeZip) -> None:
        self._path, self._archive = path, archive
        self.names = tuple(archive.names)

    def chunks(self, name: str) -> Iterator[bytes]:
        try:
            yield from self._archive.chunks(name)
        except ZipRefused as refused:
            raise _zip_refused(self._path, refused) from refused


class SingleFile:
    """One file read under the name its layout has."""

    def __init__(self, path: Path, name: str) -> None:
        self._path = path
        self.names = (name,)

    def chunks(self, name: str) -> Iterator[bytes]:
        return _file_chunks(self._path, self._path.name)


def _file_chunks(path: Path, name: str) -> Iterator[bytes]:
    if not path.is_file():
        raise DeliveryRefused(_("%(name)s is not a file.") % {"name": name})
    try:
        with path.open("rb", buffering=0) as file:
            while chunk := file.read(CHUNK_BYTES):
                yield chunk
    except OSError as error:
        raise _unreadable(name, error) from error


def _zip_refused(path: Path, refused: ZipRefused) -> DeliveryRefused:
    return DeliveryRefused(
        _("The zip %(name)s is refused. %(why)s") % {"name": path.name, "why": refused}
    )


def _unreadable(name: str, error: OSError) -> DeliveryRefused:
    return DeliveryRefused(
        _("%(name)s cannot be read: %(why)s.") % {"name": name, "why": error.strerror or error}
    )
