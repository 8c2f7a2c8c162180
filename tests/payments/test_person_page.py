"""The person page: facts with their deliveries, months, the code on demand, and its log (P-10 … P-12)."""

from __future__ import annotations

import pytest

from payments.runs import services
from registry.audit.cases import SIGNER, origin_of
from registry.models import AuditEvent, PersonDetails
from tests.factories import (
    PersonDetailsFactory,
    PersonFactory,
    PopulationRecordFactory,
    resident,
)
from tests.payments.runs import AT, compute

SIGNED_IN = 4  # queries of every page: the session, its user, roles, memberships
CASE = "run 2025-01"


@pytest.fixture
def person(db):
    return resident(lives_in="398")


@pytest.fixture
def run(person, kalle, hilkka):
    run = compute("2025-01")
    services.run_check_and_approve(run.pk, checker=kalle, approver=hilkka, at=AT)
    return run


@pytest.fixture
def reader(client, kalle):
    client.force_login(kalle)
    client.cookies["django_language"] = "en"
    return client


def page(reader, person, query: str = "") -> str:
    return reader.get(f"/persons/{person.pk}/{query}").content.decode()


def code_of(person) -> str:
    return PersonDetails.objects.get(person=person).identity.code


def test_the_page_shows_facts_with_their_deliveries_and_months(reader, run, person):
    text = page(reader, person)
    delivery = PersonDetails.objects.get(person=person).brought_by_id
    for word in ("Testinen Testi", "1.5.1990", "Lahti", f"/deliveries/{delivery}/", "Paid"):
        assert word in text
    assert text.count('class="paid"') == 1


def test_the_drawing_has_a_text_alternative(reader, run, person):
    text = page(reader, person)
    assert 'role="img"' in text and 'aria-describedby="timeline-said"' in text
    assert "Months paid: 1 (1/2025–1/2025)." in text


def test_the_identity_code_is_masked_until_asked_for(reader, run, person):
    assert code_of(person) not in page(reader, person)
    shown = reader.post(f"/persons/{person.pk}/identity-code/").content.decode()
    assert code_of(person) in shown


def test_showing_the_code_is_an_event_of_its_own(reader, run, person):
    reader.post(f"/persons/{person.pk}/identity-code/{origin_of(CASE)}")
    event = AuditEvent.objects.latest("pk")
    assert (event.verb, event.persons, event.case_ref) == ("viewed", [person.pk], CASE)
    assert event.details == {"shown": "identity code"}


def test_a_look_does_not_show_the_code(reader, person):
    assert reader.get(f"/persons/{person.pk}/identity-code/").status_code == 405


def test_opening_is_one_event_with_the_case_it_was_opened_from(reader, run, person):
    before = AuditEvent.objects.latest("pk").pk
    for address in (f"/persons/{person.pk}/", f"/persons/{person.pk}/2025-01/"):
        reader.get(address + origin_of(CASE))
    events = AuditEvent.objects.filter(pk__gt=before).values_list("verb", "case_ref", "persons")
    assert list(events) == [("viewed", CASE, [person.pk])] * 2


@pytest.mark.parametrize("forged", ["run 2025-01", "Matti~x", "Matti Meikäläinen", "~"])
def test_a_case_that_nobody_signed_is_not_there(reader, person, forged):
    before = AuditEvent.objects.count()
    assert reader.get(f"/persons/{person.pk}/", {"from": forged}).status_code == 404
    assert AuditEvent.objects.count() == before


def test_lists_tell_the_person_page_their_case(reader, run, person):
    listed = reader.get("/runs/2025-01/payees/municipality/398/").content.decode()
    assert f"/persons/{person.pk}/{origin_of(CASE)}" in listed
    assert f"2025-01/{origin_of(CASE)}" in page(reader, person, origin_of(CASE))


def test_a_signature_is_of_the_case_alone():
    assert SIGNER.unsign(SIGNER.sign(CASE)) == CASE
    assert origin_of("") == ""


def test_non_disclosure_is_marked(reader, person):
    protected = PersonDetailsFactory.create()
    PopulationRecordFactory(identity=protected.identity, non_disclosure=True)
    assert "Non-disclosure" not in page(reader, person)
    assert "Non-disclosure" in page(reader, protected.person)


def test_a_person_of_whom_nothing_is_known_has_a_page(reader, db):
    text = page(reader, PersonFactory.create())
    assert "Person without a name" in text and "<svg" not in text


def test_the_page_costs_a_fixed_number_of_queries(reader, run, person, django_assert_num_queries):
    with django_assert_num_queries(SIGNED_IN + 15):
        page(reader, person)
    compute("2025-02")
    with django_assert_num_queries(SIGNED_IN + 15):
        page(reader, person)
