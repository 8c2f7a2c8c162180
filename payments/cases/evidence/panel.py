"""What the pages of an application and of a case show of evidence files, and what one may do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from payments.cases.evidence.forms import EvidenceForm
from payments.cases.evidence.models import CaseEvidence
from payments.cases.models import ManualCase, ManualProposal, ProposalStatus
from registry.access.models import Right, Role, User


@dataclass(frozen=True)
class EvidenceRow:
    """A file, and whether the reader may remove it."""

    evidence: CaseEvidence
    may_remove: bool


def application_evidence(user: User, proposal: ManualProposal) -> dict[str, Any]:
    """The files of an application, those of its cases for whoever may see them; one query."""
    is_sender = not user.access.is_staff and user.access.right == Right.SEND
    may_add = is_sender and proposal.status == ProposalStatus.OPEN
    found = Q(proposal=proposal) | Q(case__proposal=proposal)
    return _panel(user, found, may_add=may_add)


def case_evidence(user: User, case: ManualCase, *, is_open: bool) -> dict[str, Any]:
    """The files of a case and of the application it is of; one query."""
    found = Q(case=case)
    if case.proposal_id:
        found |= Q(proposal=case.proposal_id)
    return _panel(user, found, may_add=is_open and user.access.has(Role.REVIEWER))


def _panel(user: User, which: Q, *, may_add: bool) -> dict[str, Any]:
    visible = CaseEvidence.objects.visible_to(user).filter(which)
    rows = visible.select_related("file__uploaded_by").order_by("pk")
    own = user.access.is_staff
    return {
        "evidence": [EvidenceRow(one, may_add and one.is_authoritys == own) for one in rows],
        "evidence_form": EvidenceForm() if may_add else None,
    }
