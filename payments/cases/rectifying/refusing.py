"""Refusing a claim for rectification as a whole, with reasons the applicant reads (P-04)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from payments.cases.errors import CaseRefused
from payments.cases.models import ManualMonth, ManualProposal, ManualResidence, ProposalStatus
from payments.cases.rectifying.differences import claim_of
from payments.cases.services.steps import attempted, proposal_locked, reason_given, refuse_hand
from registry.access.models import Part, User
from registry.audit.models import Verb


def claim_refuse(proposal_id: int, *, reason: str, by: User) -> ManualProposal:
    """Refuse what is claimed of every person; the claim's own allocations fall away.

    Raises CaseRefused.
    """
    with attempted(Verb.CHANGED, by, ManualProposal.objects.get(pk=proposal_id)):
        proposal = proposal_locked(proposal_id, ProposalStatus.OPEN)
        refuse_hand(proposal, by, Part.PROPOSED)
        if claim_of(proposal) is None:
            raise CaseRefused(_("This is no claim; refuse each person on their own page."))
        ManualResidence.objects.filter(case__proposal=proposal).delete()
        ManualMonth.objects.filter(case__proposal=proposal).delete()
        proposal.cases.update(refused_because=reason_given(reason))
        return proposal
