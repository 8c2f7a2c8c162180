"""What the page of an application shows of a claim for rectification, filed or to be filed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from grants.decisions.forms import ClaimForm
from payments.cases.forms import ReasonForm
from payments.cases.models import ManualProposal, ProposalStatus
from payments.cases.rectifying.differences import claim_of
from payments.cases.rectifying.filing import claim_objection
from payments.cases.rectifying.models import ManualRectification
from payments.cases.services.steps import barrier
from registry.access.models import Part, Right, Role, User


def claim_panel(user: User, proposal: ManualProposal, faulty: Mapping[str, Any]) -> dict[str, Any]:
    """The claim that a proposal is, the one against its decision, and the forms for this user."""
    claim = claim_of(proposal)
    context: dict[str, Any] = {"claim": claim}
    is_handled = proposal.status == ProposalStatus.OPEN and user.access.has(Role.REVIEWER)
    if claim and is_handled and barrier(proposal, user, Part.PROPOSED) is None:
        context["claim_refuse_form"] = faulty.get("claim_refuse_form") or ReasonForm()
    if proposal.status != ProposalStatus.DECIDED:
        return context
    filed = ManualRectification.objects.filter(contested__proposal=proposal).first()
    context["filed_claim"] = filed
    may_file = not user.access.is_staff and user.access.right == Right.SEND
    if may_file and claim_objection(proposal) is None:
        made = proposal.decisions.select_related("decision").get()
        context["remedy_until"] = made.decision.remedy_until
        context["claim_form"] = faulty.get("claim_form") or ClaimForm()
    return context
