"""Taking a step with a case or a proposal: locked, in the right state, logged, by another (P-01)."""

from __future__ import annotations

from contextlib import AbstractContextManager

from django.utils.translation import gettext as _

from payments.cases.errors import CaseRefused
from payments.cases.models import ManualCase, ManualProposal, ProposalStatus
from registry.access.hands import objection
from registry.access.models import Part, User
from registry.audit.models import AuditEvent, Purpose, Verb
from registry.audit.services import attempt


def case_of(proposal: ManualProposal) -> str:
    """What the access log and the decision call the case of a proposal."""
    return f"manual {proposal.pk}"


def attempted(
    verb: Verb, by: User, about: ManualProposal | ManualCase | None = None
) -> AbstractContextManager[AuditEvent]:
    """A step in one transaction with its event, or its refusal after the rollback (P-10)."""
    proposal = about.proposal if isinstance(about, ManualCase) else about
    return attempt(
        CaseRefused,
        verb=verb,
        actor=by,
        about=about or ManualCase,
        case_ref=case_of(proposal) if proposal else "",
        purpose=Purpose.COMPENSATION,
    )


def proposal_locked(proposal_id: int, *statuses: ProposalStatus) -> ManualProposal:
    """The proposal, locked, in one of the states. Raises CaseRefused."""
    locked = ManualProposal.objects.select_for_update(of=("self",)).select_related("payee")
    proposal = locked.get(pk=proposal_id)
    if proposal.status not in statuses:
        raise CaseRefused(
            _("This proposal is already {status}. Open it anew.").format(
                status=proposal.get_status_display()
            )
        )
    return proposal


def case_locked(case_id: int) -> ManualCase:
    """The case, locked with its proposal, while it is being handled. Raises CaseRefused."""
    case = ManualCase.objects.select_for_update(of=("self",)).get(pk=case_id)
    if case.proposal_id is not None:
        proposal_locked(case.proposal_id, ProposalStatus.OPEN)
    if case.closed_as:
        raise CaseRefused(
            _("This case is closed: {reason}.").format(reason=case.get_closed_as_display())
        )
    return case


def refuse_hand(proposal: ManualProposal, by: User, part: Part) -> None:
    """Refuse a part in a proposal to whoever may not take it (P-01). Raises CaseRefused."""
    if reason := barrier(proposal, by, part):
        raise CaseRefused(reason)


def barrier(proposal: ManualProposal, by: User, part: Part) -> str | None:
    """Why the user may not take the part in the proposal, in a sentence; None if they may."""
    if part == Part.APPROVED and allocated_by(proposal, by):
        return _("Another person must do this: you allocated a case of it yourself (P-01).")
    return objection(proposal, by, part, concerns=proposal.payee)


def allocated_by(proposal: ManualProposal, by: User) -> bool:
    """Whether the user has allocated a case of the proposal."""
    return proposal.cases.filter(residences__allocated_by=by).exists()


def reason_given(text: str) -> str:
    """The reason without blanks around it. Raises CaseRefused if there is none."""
    if not text.strip():
        raise CaseRefused(_("Say why, in a sentence."))
    return text.strip()
