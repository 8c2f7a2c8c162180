"""Deciding what another proposed: within the frame, each person once, with a number (P-01 … P-06)."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from grants.applications.models import Application
from grants.applications.states import Deed
from grants.applications.steps import step_take
from grants.decisions.frames import frame_objection
from grants.decisions.models import (
    ProposalStatus,
    ProposedRow,
    SupportProposal,
)
from grants.decisions.services.proposing import proposal_hash, proposal_open
from grants.notices.outbox import notice_put
from grants.review.attempts import case_attempt
from grants.review.errors import ReviewRefused
from grants.review.marking import granted_rows
from grants.rounds.models import BudgetFrame
from registry.access.models import Part, User
from registry.audit.models import Verb
from registry.decisions.models import Decision, Remedy
from registry.decisions.services import decisions_store


class OverFrame(ReviewRefused):
    """The decision would exceed the budget frame (P-06)."""


class GrantedBefore(ReviewRefused):
    """A person of it has been granted the support already (G-04)."""


def decision_make(proposal_id: int, *, by: User, at: datetime) -> SupportProposal:
    """Decide as proposed; payments pay what is granted (P-02, P-05).

    Raises ReviewRefused if the approver had a part in it or it no longer waits, OverFrame with the
    figures, GrantedBefore if somebody has been granted the support meanwhile.
    """
    of = SupportProposal.objects.get(pk=proposal_id).application_id
    with case_attempt(
        Verb.APPROVED, by, of, part=Part.APPROVED, deed=Deed.DECIDED
    ) as (application, event):  # fmt: skip
        proposal = proposal_open(proposal_id)
        _refuse_over_frame(proposal)
        proposal.decision = _decision(proposal, by, at)
        proposal.status, proposal.decided_by, proposal.decided_at = ProposalStatus.DECIDED, by, at
        proposal.save(update_fields=["decision", "status", "decided_by", "decided_at"])
        _grant(application, proposal)
        if proposal.claim_id is None or proposal.is_granting:
            step_take(application, _deed(proposal), by=by, at=at)
        notice_put(application, at=at)
        event.details["proposal"] = proposal.pk
        return proposal


def _deed(proposal: SupportProposal) -> Deed:
    return Deed.DECIDED if proposal.claim_id is None else Deed.CORRECTED


def _refuse_over_frame(proposal: SupportProposal) -> None:
    frame = BudgetFrame.objects.select_for_update().filter(rounds=proposal.application.round_id)
    if reason := frame_objection(frame.first(), proposal.difference_cents):
        raise OverFrame(reason)


def _decision(proposal: SupportProposal, by: User, at: datetime) -> Decision:
    """The decision with its number."""
    day = timezone.localdate(at)
    (decision,) = decisions_store([decision_of(proposal, by, day)], year=day.year)
    return decision


def decision_of(proposal: SupportProposal, by: User, day: date) -> Decision:
    """What the proposal is as a decision of the day, not numbered yet; on a claim one may appeal."""
    return Decision(
        decided_on=day,
        recipient=proposal.application.applicant,
        case_ref=f"application {proposal.application_id}",
        amount_cents=proposal.amount_cents,
        content_hash=proposal_hash(proposal),
        presenter=proposal.proposed_by,
        approver=by,
        remedy=Remedy.COURT if proposal.claim_id else Remedy.RECTIFICATION,
    )


def _grant(application: Application, proposal: SupportProposal) -> None:
    """Grant the accepted rows that no earlier decision grants. Raises GrantedBefore."""
    before = set(granted_rows(application).values_list("row", "recipient_kind"))
    accepted = ProposedRow.objects.filter(proposal=proposal, accepted=True)
    new = [
        pk for pk, *key in accepted.values_list("pk", "row", "recipient_kind")
        if tuple(key) not in before
    ]  # fmt: skip
    try:
        with transaction.atomic():
            ProposedRow.objects.filter(pk__in=new).update(is_granted=True)
    except IntegrityError as twice:
        if "granted_once_by" not in str(twice):
            raise
        raise GrantedBefore(_granted_before()) from twice


def _granted_before() -> str:
    return _(
        "A person of the list has been granted this support by another decision meanwhile (G-04). "
        "Return the proposal: the check of duplicates shows whom."
    )
