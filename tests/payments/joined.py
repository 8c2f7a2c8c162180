"""Two numbers of one person joined and parted as in service."""

from __future__ import annotations

from datetime import date

from registry.links.services import link_confirm, link_end_propose, link_propose
from registry.models import LinkStatus, Person, PersonLink, User
from tests.factories import PersonFactory
from tests.payments.test_claims import staff

TODAY = date(2025, 3, 10)


def join(number: str, person: str, *, by: User | None = None, approver: User | None = None):
    """Join a UMA number to a person, by two people."""
    link = link_propose(
        Person.objects.get(uma_number=person),
        Person.objects.get(uma_number=number),
        reason="Sama henkilö.",
        source="Migrin ilmoitus",
        by=by or staff("reviewer"),
        today=TODAY,
    )
    return link_confirm(link.pk, by=approver or staff("approver"), today=TODAY)


def part(link: PersonLink) -> PersonLink:
    """End a link, by two people."""
    link_end_propose(link.pk, by=staff("reviewer"), reason="Eri henkilöt.")
    return link_confirm(link.pk, by=staff("approver"), today=TODAY)


def link_made(number: str, person: str) -> PersonLink:
    """A link in force whichever number holds the identity code: it may come or go later."""
    link = PersonLink.objects.create(
        person=Person.objects.get(uma_number=person),
        number=Person.objects.get(uma_number=number),
        status=LinkStatus.PROPOSED,
        source="Migrin ilmoitus",
        reason="Sama henkilö.",
        proposed_by=staff("reviewer"),
        proposed_on=TODAY,
    )
    return link_confirm(link.pk, by=staff("approver"), today=TODAY)


def link_proposed(person: Person) -> int:
    """The id of a proposal that waits: another number is the person's too."""
    number = PersonFactory.create()
    return link_propose(
        person,
        number,
        reason="Sama henkilö.",
        source="Migrin ilmoitus",
        by=staff("reviewer"),
        today=TODAY,
    ).pk
