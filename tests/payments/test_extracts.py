"""The extract of one person: everything of theirs, nothing of anybody else, and logged (P-15)."""

from __future__ import annotations

import json
from datetime import date

import pytest

from config.lib import sealing
from grants.hearings.services import hearing_ask
from payments.runs import services
from registry.audit.services import audit_record
from registry.models import AuditEvent, DisclosureEvent, PersonDetails
from tests.documents import faults, said
from tests.factories import (
    DeliveryFactory,
    IdentityCodeFactory,
    PermitFactory,
    PersonDetailsFactory,
    PersonFactory,
    PopulationRecordFactory,
    RejectedRowFactory,
    ResidenceFactory,
    municipality,
    resident,
)
from tests.grants.decisions import AT as HEARD_AT
from tests.grants.decisions import decided, kirsi, mark, taken
from tests.payments.runs import AT, compute

SIGNED_IN = 2  # queries of every page: the session and its user


@pytest.fixture
def parent(db):
    return PersonDetailsFactory.create(
        person=PersonFactory.create(uma_number="PARENT1"), family_name="Vanhempi"
    ).person


@pytest.fixture
def person(db):
    return resident(lives_in="398", moved_in=date(2024, 2, 1))


@pytest.fixture
def run(person, kalle, hilkka):
    run = compute("2025-01")
    services.run_check_and_approve(run.pk, checker=kalle, approver=hilkka, at=AT)
    return run


@pytest.fixture
def officer(client, tarja):
    client.force_login(tarja)
    client.cookies["django_language"] = "en"
    return client


def code_of(person) -> str:
    return PersonDetails.objects.current().get(person=person).identity.code


def extract(officer, person, **asked) -> dict:
    answer = officer.post(
        f"/extracts/{person.pk}/download/", {"form": "json", "named": "on"} | asked
    )
    assert answer.status_code == 200
    return json.loads(b"".join(answer.streaming_content))


def document(officer, person, **asked) -> bytes:
    asked = {"form": "pdf", "named": "on"} | asked
    return officer.post(f"/extracts/{person.pk}/download/", asked).content


@pytest.mark.parametrize("by", ["uma_number", "code"])
def test_a_person_is_found_by_number_or_code(officer, person, by):
    number = person.uma_number if by == "uma_number" else code_of(person)
    answer = officer.post("/extracts/", {"number": number})
    assert answer.url == f"/extracts/{person.pk}/"
    assert AuditEvent.objects.filter(verb="searched", persons=[person.pk]).count() == 1


def test_an_unknown_number_is_told_and_not_logged_as_typed(officer, db):
    answer = officer.post("/extracts/", {"number": "010190-9710"})
    assert "No person in the register has this number." in answer.content.decode()
    assert AuditEvent.objects.latest("pk").persons == []


def test_the_extract_holds_facts_months_and_amounts(officer, person, run):
    """P-15."""
    held = extract(officer, person)
    details, permit = held["details"][0], held["permits"][0]
    assert details["identity_code"] == code_of(person)
    assert details["family_name"] == "Testinen"
    assert permit["ground"]["code"] == "87"
    assert [row["municipality"]["label"] for row in held["residences"]] == ["Lahti"]
    assert held["assessments"][0]["outcome"]["code"] == "paid"
    assert {line["payee"]["code"] for line in held["lines"]} == {"398", "09"}
    assert all(line["amount_cents"] > 0 for line in held["lines"])


def test_closed_facts_are_in_it_with_their_deliveries(officer, person):
    delivery = DeliveryFactory.create()
    PermitFactory.create(person=person, closed_by=delivery, brought_by=DeliveryFactory.create(pk=1))
    closed = [p for p in extract(officer, person)["permits"] if p["closed_by"]]
    assert [p["closed_by"]["code"] for p in closed] == [str(delivery.pk)]


def test_refused_rows_that_name_the_person_are_found(officer, person):
    own = f"{person.uma_number},,,,,"
    RejectedRowFactory.create(column="", sealed_value=sealing.seal(own), reason="bad_quoting")
    RejectedRowFactory.create(column="identity_code", sealed_value=sealing.seal(code_of(person)))
    RejectedRowFactory.create(column="", sealed_value=sealing.seal("SOMEBODY,ELSE"))
    rows = extract(officer, person)["refused_rows"]
    assert {row["reason"]["code"] for row in rows} == {"bad_quoting", "bad_date"}


def test_who_looked_is_in_it(officer, person, kalle):
    audit_record(verb="viewed", actor=kalle, persons=[person.pk], case_ref="run 2025-01")
    audit_record(verb="viewed", actor=kalle, persons=[person.pk + 1], case_ref="another")
    looked = extract(officer, person)["looked"]
    assert ("Kalle Tarkka, the paying authority", "run 2025-01") in [
        (row["by"], row["case"]) for row in looked
    ]
    assert "another" not in [row["case"] for row in looked]


