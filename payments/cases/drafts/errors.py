"""Why a list does not become a draft."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from payments.cases.drafts.checking import Finding


class ListFaulty(ValueError):
    """Rows of the list have errors; `findings` are all of them, warnings too."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__("The list has errors.")
        self.findings = findings
