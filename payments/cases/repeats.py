"""Whom an applicant names twice: in one application, or in one that it sent before (P-08).

Persons are compared by what the applicant itself says of them, never by whom the register has found
for it: nobody learns of the register by applying.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from grants.lists.schema import folded
from payments.cases.models import ManualCase, ProposalStatus
from registry.models import Organisation

Mark = tuple[str, str]  # the name of a field, and what is the same in it for the same person


def marks(
    uma_number: str, permit_number: str, family_name: str, given_names: str, birth_date: date | None
) -> frozenset[Mark]:
    """By what a person is known: numbers, or name and birth date where there is no number."""
    numbers = {"uma_number": uma_number, "permit_number": permit_number}
    found = {(name, folded(number)) for name, number in numbers.items() if number.strip()}
    if not found and family_name.strip() and given_names.strip() and birth_date:
        found = {("family_name", f"{folded(family_name)}, {folded(given_names)} {birth_date}")}
    return frozenset(found)


@dataclass(frozen=True)
class Sent:
    """Months of a person in an application that was sent, and whether it waits to be decided."""

    first_month: date
    last_month: date
    is_waiting: bool

    def meets(self, first: date, last: date) -> bool:
        """Whether it has a month from … to."""
        return self.first_month <= last and self.last_month >= first


SentBefore = Mapping[Mark, list[Sent]]


def sent_before(applicant: Organisation, today: date) -> SentBefore:
    """What the applicant and those whose place it has taken have applied for; one query."""
    found: dict[Mark, list[Sent]] = defaultdict(list)
    cases = (
        ManualCase.objects.filter(
            proposal__payee__in=Organisation.objects.paid_to(applicant.pk, today),
            proposal__applied_on__isnull=False,
        )
        .exclude(proposal__status=ProposalStatus.WITHDRAWN)
        .select_related("proposal")
    )
    for case in cases:
        assert case.proposal
        is_waiting = case.proposal.status != ProposalStatus.DECIDED
        for mark in marks_of_case(case):
            found[mark].append(Sent(case.first_month, case.last_month, is_waiting))
    return found


def marks_of_case(case: ManualCase) -> frozenset[Mark]:
    """By what the applicant named the person of a case."""
    return marks(
        case.stated_uma_number,
        case.stated_permit_number,
        case.stated_family_name,
        case.stated_given_names,
        case.stated_birth_date,
    )


def repeated(
    person: Iterable[Mark], first: date, last: date, before: SentBefore
) -> list[tuple[str, Sent]]:
    """What was sent before of a person's months, each with the name of the field that tells."""
    return [
        (mark[0], sent)
        for mark in sorted(person)
        for sent in before.get(mark, ())
        if sent.meets(first, last)
    ]