def test_users_are_not_named_when_that_is_asked(officer, person, kalle):
    audit_record(verb="viewed", actor=kalle, persons=[person.pk])
    looked = extract(officer, person, named="")["looked"]
    assert {row["by"] for row in looked} == {"the paying authority"}


def test_downloads_of_a_whole_run_with_the_person_are_in_it(officer, person, run, kalle):
    audit_record(verb="exported", actor=kalle, about=run, case_ref="run 2025-01")
    looked = extract(officer, person)["looked"]
    assert "exported" in [row["verb"]["code"] for row in looked if row["case"] == "run 2025-01"]


def test_a_relative_is_named_only_where_a_decision_rests_on_them(officer, person, parent):
    child = PersonDetailsFactory.create(parent_uma_numbers=[parent.uma_number]).person
    assert extract(officer, child)["details"][0]["parents"] == ["not named here"]


def test_nothing_of_another_person_is_in_it(officer, person, parent, run):
    other = resident(lives_in="853")
    text = json.dumps(extract(officer, person))
    for word in (other.uma_number, code_of(other), "Vanhempi", parent.uma_number, "Turku"):
        assert word not in text


def test_facts_under_a_code_another_has_had_are_left_out(officer, person):
    shared = IdentityCodeFactory.create()
    early, late = DeliveryFactory.create(), DeliveryFactory.create()
    for holder in (person, PersonFactory.create()):
        PersonDetailsFactory.create(
            person=holder, identity=shared, brought_by=early, closed_by=late
        )
    ResidenceFactory.create(identity=shared, brought_by=early)
    held = extract(officer, person)
    assert len(held["residences"]) == 1
    assert any("another person has had too" in sentence for sentence in held["extract"]["about"])


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_the_document_is_accessible_and_says_the_same(officer, person, run, language):
    officer.cookies["django_language"] = language
    pdf = document(officer, person)
    assert faults(pdf) == []
    for word in (person.uma_number, code_of(person), "Testinen", "Lahti", "1/2025"):
        assert word in said(pdf)


def test_an_extract_is_one_event_and_one_disclosure(officer, person, tarja):
    before = AuditEvent.objects.latest("pk").pk
    document(officer, person)
    (event,) = AuditEvent.objects.filter(pk__gt=before)
    assert (event.verb, event.purpose, event.persons) == ("exported", "data_subject", [person.pk])
    disclosure = DisclosureEvent.objects.get()
    assert (disclosure.recipient, disclosure.persons) == ("the data subject", [person.pk])


def test_the_page_tells_who_opened_the_persons_data(officer, person, kalle):
    audit_record(verb="viewed", actor=kalle, persons=[person.pk], case_ref="run 2025-01")
    page = officer.get(f"/extracts/{person.pk}/").content.decode()
    assert "kalle" in page and "run 2025-01" in page and "Testinen" in page
    assert code_of(person) not in page


def test_the_page_hides_for_whom_a_protected_persons_data_was_opened(officer, anna):
    details = PersonDetailsFactory.create()
    PopulationRecordFactory(identity=details.identity, non_disclosure=True)
    lahti = municipality("398")
    audit_record(verb="viewed", actor=anna, acting_for=lahti, persons=[details.person_id])
    page = officer.get(f"/extracts/{details.person_id}/").content.decode()
    assert "anna" in page and "Lahti" not in page


def test_rows_of_supports_and_what_was_decided_on_them_are_told(officer, person):
    rows = [
        {"uma_number": person.uma_number, "name": "Testinen"},
        {"uma_number": "T9", "name": "X"},
    ]
    application = taken(rows)
    decision = decided(application, refused=[3]).decision
    told = extract(officer, person)
    (row,) = told["list_rows"]
    assert (row["application"], row["name"], row["version"]) == (application.number, "Testinen", 1)
    (support,) = told["support_rows"]
    assert support["decision"] == decision.number
    assert support["accepted"] and support["granted"] and support["amount_cents"] > 0


def test_what_an_applicant_was_heard_on_is_told(officer, person):
    application = taken([{"uma_number": person.uma_number}])
    mark(application, refused=[2])
    last = date(2024, 5, 20)
    hearing_ask(application.pk, question="", answer_by=last, by=kirsi(), at=HEARD_AT)
    (row,) = extract(officer, person)["hearing_rows"]
    assert (row["reason"], row["answer_by"]) == ("Ei ensimmäinen kotikunta.", "2024-05-20")


def test_the_page_costs_a_fixed_number_of_queries(
    officer, person, kalle, django_assert_num_queries
):
    for count in (1, 20):
        for _ in range(count):
            audit_record(verb="viewed", actor=kalle, persons=[person.pk])
        with django_assert_num_queries(SIGNED_IN + 11):
            officer.get(f"/extracts/{person.pk}/")


def test_a_form_that_is_none_makes_no_extract(officer, person):
    answer = officer.post(f"/extracts/{person.pk}/download/", {"form": "docx"})
    assert answer.status_code == 302
    assert not DisclosureEvent.objects.exists()
