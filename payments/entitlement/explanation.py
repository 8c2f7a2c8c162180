"""An assessment in words: steps with their facts, sections of law and arithmetic."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from config.lib.months import Month
from registry.models import Organisation

Verdict = Literal["passes", "stops", "info"]


@dataclass(frozen=True)
class ExplainedFact:
    """A fact that was used: what it says, which register said it, in which delivery."""

    label: str
    value: str
    source: str
    delivery_id: int | None = None
    received_at: datetime | None = None


@dataclass(frozen=True)
class Step:
    """One rule's say: it lets the assessment go on, stops it, or informs."""

    rule: str
    title: str
    text: str
    verdict: Verdict
    facts: list[ExplainedFact] = field(default_factory=list)
    citation: str = ""


@dataclass(frozen=True)
class ExplainedLine:
    """An expected line with its arithmetic: the yearly amount, a twelfth, rounded (C-26)."""

    payee: Organisation
    component: str
    arithmetic: str
    amount_cents: int
    citation: str


@dataclass(frozen=True)
class Explanation:
    """Why a person-month is or is not paid; `reason` is the code of the unpaid (C-03 … C-09)."""

    uma_number: str
    month: Month
    steps: list[Step]
    lines: list[ExplainedLine]
    reason: str | None
    conclusion: str

    @property
    def day(self) -> date:
        """The first day of the benefit month, on which everything is looked at."""
        return self.month.first_day
