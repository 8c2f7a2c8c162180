"""One person's facts as known now, each with the delivery that brought it."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from config.lib import sealing
from registry.people.models import (
    IdentityCode,
    Permit,
    Person,
    PersonDetails,
    PopulationRecord,
    Residence,
)
from registry.people.secrecy import non_disclosed


@dataclass(frozen=True)
class PersonFacts:
    """What the registers say of a person; the earliest permit and residence first."""

    details: PersonDetails | None
    record: PopulationRecord | None
    permits: list[Permit]
    residences: list[Residence]
    is_protected: bool  # under non-disclosure, by whichever number (P-11)

    @property
    def identity(self) -> IdentityCode | None:
        """The identity code that UMA holds now."""
        return self.details.identity if self.details else None


def person_by_number(persons: QuerySet[Person], number: str) -> Person | None:
    """The one of the persons with the UMA customer number, or with the identity code now; one query."""
    code = Q(details__closed_by=None, details__identity__code_hash=sealing.keyed_hash(number))
    return persons.filter(Q(uma_number=number) | code).first()


def person_facts(person: Person) -> PersonFacts:
    """The number's facts as known now; five queries, three without an identity code."""
    details = (
        PersonDetails.objects.current()
        .filter(person=person)
        .select_related("identity", "brought_by")
        .first()
    )
    permits = (
        Permit.objects.current()
        .filter(person=person)
        .select_related("ground", "brought_by")
        .order_by("valid_from", "permit_number")
    )
    identity = details.identity if details else None
    return PersonFacts(
        details,
        _record(identity),
        list(permits),
        _residences(identity),
        is_protected=bool(non_disclosed([person.pk])),
    )


def _record(identity: IdentityCode | None) -> PopulationRecord | None:
    if identity is None:
        return None
    records = PopulationRecord.objects.current().filter(identity=identity)
    found: PopulationRecord | None = records.select_related("brought_by").first()
    return found


def _residences(identity: IdentityCode | None) -> list[Residence]:
    if identity is None:
        return []
    entries = Residence.objects.current().filter(identity=identity)
    return list(entries.select_related("municipality", "brought_by").order_by("moved_in"))
