"""Proposing cases, deciding them by another person; the next run pays (P-01, P-02, P-08)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from hashlib import sha256

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from payments.cases.amounts import months_found
from payments.cases.completion.services import completions_leave
from payments.cases.errors import CaseRefused
from payments.cases.models import (
    ManualCase,
    ManualCaseQuerySet,
    ManualDecision,
    ManualMonth,
    ManualProposal,
    ManualResidence,
    ProposalStatus,
)
from payments.cases.rectifying.differences import claim_of, claim_rule, refuse_less
from payments.cases.services.steps import (
    attempted,
    case_of,
    proposal_locked,
    reason_given,
    refuse_hand,
)
from registry.access.hands import objection
from registry.access.models import Part, User
from registry.audit.models import Verb
from registry.decisions.models import Decision, Remedy, remedy_on
from registry.decisions.services import decisions_store
from registry.models import Organisation

SUCCESSORS = """
SELECT organisation_id, payee_id FROM registry_succession
WHERE organisation_id = ANY (%s) AND %s BETWEEN from_day AND to_day
"""
REPLACED = """
UPDATE payments_manualresidence r SET is_standing = false
FROM payments_manualresidence n JOIN payments_manualcase c ON c.id = n.case_id
WHERE c.proposal_id = %s AND r.is_standing AND r.person_id = n.person_id AND r.case_id <> n.case_id
  AND n.moved_in <= r.moved_out AND n.moved_out >= r.moved_in
"""


def authoritys_propose(municipality: Organisation, *, by: User, today: date) -> ManualProposal:
    """Propose the authority's own cases that are allocated to a municipality (P-08).

    Raises CaseRefused.
    """
    with attempted(Verb.PROPOSED, by) as event:
        cases = allocated_cases(municipality).select_for_update(of=("self",)).order_by("pk")
        found = list(cases.values_list("pk", flat=True))
        if not found:
            raise CaseRefused(_("No case is allocated to this municipality and waits."))
        proposal = ManualProposal.objects.create(
            payee=municipality, status=ProposalStatus.OPEN, proposed_by=by
        )
        event.object_type, event.object_id = proposal._meta.label_lower, str(proposal.pk)
        event.case_ref = case_of(proposal)
        ManualCase.objects.filter(pk__in=found).update(proposal=proposal)
        return _propose(proposal, by, today)


def allocated_cases(municipality: Organisation) -> ManualCaseQuerySet:
    """The authority's own cases whose first allocation is to the municipality."""
    first = ManualResidence.objects.order_by("case_id", "moved_in").distinct("case_id")
    there = ManualResidence.objects.filter(pk__in=first.values("pk"), municipality=municipality)
    return ManualCase.objects.found_by_runs().filter(
        is_authoritys=True, pk__in=there.values("case")
    )


def proposal_propose(proposal_id: int, *, by: User, today: date) -> ManualProposal:
    """Propose what is granted and refused of a proposal's cases. Raises CaseRefused."""
    with attempted(Verb.PROPOSED, by, ManualProposal.objects.get(pk=proposal_id)):
        return _propose(proposal_locked(proposal_id, ProposalStatus.OPEN), by, today)


def _propose(proposal: ManualProposal, by: User, today: date) -> ManualProposal:
    refuse_hand(proposal, by, Part.PROPOSED)
    cases = list(proposal.cases.prefetch_related("residences"))
    undone = [case for case in cases if not case.residences.all() and not case.refused_because]
    if undone:
        raise CaseRefused(_("Allocate or refuse each of the cases first."))
    completions_leave(proposal, today=today)
    ManualMonth.objects.filter(case__proposal=proposal).delete()
    allocated = [case for case in cases if case.residences.all()]
    months = months_found(allocated, proposal, today=today)
    if claim := claim_of(proposal):
        refuse_less(allocated, months)
        claim_rule(claim, months)
    ManualMonth.objects.bulk_create(months)
    proposal.status, proposal.proposed_by = ProposalStatus.PROPOSED, by
    proposal.save(update_fields=["status", "proposed_by"])
    return proposal


def proposal_return(proposal_id: int, *, by: User, reason: str) -> ManualProposal:
    """Give a proposal back to be allocated again, with a reason. Raises CaseRefused."""
    with attempted(Verb.RETURNED, by, ManualProposal.objects.get(pk=proposal_id)):
        proposal = proposal_locked(proposal_id, ProposalStatus.PROPOSED)
        proposal.status, proposal.returned_for = ProposalStatus.OPEN, reason_given(reason)
        proposal.save(update_fields=["status", "returned_for"])
        return proposal


