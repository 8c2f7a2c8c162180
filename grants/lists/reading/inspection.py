"""A first look at a list: what it is, and whether it is hostile."""

from __future__ import annotations

from pathlib import Path

from config.lib import workbooks
from grants.lists.reading.refusals import ListRefused, Refusal
from grants.lists.schema import MAX_FILE_BYTES


def inspect(path: Path) -> workbooks.Inspection:
    """Look through a file before anything parses it. Raises ListRefused.

    What hides from the look only ends the process that reads the workbook (`reading.process`).
    """
    try:
        return workbooks.inspect(path, max_bytes=MAX_FILE_BYTES)
    except workbooks.WorkbookRefused as refused:
        raise ListRefused(Refusal(refused.reason.value), **refused.details) from refused
