"""Why former payments are refused: sentences for the person who sent them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class RowFault:
    """A row that cannot be taken: its line in the file, and why."""

    line: int
    reason: str


@dataclass(frozen=True)
class Difference:
    """A payee's year whose rows do not come to its control total, in cents; None: not given."""

    payee_code: str
    year: int
    cents: int
    control_cents: int | None


class FormerRefused(ValueError):
    """The file, or a step with an import, is refused; nothing of the file is kept."""

    def __init__(
        self,
        message: str,
        *,
        faults: list[RowFault] | None = None,
        differences: list[Difference] | None = None,
    ) -> None:
        super().__init__(message)
        self.faults = faults or []
        self.differences = differences or []