def proposal_decide(proposal_id: int, *, by: User, at: datetime) -> ManualProposal:
    """Decide as proposed: the allocations stand, the next run pays what is granted (C-39, P-02).

    Raises CaseRefused if the approver had a part in it, if it is not proposed, or if the register
    now says otherwise than when it was.
    """
    with attempted(Verb.APPROVED, by, ManualProposal.objects.get(pk=proposal_id)) as event:
        proposal = proposal_locked(proposal_id, ProposalStatus.PROPOSED)
        refuse_hand(proposal, by, Part.APPROVED)
        decided_on = timezone.localdate(at)
        _refuse_changed(proposal, decided_on)
        granted = _granted(proposal, decided_on)
        _refuse_members(granted, by)
        proposal.status, proposal.decided_by = ProposalStatus.DECIDED, by
        proposal.save(update_fields=["status", "decided_by"])
        _take_into_force(proposal)
        _decisions_make(proposal, granted, decided_on)
        event.persons = sorted(
            set(proposal.cases.exclude(person=None).values_list("person", flat=True))
        )
        return proposal


def _refuse_changed(proposal: ManualProposal, today: date) -> None:
    cases = proposal.cases.filter(residences__isnull=False).distinct()
    now = months_found(list(cases), proposal, today=today)
    stored = ManualMonth.objects.filter(case__proposal=proposal)
    if sorted(map(_said, now)) != sorted(map(_said, stored)):
        raise CaseRefused(
            _(
                "The register now says otherwise than when this was proposed. Return it to be checked."
            )
        )


def _said(month: ManualMonth) -> tuple[object, ...]:
    return (
        month.case_id, month.benefit_month, month.payee_id or 0, month.verdict, month.outcome,
        month.is_reduced, month.amount_cents,
    )  # fmt: skip


def _granted(proposal: ManualProposal, day: date) -> dict[int, int]:
    """Cents granted to each recipient of a decision; an application's only one is the applicant."""
    sums: dict[int, int] = {proposal.payee_id: 0}
    months = ManualMonth.objects.filter(case__proposal=proposal).granted()
    successors = _successors({month.payee_id for month in months if month.payee_id}, day)
    for month in months:
        assert month.payee_id
        own = proposal.payee_id if proposal.is_application else successors[month.payee_id]
        sums[own] = sums.get(own, 0) + month.amount_cents
    return sums


def _successors(payees: Iterable[int], day: date) -> dict[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(SUCCESSORS, [list(payees), day])
        return dict(cursor.fetchall())


def _refuse_members(granted: Iterable[int], by: User) -> None:
    for organisation in Organisation.objects.filter(pk__in=list(granted)):
        if reason := objection(organisation, by, Part.PROPOSED, concerns=organisation):
            raise CaseRefused(reason)


def _take_into_force(proposal: ManualProposal) -> None:
    """Let the proposal's allocations stand, in the place of earlier ones that they overlap."""
    with connection.cursor() as cursor:
        cursor.execute(REPLACED, [proposal.pk])
    ManualResidence.objects.filter(case__proposal=proposal).update(is_standing=True)


def _decisions_make(proposal: ManualProposal, granted: dict[int, int], day: date) -> None:
    assert proposal.proposed_by
    assert proposal.decided_by
    remedy = Remedy.COURT if claim_of(proposal) else remedy_on(day)
    decisions = decisions_store(
        [
            Decision(
                decided_on=day,
                recipient_id=recipient,
                case_ref=case_of(proposal),
                amount_cents=cents,
                content_hash=content_hash(proposal),
                presenter=proposal.proposed_by,
                approver=proposal.decided_by,
                remedy=remedy,
            )
            for recipient, cents in granted.items()
        ],
        year=day.year,
    )
    ManualDecision.objects.bulk_create(
        ManualDecision(decision=decision, proposal=proposal) for decision in decisions
    )


def content_hash(proposal: ManualProposal) -> str:
    """Hash of what is decided: each allocation, each month and what it comes to, each refusal."""
    residences = ManualResidence.objects.filter(case__proposal=proposal).order_by("pk")
    months = ManualMonth.objects.filter(case__proposal=proposal).order_by("pk")
    parts = (
        list(residences.values_list("pk", "municipality", "moved_in", "moved_out")),
        sorted(map(_said, months), key=repr),
        list(proposal.cases.order_by("pk").values_list("pk", "refused_because")),
        *((claim.contested_id, claim.ruling) for claim in filter(None, [claim_of(proposal)])),
    )
    return sha256(repr(parts).encode()).hexdigest()
