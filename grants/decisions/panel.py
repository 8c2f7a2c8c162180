"""What the workbench shows of the proposal, the decision and claims, by who looks (P-01, P-06)."""

from __future__ import annotations

from datetime import date
from typing import Any

from grants.applications.models import Application
from grants.applications.selectors import steps_told
from grants.applications.states import ApplicationStatus
from grants.decisions.amounts import running_sum
from grants.decisions.changes import changes_of, checks_since, parts_in
from grants.decisions.forms import (
    CeilingForm,
    ClaimForm,
    ClaimProposalForm,
    ProposalForm,
    ReturnForm,
)
from grants.decisions.frames import frame_figures
from grants.decisions.models import RectificationClaim
from grants.decisions.selectors import amounts_granted, claims_of, decisions_of
from grants.decisions.services.claiming import claim_objection
from grants.review.marking import is_markable
from registry.access.hands import objection
from registry.access.models import Part, Right, Role, User


def decision_panel(user: User, application: Application) -> dict[str, Any]:
    """Context of the page: sums, frame, the open proposal and what may be done; fixed queries."""
    frame = application.round.frame
    proposals = application.proposals.select_related("proposed_by", "returned_by", "unheard")
    open_one = proposals.open().first()
    claims = RectificationClaim.objects.open().filter(contested__application=application)
    claim = claims.select_related("contested__application__round").first()
    is_reviewer = user.access.has(Role.REVIEWER)
    may_mark = is_reviewer and is_markable(application)
    context: dict[str, Any] = {
        "sums": running_sum(application) if application.round.has_list else None,
        "frame": frame_figures(frame) if frame else None,
        "proposal": open_one,
        "groups": amounts_granted(open_one) if open_one else [],
        "returned": proposals.filter(status="returned").first(),
        "decisions": decisions_of(application),
        "claims": claims_of(application),
        "claim": claim,
        "may_mark": may_mark,
        "parts": parts_in(application),
        "steps": steps_told(application, to_staff=True),
    }
    if open_one:
        changed = {"changes": changes_of(open_one), "since": checks_since(open_one)}
        return context | changed | _to_decide(user, application)
    if may_mark and claim:
        context["claim_form"] = ClaimProposalForm(claim)
    elif is_reviewer and application.status == ApplicationStatus.IN_CHECK:
        has_list = application.round.has_list
        context["propose"] = ProposalForm(application) if has_list else CeilingForm(application)
    return context


def _to_decide(user: User, application: Application) -> dict[str, Any]:
    """What an approver may do with the proposal, or what bars them."""
    if not user.access.has(Role.APPROVER):
        return {}
    barrier = objection(application, user, Part.APPROVED, concerns=application.applicant)
    return {"may_decide": not barrier, "decide_barrier": barrier, "return_form": ReturnForm()}


def applicant_panel(user: User, application: Application, *, today: date) -> dict[str, Any]:
    """Context of the application's page: its decisions, and claiming rectification; two queries."""
    decisions = decisions_of(application)
    context: dict[str, Any] = {"decisions": decisions, "claims": claims_of(application)}
    sends = user.access.right == Right.SEND and not user.access.is_staff
    if sends and decisions and claim_objection(decisions[0], today) is None:
        context["claim_form"] = ClaimForm()
    return context
