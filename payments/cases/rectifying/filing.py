"""Filing a claim for rectification: the applicant, in the service, once a decision (P-04)."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from payments.cases.errors import CaseRefused
from payments.cases.models import (
    ManualCase,
    ManualDecision,
    ManualProposal,
    ProposalStatus,
    Verdict,
)
from payments.cases.rectifying.models import ManualRectification
from payments.cases.services.applying import refuse_other_senders
from payments.cases.services.steps import attempted, proposal_locked
from registry.access.models import User
from registry.audit.models import Verb
from registry.decisions.models import Remedy

COPIED = (
    "person_id", "first_month", "last_month", "stated_uma_number", "stated_permit_number",
    "stated_family_name", "stated_given_names", "stated_birth_date", "stated_evidence",
    "matched_because",
)  # fmt: skip


def claim_objection(proposal: ManualProposal) -> str | None:
    """Why rectification of what was decided cannot be claimed here; None if it can."""
    made = proposal.decisions.select_related("decision").first()
    if proposal.status != ProposalStatus.DECIDED or not proposal.is_application or made is None:
        return _("There is no decision to rectify.")
    if made.decision.remedy != Remedy.RECTIFICATION:
        return _("This decision may be appealed against at the administrative court.")
    if made.decision.remedy_until is None:
        return _("Fetch the decision first.")
    if ManualRectification.objects.filter(contested=made).exists():
        return _("Rectification of this decision has been claimed.")
    return None


def rectification_claim(
    proposal_id: int, *, text: str, by: User, today: date
) -> ManualRectification:
    """File a claim against the decision on an application; a late one is received, to be decided.

    Raises CaseRefused.
    """
    with attempted(Verb.CREATED, by, ManualProposal.objects.get(pk=proposal_id)) as event:
        decided = proposal_locked(proposal_id, ProposalStatus.DECIDED)
        event.acting_for = by.access.organisation
        refuse_other_senders(decided.payee, by)
        if reason := claim_objection(decided):
            raise CaseRefused(reason)
        if not text.strip():
            raise CaseRefused(_("Write what you claim, and why."))
        contested = decided.decisions.select_related("decision").get()
        claim = _claim(contested, text.strip(), by, today)
        ManualCase.objects.bulk_create(
            ManualCase(
                proposal=claim.proposal,
                opened_on=today,
                **{name: getattr(case, name) for name in COPIED},
            )
            for case in _to_rectify(decided)
        )
        return claim


def _claim(contested: ManualDecision, text: str, by: User, today: date) -> ManualRectification:
    decided, last_day = contested.proposal, contested.decision.remedy_until
    assert last_day
    proposal = ManualProposal.objects.create(
        payee=decided.payee,
        status=ProposalStatus.OPEN,
        applied_by=by,
        applied_on=decided.applied_on,
    )
    return ManualRectification.objects.create(
        proposal=proposal,
        contested=contested,
        text=text,
        filed_by=by,
        filed_on=today,
        last_day=last_day,
    )


def _to_rectify(decided: ManualProposal) -> list[ManualCase]:
    """The cases of which something was not granted; all of them where everything was."""
    cases = list(decided.cases.prefetch_related("months").order_by("pk"))
    lacking = [
        case
        for case in cases
        if case.refused_because
        or any(month.verdict != Verdict.GRANTED for month in case.months.all())
    ]
    return lacking or cases
