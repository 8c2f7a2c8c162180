"""One case with its months and its family's cases; one proposal with its cases; a decision's rows."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.db.models import Q, QuerySet

from payments.cases.amounts import months_found
from payments.cases.models import ManualCase, ManualMonth, ManualProposal, ProposalStatus
from registry.models import Decision, Organisation, Permit, Person, PersonDetails
from registry.people.secrecy import non_disclosed


def months_shown(case: ManualCase, *, today: date) -> list[ManualMonth]:
    """The months of a case: as stored where it is proposed or decided, else as the law says now."""
    stored = case.proposal is not None and case.proposal.status != ProposalStatus.OPEN
    if stored:
        rows = case.months.select_related("payee", "settled_by").order_by("benefit_month", "payee")
        return list(rows)
    months = months_found([case], case.proposal, today=today) if case.person_id else []
    payees = Organisation.objects.in_bulk({m.payee_id for m in months if m.payee_id})
    for month in months:
        month.payee = payees.get(month.payee_id) if month.payee_id else None
    return months


def family_cases(person: Person) -> QuerySet[ManualCase]:
    """Other cases of the person, their parents, children and principals; a few queries."""
    numbers = set(
        Permit.objects.current()
        .filter(person=person)
        .exclude(principal_uma_number="")
        .values_list("principal_uma_number", flat=True)
    )
    for parents in (
        PersonDetails.objects.current()
        .filter(person=person)
        .values_list("parent_uma_numbers", flat=True)
    ):
        numbers |= set(parents)
    kin = Person.objects.filter(
        Q(pk=person.pk)
        | Q(uma_number__in=numbers)
        | Q(details__closed_by=None, details__parent_uma_numbers__contains=[person.uma_number])
        | Q(permits__closed_by=None, permits__principal_uma_number=person.uma_number)
    )
    cases = ManualCase.objects.filter(person__in=kin.values("pk"))
    return cases.select_related("person", "proposal__payee").order_by("person", "first_month")


@dataclass(frozen=True)
class ProposalRow:
    """A case of a proposal: what is granted of it in cents, and why the rest is not."""

    case: ManualCase
    is_secret: bool
    name: str
    birth_date: date | None
    months: list[ManualMonth]

    @property
    def cents(self) -> int:
        return sum(month.granted_cents for month in self.months)

    @property
    def granted_months(self) -> int:
        return len({month.benefit_month for month in self.months if month.granted_cents})

    @property
    def why_not(self) -> list[str]:
        """The reasons of what is not granted, each once."""
        own = [self.case.refused_because] if self.case.refused_because else []
        return own + list(dict.fromkeys(month.why_not for month in self.months if month.why_not))


def proposal_rows(
    proposal: ManualProposal, *, payees: Iterable[int] | None = None
) -> list[ProposalRow]:
    """The cases of a proposal with their stored months, of some payees only; four queries."""
    cases = list(proposal.cases.select_related("person").order_by("pk"))
    months = ManualMonth.objects.filter(case__proposal=proposal).select_related("payee")
    if payees is not None:
        months = months.filter(Q(payee__in=list(payees)) | Q(payee=None))
    by_case = {
        pk: list(rows)
        for pk, rows in groupby(
            months.order_by("case", "benefit_month", "payee"), key=lambda month: month.case_id
        )
    }
    persons = [case.person_id for case in cases if case.person_id]
    secret = non_disclosed(persons)
    known = {d.person_id: d for d in PersonDetails.objects.current().filter(person__in=persons)}
    return [
        _row(case, by_case.get(case.pk, []), known.get(case.person_id), secret) for case in cases
    ]


def _row(
    case: ManualCase,
    months: list[ManualMonth],
    details: PersonDetails | None,
    secret: Collection[int],
) -> ProposalRow:
    said = f"{case.stated_family_name} {case.stated_given_names}".strip()
    name = f"{details.family_name} {details.given_names}".strip() if details else said
    born = details.birth_date if details else case.stated_birth_date
    return ProposalRow(case, case.person_id in secret, name, born, months)


def decision_rows(decision: Decision) -> list[ProposalRow]:
    """What a decision decided, for its recipient: of an authority's proposal, their lines only."""
    proposal = decision.of_manual.proposal
    if proposal.is_application:
        return proposal_rows(proposal)
    own = Organisation.objects.paid_to(decision.recipient_id, decision.decided_on)
    return proposal_rows(proposal, payees=own.values_list("pk", flat=True))
