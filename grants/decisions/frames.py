"""The budget frame of a programme year: allotted, committed, left (P-06)."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Sum
from django.utils.translation import gettext as _

from config.lib.money import finnish
from grants.decisions.models import SupportProposal
from grants.rounds.models import BudgetFrame


@dataclass(frozen=True)
class FrameFigures:
    """How a frame stands, in cents."""

    programme_year: int
    allotted: int
    committed: int

    @property
    def left(self) -> int:
        """What may still be decided."""
        return self.allotted - self.committed


def frame_figures(frame: BudgetFrame) -> FrameFigures:
    """What has been decided of a frame; one query."""
    decided = SupportProposal.objects.decided().filter(application__round__frame=frame)
    committed = decided.aggregate(cents=Sum("difference_cents", default=0))["cents"]
    return FrameFigures(frame.programme_year, frame.allotted_cents, committed)


def frame_objection(frame: BudgetFrame | None, cents: int) -> str | None:
    """Why so many cents more may not be decided from the frame; None if they may (P-06)."""
    if frame is None:
        return None
    figures = frame_figures(frame)
    if cents <= figures.left:
        return None
    return _(
        "The budget frame of {year} is {allotted}: {committed} of it is decided and {left} left. "
        "This decision of {amount} would exceed it by {over}."
    ).format(
        year=figures.programme_year,
        allotted=finnish(figures.allotted),
        committed=finnish(figures.committed),
        left=finnish(figures.left),
        amount=finnish(cents),
        over=finnish(cents - figures.left),
    )
