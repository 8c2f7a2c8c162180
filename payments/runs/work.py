"""What pages show of the work on runs, in a fixed number of queries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from config.lib.months import Month
from payments.models import Run, RunChunk, RunStep
from payments.runs.leases import WORKER_LOST


@dataclass(frozen=True)
class RunProgress:
    """How far a run is: its parts, those done, those being computed, those set aside."""

    parts: int
    done: int
    held: int
    aside: list[tuple[int, str]]  # number of the part, its error

    @property
    def is_stopped(self) -> bool:
        """Whether only parts that were set aside are left."""
        return bool(self.aside) and self.done + len(self.aside) == self.parts


def run_progress(run: Run) -> RunProgress:
    """How far a run is by its parts; one query."""
    parts = list(RunChunk.objects.filter(run=run).order_by("number"))
    aside = [part for part in parts if part.set_aside_at]
    return RunProgress(
        parts=len(parts),
        done=sum(part.done_at is not None for part in parts),
        held=sum(part.held_until is not None for part in parts),
        aside=[
            (part.number, _(part.error) if part.error == WORKER_LOST else part.error)
            for part in aside
        ],
    )


def run_steps(month: date) -> QuerySet[RunStep]:
    """What was done with a month's runs, the latest first, cancelled and replaced ones included."""
    return RunStep.objects.filter(month=month).select_related("by").order_by("-pk")


@dataclass(frozen=True)
class StartOffer:
    """The month whose run may be started; any month if it is the first of all (C-37, C-38)."""

    month: Month
    is_first: bool


def start_offer(today: date) -> StartOffer | None:
    """Which run may be started; None while one is open. Two queries."""
    if Run.objects.open().exists():
        return None
    last = Run.objects.approved().order_by("-month").first()
    if last is None:
        return StartOffer(Month.of(today), is_first=True)
    return StartOffer(Month.of(last.month) + 1, is_first=False)
