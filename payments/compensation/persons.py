"""The persons behind a payee's month (P-13), without what non-disclosure keeps secret (P-11)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from django.db.models import QuerySet

from config.lib.paging import Page, page_of
from payments.ledger.secrecy import Unnamed, unnamed_sum
from payments.models import Assessment, Line, LineKind, Proposal, Rate
from registry.models import PersonDetails
from registry.people.secrecy import is_protected, non_disclosed

PERSONS_A_PAGE = 50


@dataclass(frozen=True)
class ListedPerson:
    """A person of the list: what P-03 names, the lines for this payee, their sum in cents."""

    details: PersonDetails
    protected: bool
    lines: list[Line]

    @property
    def name(self) -> str:
        """Family name first, as lists are read."""
        return f"{self.details.family_name} {self.details.given_names}".strip()

    @property
    def cents(self) -> int:
        return sum(line.amount_cents for line in self.lines)


def listed(lines: QuerySet[Line]) -> QuerySet[Line]:
    """Lines shown with a name: of a protected person, those of the run's own month alone.

    In the run's own month the person lives with this payee; a correction tells of another place.
    """
    return lines.exclude(is_protected(), kind=LineKind.CORRECTION)


def unnamed(lines: QuerySet[Line]) -> Unnamed:
    """The corrections that are left out of the list; one query."""
    return unnamed_sum(lines.filter(kind=LineKind.CORRECTION))


def persons_page(lines: QuerySet[Line], after: int | None) -> Page[ListedPerson]:
    """Listed persons from after one, with their lines; four queries."""
    shown = listed(lines)
    rest = shown if after is None else shown.filter(person__gt=after)
    persons = page_of(
        rest.order_by("person").values_list("person", flat=True).distinct(),
        after=after,
        key=lambda person: person,
        size=PERSONS_A_PAGE,
    )
    rows = list(persons_listed(shown.filter(person__in=persons.rows)))
    return Page(rows, persons.next, is_first=persons.is_first)


@dataclass(frozen=True)
class PersonMonth:
    """A person of the list, and the rates by which the run's own month is paid."""

    person: ListedPerson
    rates: list[Rate]


def person_month(proposal: Proposal, lines: QuerySet[Line], person: int) -> PersonMonth | None:
    """Why a listed person's month is paid; None if the list does not name them; five queries."""
    found = next(persons_listed(listed(lines).filter(person=person)), None)
    if found is None:
        return None
    assessment = Assessment.objects.filter(
        run=proposal.run_id, person=person, benefit_month=proposal.run.month
    ).first()
    return PersonMonth(found, _rates(assessment, proposal.payee_id))


def _rates(assessment: Assessment | None, payee: int) -> list[Rate]:
    """The rates of an assessment for a payee, base first; one query."""
    if assessment is None:
        return []
    used = {
        assessment.municipality_id: (
            assessment.municipality_base_rate_id, assessment.municipality_adult_rate_id,
        ),
        assessment.county_id: (assessment.county_base_rate_id, assessment.county_adult_rate_id),
    }  # fmt: skip
    rates = [rate for rate in used.get(payee, ()) if rate]
    return list(Rate.objects.filter(pk__in=rates).order_by("-component"))


def persons_listed(lines: QuerySet[Line]) -> Iterator[ListedPerson]:
    """The persons of the lines, in the order of their ids; three queries."""
    found = list(
        lines.select_related("payee").order_by("person", "-benefit_month", "-component", "payee")
    )
    details = {
        row.person_id: row
        for row in PersonDetails.objects.current()
        .filter(person__in={line.person_id for line in found})
        .select_related("person")
    }
    protected = non_disclosed(details)
    for person, own in groupby(found, key=lambda line: line.person_id):
        yield ListedPerson(details[person], person in protected, list(own))
