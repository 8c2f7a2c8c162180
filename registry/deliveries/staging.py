"""Staging: the rows of each file in a temporary table of typed columns, filled by one COPY.

Identity codes come in as keyed hashes. A row refused by itself has its refusal, and of its
values only its key.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from django.db.backends.utils import CursorWrapper
from django.utils.translation import gettext as _

from config.lib.progress import Progress
from registry.deliveries.checking import BlockChecker
from registry.deliveries.files import Content
from registry.deliveries.layout import Layout
from registry.deliveries.notices import Notices
from registry.deliveries.reading import RowReader
from registry.deliveries.refusals import DeliveryRefused


class Reading:
    """Reads the files of a content and reports how many of their bytes have been read."""

    def __init__(self, content: Content, progress: Progress) -> None:
        self.content = content
        self._progress = progress

    def rows(self, file: str, *, what: str = "") -> RowReader:
        """The rows of a file; reading them moves the progress."""
        return RowReader(file, self._watched(file, what or file))

    def _watched(self, file: str, what: str) -> Iterator[bytes]:
        read, size = 0, self.content.sizes[file]
        for chunk in self.content.source.chunks(file):
            read += len(chunk)
            self._progress(what, read, size)
            yield chunk
        if read != size:
            raise DeliveryRefused(
                _("%(file)s changed while it was read; import it when it is complete.")
                % {"file": file}
            )


def stage(
    cursor: CursorWrapper, layout: Layout, reading: Reading, notices: Notices
) -> BlockChecker:
    """Copy a file into `incoming_<name>`; what checked it knows how many rows there were.

    Raises DeliveryRefused if the file cannot be read.
    """
    reader = reading.rows(layout.file)
    checker = BlockChecker(layout, reader.header, notices)
    with collector_paused(), cursor.copy(_copy_statement(layout)) as copy:
        for block in reader.blocks():
            copy.write(checker.written(block))
    cursor.execute(f"ANALYZE incoming_{layout.name} (line, refusal, {', '.join(layout.key)})")
    return checker


def staging_create(cursor: CursorWrapper, layout: Layout) -> None:
    """Create the empty staging table of a file."""
    columns = ", ".join(f"{column.name} {column.check.sql_type}" for column in layout.columns)
    cursor.execute(
        f"CREATE TEMPORARY TABLE incoming_{layout.name}"
        f" (line integer NOT NULL, refusal text, refused_column text, {columns}) ON COMMIT DROP"
    )


def _copy_statement(layout: Layout) -> str:
    texts = [column.name for column in layout.columns if column.check.sql_type == "text"]
    return (
        f"COPY incoming_{layout.name} FROM STDIN"
        f" (FORMAT csv, FORCE_NOT_NULL ({', '.join(['refused_column', *texts])}))"
    )


@contextmanager
def collector_paused() -> Iterator[None]:
    """Pause the search for reference cycles: rows make none, and it doubled the time to split them."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
