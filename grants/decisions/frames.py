"""The budget frame of a programme year: allotted, committed, paid, left (P-06)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import BigIntegerField, F, Func, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from config.lib.money import finnish
from grants.decisions.models import SupportPayment
from grants.rounds.models import BudgetFrame


@dataclass(frozen=True)
class FrameFigures:
    """How a frame stands, in cents."""

    programme_year: int
    allotted: int
    committed: int
    paid: int

    @property
    def left(self) -> int:
        """What may still be decided."""
        return self.allotted - self.committed


def with_figures(frames: QuerySet[BudgetFrame]) -> QuerySet[BudgetFrame]:
    """Frames with `committed_cents` and `paid_cents`: decided, and booked by the bank less returned.

    The database counts what is committed as it does when it refuses a decision: of a closed salary
    grant, what was accepted.
    """
    committed = Func(F("pk"), function="grants_committed", output_field=BigIntegerField())
    paid = SupportPayment.objects.filter(application__round__frame=OuterRef("pk"))
    return frames.annotate(committed_cents=committed, paid_cents=_sum(paid, "cents"))


def _sum(rows: QuerySet[Any], cents: str) -> Coalesce:
    summed = rows.order_by().annotate(all=Func(cents, function="sum")).values("all")
    return Coalesce(Subquery(summed, output_field=BigIntegerField()), 0)


def frame_figures(frame: BudgetFrame) -> FrameFigures:
    """What has been decided and paid of a frame; one query."""
    found: Any = with_figures(BudgetFrame.objects.filter(pk=frame.pk)).get()
    return FrameFigures(
        found.programme_year, found.allotted_cents, found.committed_cents, found.paid_cents
    )


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
