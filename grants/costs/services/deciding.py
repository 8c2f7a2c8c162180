"""Examining claims of costs, and deciding what another proposed to be accepted (P-01, P-02)."""

from __future__ import annotations

from datetime import date, datetime
from hashlib import sha256

from django.utils import timezone
from django.utils.translation import gettext as _

from config.lib.money import finnish
from grants.costs.models import CostClaim
from grants.costs.states import CostDeed, CostStatus
from grants.costs.steps import cost_step, staff_attempt
from grants.notices.outbox import notice_put
from grants.review.errors import ReviewRefused
from registry.access.models import Part, User
from registry.audit.models import Verb
from registry.decisions.models import Decision, Remedy
from registry.decisions.services import decisions_store


def cost_ask(claim: CostClaim, *, asked: str, answer_by: date, by: User, at: datetime) -> CostClaim:
    """Ask the applicant to complete a claim by a day; its contact person is told.

    Raises ReviewRefused.
    """
    with staff_attempt(Verb.CHANGED, by, claim, deed=CostDeed.ASKED) as found:
        if not asked.strip():
            raise ReviewRefused(_("Say what is missing."))
        if answer_by <= timezone.localdate(at):
            raise ReviewRefused(_("The last day to answer must be later than that."))
        cost_step(
            found,
            CostDeed.ASKED,
            by=by,
            at=at,
            note=asked.strip(),
            answer_by=answer_by,
            accepted_cents=None,
            proposed_by=None,
            reason="",
        )
        notice_put(found.application, at=at)
        return found


def cost_resume(claim: CostClaim, *, by: User, at: datetime) -> CostClaim:
    """Go on without an answer, once its day has passed. Raises ReviewRefused."""
    with staff_attempt(Verb.CHANGED, by, claim, deed=CostDeed.RESUMED) as found:
        if found.answer_by and timezone.localdate(at) <= found.answer_by:
            raise ReviewRefused(_("The applicant still has time to answer."))
        return cost_step(found, CostDeed.RESUMED, by=by, at=at)


def cost_propose(
    claim: CostClaim, *, accepted_cents: int, reason: str, by: User, at: datetime
) -> CostClaim:
    """Propose how much of a claim is accepted, none included, with the reason of what is cut.

    Raises ReviewRefused.
    """
    with staff_attempt(Verb.PROPOSED, by, claim, deed=CostDeed.PROPOSED) as found:
        if accepted_cents > found.amount_cents:
            raise ReviewRefused(
                _("At most {claimed} is claimed.").format(claimed=finnish(found.amount_cents))
            )
        if accepted_cents < found.amount_cents and not reason.strip():
            raise ReviewRefused(
                _("Write the reasons: something is refused, and the applicant reads why.")
            )
        return cost_step(
            found,
            CostDeed.PROPOSED,
            by=by,
            at=at,
            accepted_cents=accepted_cents,
            reason=reason.strip(),
            proposed_by=by,
        )


def cost_return(claim: CostClaim, *, reason: str, by: User, at: datetime) -> CostClaim:
    """Give a proposal back to be checked, with a reason for the reviewer. Raises ReviewRefused."""
    with staff_attempt(
        Verb.RETURNED, by, claim, deed=CostDeed.RETURNED, part=Part.APPROVED
    ) as found:
        if not reason.strip():
            raise ReviewRefused(_("Say why it is returned."))
        return cost_step(found, CostDeed.RETURNED, by=by, at=at, note=reason.strip())


def cost_decide(claim: CostClaim, *, by: User, at: datetime) -> CostClaim:
    """Accept or refuse as proposed: a decision with its number; payments pay what is accepted.

    Raises ReviewRefused if the approver had a part in the case.
    """
    with staff_attempt(
        Verb.APPROVED, by, claim, deed=CostDeed.ACCEPTED, part=Part.APPROVED
    ) as found:
        if found.status != CostStatus.PROPOSED:
            raise ReviewRefused(_("Nothing is proposed on this claim by now. Open it anew."))
        deed = CostDeed.ACCEPTED if found.accepted_cents else CostDeed.REFUSED
        day = timezone.localdate(at)
        (decision,) = decisions_store([_decision(found, by, day)], year=day.year)
        cost_step(found, deed, by=by, at=at, decision=decision)
        notice_put(found.application, at=at)
        return found


def _decision(claim: CostClaim, by: User, day: date) -> Decision:
    """The decision, not numbered yet; on a claim for rectification one may appeal (P-04)."""
    assert claim.proposed_by is not None
    assert claim.accepted_cents is not None
    return Decision(
        decided_on=day,
        recipient=claim.application.applicant,
        case_ref=claim.application.case_ref,
        amount_cents=claim.accepted_cents,
        content_hash=_content_hash(claim),
        presenter=claim.proposed_by,
        approver=by,
        remedy=Remedy.COURT if claim.contests_id else Remedy.RECTIFICATION,
    )


def _content_hash(claim: CostClaim) -> str:
    """Hash of what is decided: the claim with its vouchers, what is accepted, and why less."""
    vouchers = claim.attachments.filter(is_sent=True).order_by("pk")
    content = (
        claim.application_id, claim.number, claim.period_from, claim.period_to, claim.amount_cents,
        claim.description, claim.accepted_cents, claim.reason,
        list(vouchers.values_list("file__sha256", flat=True)),
    )  # fmt: skip
    return sha256(repr(content).encode()).hexdigest()
