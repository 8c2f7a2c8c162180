"""How a ceiling stands, and what pages of claims show, each in a fixed number of queries."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet, Sum
from django.urls import reverse

from grants.applications.models import Application
from grants.costs.models import CostAttachment, CostClaim, CostClaimQuerySet, CostStep
from grants.costs.states import TAKEN, WAITING, CostDeed, CostStatus
from grants.decisions.ceilings import applied_cents, granted_cents
from registry.files.selectors import Attachment


@dataclass(frozen=True)
class CeilingFigures:
    """A ceiling: applied for, granted; claimed and waiting, accepted (the paid with it), paid. Cents."""

    applied: int
    granted: int
    waiting: int
    accepted: int
    paid: int

    @property
    def left(self) -> int:
        """What may still be claimed."""
        return self.granted - self.waiting - self.accepted


def ceiling_figures(application: Application) -> CeilingFigures:
    """How the ceiling of an application stands; two queries."""
    sums = CostClaim.objects.filter(application=application).aggregate(
        waiting=Sum("amount_cents", filter=Q(status__in=WAITING), default=0),
        accepted=Sum("accepted_cents", filter=Q(status__in=TAKEN), default=0),
        paid=Sum("accepted_cents", filter=Q(status=CostStatus.PAID), default=0),
    )
    return CeilingFigures(applied_cents(application), granted_cents(application), **sums)


def claims_shown(claims: CostClaimQuerySet, application: Application) -> list[CostClaim]:
    """Those claims of an application, the first first, but for withdrawn drafts; one query."""
    shown = claims.filter(application=application).exclude(status=CostStatus.WITHDRAWN, number=None)
    return list(shown.select_related("application", "decision").order_by("pk"))


def claims_waiting(claims: CostClaimQuerySet) -> QuerySet[CostClaim]:
    """Claims that wait for a reviewer or an approver, the oldest first; one query."""
    waiting = claims.filter(status__in=[CostStatus.SENT, CostStatus.ASKED, CostStatus.PROPOSED])
    return waiting.select_related("application__applicant", "application__round").order_by("pk")


@dataclass(frozen=True)
class CostsWaiting:
    """Claims of costs to be examined, and proposals on them to be decided."""

    sent: int
    proposed: int


def costs_waiting(claims: CostClaimQuerySet) -> CostsWaiting:
    """Count what waits; one query."""
    states = claims.waiting().order_by().values_list("status")
    counts = dict(states.annotate(count=Count("pk")))
    return CostsWaiting(counts.get(CostStatus.SENT, 0), counts.get(CostStatus.PROPOSED, 0))


def costs_to_complete(claims: CostClaimQuerySet) -> list[CostClaim]:
    """Claims that the applicant is asked to complete, the earliest day first; one query."""
    asked = claims.filter(status=CostStatus.ASKED).select_related("application")
    return list(asked.order_by("answer_by", "pk"))


def attachments_shown(
    attachments: QuerySet[CostAttachment], claim: CostClaim, *, can_remove: bool
) -> list[Attachment]:
    """A claim's attachments with their addresses; one query."""
    found = attachments.filter(claim=claim).select_related("file__uploaded_by")
    return [
        Attachment(
            one.file,
            reverse("cost_file", args=[one.pk]),
            reverse("cost_file_remove", args=[one.pk]) if can_remove and not one.is_sent else "",
        )
        for one in found
    ]


def last_asked(claim: CostClaim) -> CostStep | None:
    """What the applicant is asked to complete now; one query where something is."""
    if claim.status != CostStatus.ASKED:
        return None
    return claim.steps.filter(deed=CostDeed.ASKED).last()


# What the authority does within itself before it decides; whose names the applicant reads.
INTERNAL = (CostDeed.PROPOSED, CostDeed.RETURNED)
OF_APPLICANT = (CostDeed.CREATED, CostDeed.SENT, CostDeed.ANSWERED, CostDeed.WITHDRAWN)


@dataclass(frozen=True)
class Told:
    """A step as it is told; who took it, where the reader may know."""

    step: CostStep
    who: str


def steps_told(claims: list[CostClaim], *, to_staff: bool) -> list[Told]:
    """What was done with claims; to the applicant without what is internal; one query."""
    steps = CostStep.objects.filter(claim__in=claims).select_related("by", "claim__application")
    return [
        Told(step, _named(step) if to_staff or step.deed in OF_APPLICANT else "")
        for step in steps.order_by("pk")
        if to_staff or step.deed not in INTERNAL
    ]


def _named(step: CostStep) -> str:
    return step.by.get_full_name() or step.by.get_username() if step.by else ""
