"""Claiming costs: drafts with their vouchers, sent by whoever may send for the applicant."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from config.lib.money import finnish
from grants.applications.models import Application
from grants.applications.states import AFTER_DECISION
from grants.applications.steps import ApplicationRefused
from grants.costs.models import CostAttachment, CostClaim
from grants.costs.selectors import ceiling_figures
from grants.costs.states import CostDeed, CostStatus
from grants.costs.steps import cost_locked, cost_step, own_attempt
from registry.access.models import Right, User
from registry.audit.models import Purpose, Verb
from registry.files.services import Upload, file_keep, file_remove


@dataclass(frozen=True)
class Costs:
    """What a claim says: costs of a period, in cents, and what they are of."""

    period_from: date
    period_to: date
    amount_cents: int
    description: str


def cost_begin(
    application_id: int,
    costs: Costs,
    *,
    files: Iterable[Upload] = (),
    contests: CostClaim | None = None,
    by: User,
    at: datetime,
) -> CostClaim:
    """Begin a claim on a granted application, or for rectification of what was cut of another.

    Raises ApplicationRefused, FileRefused.
    """
    with own_attempt(Verb.CREATED, by, application_id) as (application, event):
        if reason := objection_to_claiming(application):
            raise ApplicationRefused(reason)
        if contests is not None:
            _refuse_contesting(contests, costs, timezone.localdate(at))
        claim = CostClaim(application=application, contests=contests)
        _say(claim, costs, timezone.localdate(at))
        claim.save(force_insert=True)
        cost_step(claim, CostDeed.CREATED, by=by, at=at)
        _keep(claim, files, by, at)
        event.object_id = str(claim.pk)
        return claim


def objection_to_claiming(application: Application) -> str | None:
    """Why costs of an application cannot be claimed, in a sentence; None if they can."""
    if application.round.has_list:
        return _("This support is paid in one sum: costs are not claimed.")
    if application.status not in AFTER_DECISION:
        return _("Costs are claimed once the grant is decided, and until the case is closed.")
    if ceiling_figures(application).left <= 0:
        return _("Nothing is left of the grant.")
    return None


def contest_objection(claim: CostClaim, today: date) -> str | None:
    """Why rectification of a decided claim cannot be claimed here on the day; None if it can."""
    decision = claim.decision
    if decision is None or not claim.cut_cents:
        return _("Nothing was cut of this claim.")
    if claim.contests_id:
        return _("This decision may be appealed against at the administrative court.")
    if decision.remedy_until is None:
        return _("Fetch the decision first.")
    if today > decision.remedy_until:
        return _("The last day for a rectification claim has passed.")
    if CostClaim.objects.filter(contests=claim).exclude(status=CostStatus.WITHDRAWN).exists():
        return _("Rectification of this decision has been claimed.")
    return None


def _refuse_contesting(claim: CostClaim, costs: Costs, today: date) -> None:
    if reason := contest_objection(claim, today):
        raise ApplicationRefused(reason)
    if costs.amount_cents > claim.cut_cents:
        raise ApplicationRefused(
            _("At most {cut} was cut of the claim.").format(cut=finnish(claim.cut_cents))
        )


def cost_save(
    claim: CostClaim, costs: Costs, *, files: Iterable[Upload] = (), by: User, at: datetime
) -> CostClaim:
    """Save what a draft says, or a claim that a completion is asked of, and more vouchers.

    Raises ApplicationRefused if it stands as sent, FileRefused.
    """
    with own_attempt(Verb.CHANGED, by, claim.application_id) as (application, event):
        event.object_id = str(claim.pk)
        claim = cost_locked(claim, application)
        _refuse_standing(claim)
        if claim.contests and costs.amount_cents > claim.contests.cut_cents:
            raise ApplicationRefused(
                _("At most {cut} was cut of the claim.").format(
                    cut=finnish(claim.contests.cut_cents)
                )
            )
        _say(claim, costs, timezone.localdate(at))
        claim.save(update_fields=["period_from", "period_to", "amount_cents", "description"])
        _keep(claim, files, by, at)
        return claim


def _say(claim: CostClaim, costs: Costs, today: date) -> None:
    if costs.period_to < costs.period_from:
        raise ApplicationRefused(_("The period ends before it begins."))
    if costs.period_to > today:
        raise ApplicationRefused(_("Only costs that have come about are claimed."))
    claim.period_from, claim.period_to = costs.period_from, costs.period_to
    claim.amount_cents, claim.description = costs.amount_cents, costs.description.strip()


def _keep(claim: CostClaim, files: Iterable[Upload], by: User, at: datetime) -> None:
    for name, content in files:
        kept = file_keep(
            content,
            name=name,
            by=by,
            at=at,
            purpose=Purpose.SUPPLEMENTS,
            case_ref=claim.application.case_ref,
        )
        CostAttachment.objects.create(claim=claim, file=kept)


def attachment_remove(attachment: CostAttachment, *, by: User) -> None:
    """Take back a voucher that was not sent yet. Raises ApplicationRefused."""
    claim = attachment.claim
    with own_attempt(Verb.CHANGED, by, claim.application_id) as (application, event):
        event.object_id = str(claim.pk)
        _refuse_standing(cost_locked(claim, application))
        attachment.refresh_from_db()
        if attachment.is_sent:
            raise ApplicationRefused(_("What was sent stays."))
        file = attachment.file
        attachment.delete()
        file_remove(file, by=by, purpose=Purpose.SUPPLEMENTS, case_ref=claim.application.case_ref)


def cost_send(claim: CostClaim, *, by: User, at: datetime, answer: str = "") -> CostClaim:
    """Send a draft, or a claim as completed with the answer; its vouchers then stay.

    Raises ApplicationRefused without a voucher, or for more than is left of the ceiling.
    """
    with own_attempt(Verb.CHANGED, by, claim.application_id, right=Right.SEND) as (
        application,
        event,
    ):
        event.object_id = str(claim.pk)
        claim = cost_locked(claim, application)
        if reason := objection_to_sending(claim):
            raise ApplicationRefused(reason)
        is_new = claim.status == CostStatus.DRAFT
        event.details = {"deed": "cost sent" if is_new else "cost answered"}
        claim.attachments.filter(is_sent=False).update(is_sent=True)
        if is_new:
            return cost_step(claim, CostDeed.SENT, by=by, at=at, number=_next_number(application))
        return cost_step(claim, CostDeed.ANSWERED, by=by, at=at, note=answer.strip())


def objection_to_sending(claim: CostClaim) -> str | None:
    """What a claim lacks to be sent, in a sentence; None if nothing."""
    application = claim.application
    if application.status not in AFTER_DECISION:
        return _("Costs are claimed once the grant is decided, and until the case is closed.")
    if not claim.contests_id and not claim.attachments.exists():
        return _("Attach at least one voucher of the costs.")
    figures = ceiling_figures(application)
    own = claim.amount_cents if claim.status == CostStatus.ASKED else 0
    if claim.amount_cents > figures.left + own:
        return _("{left} is left of the grant, less than what you claim.").format(
            left=finnish(figures.left + own)
        )
    return None


def cost_withdraw(claim: CostClaim, *, by: User, at: datetime) -> CostClaim:
    """Withdraw a claim before it is decided; a draft is discarded by whoever prepares it.

    Raises ApplicationRefused.
    """
    right = Right.SEND if claim.number else None
    with own_attempt(Verb.WITHDRAWN, by, claim.application_id, right=right) as (
        application,
        event,
    ):
        event.object_id = str(claim.pk)
        return cost_step(cost_locked(claim, application), CostDeed.WITHDRAWN, by=by, at=at)


def _refuse_standing(claim: CostClaim) -> None:
    if not claim.is_editable:
        raise ApplicationRefused(_("A claim that was sent stands as it was sent."))


def _next_number(application: Application) -> int:
    last = application.costs.aggregate(last=Max("number"))["last"]
    return (last or 0) + 1
