"""What would be destroyed or archived on a day, and what a hold keeps (P-14)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q, QuerySet, Sum
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from payments.models import (
    Assessment,
    ClaimableEntry,
    Line,
    LineKind,
    ManualDraft,
    RecoveryCase,
    Run,
    RunChunk,
)
from payments.retention.matters import Ended, MattersEnding, matters_by_kind, matters_ended
from registry.models import AuditEvent, DisclosureEvent, Person, RejectedRow

SHOWN = 200  # of matters whose time has come
YEARS = 10  # of the calculated compensation (P-14), from the approval of the run
DRAFTS_KEPT = timedelta(days=365)  # of what was never sent: 12 months (P-14)


@dataclass(frozen=True)
class Ending:
    """Rows of one class whose retention has ended, and those of them that a hold keeps."""

    label: str | Promise
    ended: int
    held: int

    @property
    def destroyed(self) -> int:
        """The rows that would go."""
        return self.ended - self.held


@dataclass(frozen=True)
class Kept:
    """Rows of a class for which the rules name no end."""

    label: str | Promise
    rows: int


@dataclass(frozen=True)
class Preview:
    """What would happen on the day; `before`: the runs approved before it have ended."""

    day: date
    before: date
    runs: list[Run]
    endings: list[Ending]
    persons_held: int
    kept: list[Kept]
    matters: list[MattersEnding]
    ended: list[Ended]


def retention_preview(day: date) -> Preview:
    """Count what would be destroyed on the day; a fixed number of queries, none over all lines.

    Whoever has a claimable entry that may still be applied for on the day is held, with all rows:
    the claim is decided by the months around it. So are the persons whose corrections an open
    recovery takes back.
    """
    before = years_earlier(day)
    midnight = timezone.make_aware(datetime.combine(before, time.min))
    runs = Run.objects.approved().filter(approved_at__lt=midnight).order_by("month")
    due, held, ended = list(runs), _persons_held(day), matters_ended(day)
    return Preview(
        day=day,
        before=before,
        runs=due,
        endings=[*_endings(due, held), _drafts(day)],
        persons_held=held.count(),
        kept=_kept(),
        matters=matters_by_kind(ended),
        ended=ended[:SHOWN],
    )


def years_earlier(day: date) -> date:
    """The day so many years ago as the rows are kept; of 29 February, the 28th."""
    year = max(day.year - YEARS, 1)
    try:
        return day.replace(year=year)
    except ValueError:
        return day.replace(year=year, day=28)


def _persons_held(day: date) -> QuerySet[Person, int]:
    claims = ClaimableEntry.objects.filter(closed_by=None).in_time(day).order_by()
    recovered = Run.objects.filter(proposals__recovery__in=RecoveryCase.objects.open())
    corrected = Line.objects.filter(run__in=recovered, kind=LineKind.CORRECTION, amount_cents__lt=0)
    held = Q(pk__in=claims.values("person")) | Q(pk__in=corrected.values("person"))
    return Person.objects.filter(held).values_list("pk", flat=True)


def _endings(runs: list[Run], held: QuerySet[Any, int]) -> list[Ending]:
    counted = RunChunk.objects.filter(run__in=runs).aggregate(
        assessments=Sum("assessments", default=0), lines=Sum("lines", default=0)
    )
    entries = ClaimableEntry.objects.filter(closed_by__in=runs)
    return [
        Ending(
            _("assessments of person-months"), counted["assessments"], _held(Assessment, runs, held)
        ),
        Ending(_("lines of the ledger"), counted["lines"], _held(Line, runs, held)),
        Ending(
            _("claimable entries closed by those runs"),
            entries.count(),
            entries.filter(person__in=held).count(),
        ),
    ]


def _drafts(day: date) -> Ending:
    """Lists of persons that nobody sent; nothing holds them."""
    midnight = timezone.make_aware(datetime.combine(day - DRAFTS_KEPT, time.min))
    ended = ManualDraft.objects.filter(made_at__lt=midnight).count()
    return Ending(_("drafts of applications for persons, never sent"), ended, 0)


def _held(model: type[Assessment | Line], runs: list[Run], held: QuerySet[Any, int]) -> int:
    return model._default_manager.filter(run__in=runs, person__in=held).count()


def _kept() -> list[Kept]:
    return [
        Kept(_("persons, with their facts"), Person.objects.count()),
        Kept(_("refused rows of deliveries"), RejectedRow.objects.count()),
        Kept(_("events of the access log"), AuditEvent.objects.count()),
        Kept(_("events of the disclosure log"), DisclosureEvent.objects.count()),
    ]
