"""Claiming rectification: the applicant, in the service, once a decision (P-04)."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import gettext as _

from grants.applications.states import Deed
from grants.applications.steps import ApplicationRefused, application_locked, step_take
from grants.decisions.models import ProposalStatus, RectificationClaim, SupportProposal
from grants.review.errors import ReviewRefused
from registry.access.models import Right, User
from registry.access.rights import own_organisations
from registry.audit.models import Purpose, Verb
from registry.audit.services import attempt
from registry.decisions.models import Remedy


def claim_objection(decided: SupportProposal, today: date) -> str | None:
    """Why rectification of a decision cannot be claimed here on the day; None if it can."""
    decision = decided.decision
    if decided.status != ProposalStatus.DECIDED or decision is None:
        return _("There is no decision to rectify.")
    if decision.remedy != Remedy.RECTIFICATION:
        return _("This decision may be appealed against at the administrative court.")
    if decision.remedy_until is None:
        return _("Fetch the decision first.")
    if today > decision.remedy_until:
        return _("The last day for a rectification claim has passed.")
    if RectificationClaim.objects.filter(contested=decided).exists():
        return _("Rectification of this decision has been claimed.")
    return None


def rectification_claim(
    decided: SupportProposal, *, text: str, by: User, at: datetime, today: date
) -> RectificationClaim:
    """File a claim against a decision that was served, by its last day (P-04).

    Raises ApplicationRefused.
    """
    with attempt(
        ApplicationRefused,
        verb=Verb.CREATED,
        actor=by,
        about=decided,
        case_ref=f"application {decided.application_id}",
        purpose=Purpose.SUPPLEMENTS,
    ) as event:
        application = application_locked(decided.application_id)
        event.acting_for = by.access.organisation
        is_own = own_organisations(by).filter(pk=application.applicant_id).exists()
        if not is_own or by.access.right != Right.SEND:
            raise ReviewRefused(_("Only an officer who sends for the organisation claims."))
        if reason := claim_objection(decided, today):
            raise ReviewRefused(reason)
        if not text.strip():
            raise ReviewRefused(_("Write what you claim, and why."))
        step_take(application, Deed.CONTESTED, by=by, at=at)
        return RectificationClaim.objects.create(
            contested=decided, text=text.strip(), filed_by=by, filed_at=at
        )
