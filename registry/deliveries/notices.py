"""Notices of an import: what is worth knowing but refuses nothing. They hold no personal data."""

from __future__ import annotations

from typing import Any

from registry.deliveries.refusals import Notice

MOST = 1000
LONGEST_NAME = 100


class Notices:
    """Collects notices, so many of them, and counts the rest."""

    def __init__(self) -> None:
        self._kept: list[dict[str, Any]] = []
        self._more = 0

    def of_file(self, file: str, code: Notice) -> None:
        """Note something of a whole file."""
        self._add({"file": file[:LONGEST_NAME], "code": code.value})

    def of_column(self, file: str, column: str) -> None:
        """Note a column that is not read."""
        code = Notice.UNKNOWN_COLUMN.value
        self._add({"file": file, "column": column[:LONGEST_NAME], "code": code})

    def of_line(self, file: str, line: int, code: Notice) -> None:
        """Note something of a row."""
        self._add({"file": file, "line": line, "code": code.value})

    def as_json(self) -> list[dict[str, Any]]:
        """The notices kept, and at the end how many more there were."""
        more = [{"code": Notice.MORE.value, "count": self._more}] if self._more else []
        return self._kept + more

    def _add(self, notice: dict[str, Any]) -> None:
        if len(self._kept) < MOST:
            self._kept.append(notice)
        else:
            self._more += 1
