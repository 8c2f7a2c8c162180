"""Two UMA numbers of one person: joined and parted by two people, never in a chain."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from registry.links.errors import LinkRefused
from registry.links.selectors import main_of, numbers_of, same_person
from registry.links.services import link_confirm, link_end_propose, link_propose, link_refuse
from registry.models import AuditEvent, Person, PersonLink
from registry.people.secrecy import non_disclosed
from tests.factories import (
    IdentityCodeFactory,
    MembershipFactory,
    PersonDetailsFactory,
    PersonFactory,
    PopulationRecordFactory,
    StaffRoleFactory,
)

TODAY = date(2025, 3, 10)
pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> tuple[Person, Person, Person]:
    one, two, three = (PersonFactory.create() for _ in range(3))
    return one, two, three


def propose(person: Person, number: Person, by, reason="Sama henkilö.") -> PersonLink:
    return link_propose(person, number, reason=reason, source="Migrin ilmoitus", by=by, today=TODAY)


def joined(person: Person, number: Person, kalle, hilkka) -> PersonLink:
    return link_confirm(propose(person, number, kalle).pk, by=hilkka, today=TODAY)


def test_one_proposes_and_another_confirms(people, kalle, hilkka):
    person, number, _other = people
    link = propose(person, number, kalle)
    assert numbers_of(person) == [person.pk]
    link_confirm(link.pk, by=hilkka, today=TODAY)
    assert numbers_of(person) == [person.pk, number.pk]
    assert main_of(number) == person and same_person(number) == {person.pk, number.pk}


def test_whoever_proposed_does_not_confirm(people, kalle):
    StaffRoleFactory.create(user=kalle, role="approver")
    link = propose(*people[:2], kalle)
    with pytest.raises(LinkRefused, match="P-01"):
        link_confirm(link.pk, by=kalle, today=TODAY)
    with pytest.raises(IntegrityError, match="P-01"), transaction.atomic():
        PersonLink.objects.update(status="standing", confirmed_by=kalle, confirmed_on=TODAY)


def test_a_member_of_an_organisation_takes_no_part(people, kalle):
    MembershipFactory.create(user=kalle)
    with pytest.raises(LinkRefused, match="P-01"):
        propose(*people[:2], kalle)


@pytest.mark.parametrize(
    ("person", "number"), [(0, 0), (0, 1), (1, 0), (2, 1), (1, 2), (2, 0)], ids=str
)
def test_no_chain_and_no_second_link_is_made(people, kalle, hilkka, person, number):
    joined(people[0], people[1], kalle, hilkka)
    with pytest.raises(LinkRefused):
        propose(people[person], people[number], kalle)
    with pytest.raises(IntegrityError), transaction.atomic():
        PersonLink.objects.create(
            person=people[person], number=people[number], status="proposed", source="Muu",
            reason="Muu", proposed_by=kalle, proposed_on=TODAY,
        )  # fmt: skip


def test_a_third_number_is_joined_to_the_same_person(people, kalle, hilkka):
    joined(people[0], people[1], kalle, hilkka)
    joined(people[0], people[2], kalle, hilkka)
    assert numbers_of(people[0]) == [person.pk for person in people]


def test_the_number_with_the_identity_code_goes_on(people, kalle):
    PersonDetailsFactory.create(person=people[1])
    PersonDetailsFactory.create(person=people[0], identity=None)
    with pytest.raises(LinkRefused):
        propose(people[0], people[1], kalle)
    assert propose(people[1], people[0], kalle).status == "proposed"


@pytest.mark.parametrize("text", ["", "  "])
def test_a_reason_is_given(people, kalle, text):
    with pytest.raises(LinkRefused):
        propose(*people[:2], kalle, reason=text)


def test_a_refused_proposal_joins_nothing(people, kalle, hilkka):
    link = link_refuse(propose(*people[:2], kalle).pk, by=hilkka, reason="Eri syntymäaika.")
    assert (link.status, numbers_of(people[0])) == ("refused", [people[0].pk])
    assert propose(people[1], people[0], kalle).status == "proposed", "it can be proposed anew"


def test_a_link_is_ended_by_two_people_and_stays_to_be_read(people, kalle, hilkka):
    link = joined(*people[:2], kalle, hilkka)
    link_end_propose(link.pk, by=kalle, reason="Eri henkilöt.")
    assert main_of(people[1]) == people[0], "until it is confirmed"
    ended = link_confirm(link.pk, by=hilkka, today=date(2025, 4, 1))
    assert (ended.status, ended.confirmed_on, ended.ended_on) == (
        "ended", TODAY, date(2025, 4, 1),
    )  # fmt: skip
    assert main_of(people[1]) == people[1]


def test_a_refused_end_leaves_the_link(people, kalle, hilkka):
    link = joined(*people[:2], kalle, hilkka)
    link_end_propose(link.pk, by=kalle, reason="Eri henkilöt.")
    assert link_refuse(link.pk, by=hilkka, reason="Sormenjäljet.").status == "standing"


def test_steps_are_taken_in_order(people, kalle, hilkka):
    link = propose(*people[:2], kalle)
    with pytest.raises(LinkRefused):
        link_end_propose(link.pk, by=kalle, reason="Eri.")
    link_confirm(link.pk, by=hilkka, today=TODAY)
    with pytest.raises(LinkRefused):
        link_confirm(link.pk, by=hilkka, today=TODAY)


@pytest.mark.parametrize(
    "change",
    [
        lambda: PersonLink.objects.update(reason="Muu."),
        lambda: PersonLink.objects.update(confirmed_on=date(2025, 5, 1)),
        lambda: PersonLink.objects.update(status="proposed", confirmed_by=None, confirmed_on=None),
        lambda: PersonLink.objects.all()._raw_delete("default"),
    ],
)
def test_what_was_confirmed_is_kept(people, kalle, hilkka, change):
    joined(*people[:2], kalle, hilkka)
    with pytest.raises(IntegrityError, match="is kept"), transaction.atomic():
        change()


def test_each_step_is_logged_with_both_persons(people, kalle, hilkka):
    joined(*people[:2], kalle, hilkka)
    events = AuditEvent.objects.filter(object_type="registry.personlink")
    assert list(events.order_by("pk").values_list("verb", flat=True)) == ["proposed", "approved"]
    assert all(set(event.persons) == {people[0].pk, people[1].pk} for event in events)


@pytest.mark.parametrize("whose", [0, 1])
def test_whoever_is_protected_is_so_by_every_number(people, kalle, hilkka, whose):
    """P-11."""
    for person in people:
        PersonDetailsFactory.create(person=person, identity=IdentityCodeFactory.create())
    details = people[whose].details.get()
    PopulationRecordFactory.create(identity=details.identity, non_disclosure=True)
    joined(people[0], people[1], kalle, hilkka)
    joined(people[0], people[2], kalle, hilkka)
    assert non_disclosed(person.pk for person in people) == {person.pk for person in people}
