"""CSV files of what a query returns, streamed by COPY: UTF-8, header line, `\\n`."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.backends.utils import CursorWrapper


def query_to_csv(
    cursor: CursorWrapper, sql: str, params: Mapping[str, Any], path: Path | None
) -> int:
    """Write the rows of a query to a file, or to standard output for None; return their number.

    The file appears whole or not at all.
    """
    lines = -1  # the header
    copying: AbstractContextManager[Any] = cursor.copy(
        f"COPY ({sql}) TO STDOUT (FORMAT csv, HEADER true)", params
    )
    with written_whole(path) as out, copying as copy:
        for block in copy:
            out.write(block)
            lines += bytes(block).count(b"\n")
    return lines


@contextmanager
def written_whole(path: Path | None) -> Iterator[IO[bytes]]:
    """A binary file that takes its name only when the block ends well; standard output for None."""
    if path is None:
        sys.stdout.flush()
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as out:
            yield out
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
