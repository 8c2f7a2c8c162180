"""Joining two numbers on pages: from the person's page, confirmed on the link's own."""

from __future__ import annotations

from datetime import date

import pytest

from registry.models import AuditEvent, PersonLink
from tests.factories import resident
from tests.payments.joined import link_made
from tests.payments.runs import settle

SIGNED_IN = 4


@pytest.fixture
def numbers(db):
    return resident(lives_in="398"), resident(lives_in="853", born=date(1991, 1, 1))


def signed_in(client, user):
    client.force_login(user)
    client.cookies["django_language"] = "en"
    return client


def propose(client, person, number: str, **given):
    data = {"uma_number": number, "source": "Migrin ilmoitus", "reason": "Sama henkilö."} | given
    return client.post(f"/persons/{person.pk}/join/", data)


def test_a_number_is_joined_by_a_reviewer_and_an_approver(client, numbers, kalle, hilkka):
    person, number = numbers
    page = signed_in(client, kalle).get(f"/persons/{person.pk}/").content.decode()
    assert f"/persons/{person.pk}/join/" in page
    where = propose(client, person, number.uma_number).url
    assert "Confirm the link" not in client.get(where).content.decode()
    signed_in(client, hilkka)
    assert "Confirm the link" in client.get(where).content.decode()
    client.post(f"{where}confirm/")
    assert PersonLink.objects.get().status == "standing"
    shown = client.get(f"/persons/{number.pk}/").content.decode()
    assert f"This number is joined to UMA {person.uma_number}" in shown


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"uma_number": "Z9"}, "No person in the register has this number"),
        ({"uma_number": ""}, "This field is required"),
        ({"reason": " "}, "This field is required"),
    ],
)
def test_what_cannot_be_joined_says_why_and_keeps_what_was_written(
    client, numbers, kalle, given, sentence
):
    page = propose(signed_in(client, kalle), numbers[0], numbers[1].uma_number, **given)
    assert sentence in page.content.decode() and not PersonLink.objects.exists()
    assert "Migrin ilmoitus" in page.content.decode()


def test_the_same_number_is_refused_in_a_sentence(client, numbers, kalle):
    page = propose(signed_in(client, kalle), numbers[0], numbers[0].uma_number)
    assert "This is the same UMA number." in page.content.decode()


@pytest.mark.parametrize("step", ["refuse", "end"])
def test_a_step_without_a_reason_is_asked_again(client, numbers, kalle, hilkka, step):
    person, number = numbers
    if step == "end":
        link = link_made(number.uma_number, person.uma_number)
        page = signed_in(client, kalle).post(f"/joined/{link.pk}/end/", {"reason": ""})
    else:
        where = propose(signed_in(client, kalle), person, number.uma_number).url
        page = signed_in(client, hilkka).post(f"{where}refuse/", {"reason": ""})
    assert page.status_code == 200 and "This field is required" in page.content.decode()


def test_a_refusal_and_an_end_are_shown_with_their_reasons(client, numbers, kalle, hilkka):
    person, number = numbers
    where = propose(signed_in(client, kalle), person, number.uma_number).url
    signed_in(client, hilkka).post(f"{where}refuse/", {"reason": "Eri syntymäaika."})
    assert "Eri syntymäaika." in client.get(where).content.decode()
    link = link_made(number.uma_number, person.uma_number)
    where = f"/joined/{link.pk}/"
    signed_in(client, kalle).post(f"{where}end/", {"reason": "Eri sormenjäljet."})
    assert "Eri sormenjäljet." in client.get(where).content.decode()
    signed_in(client, hilkka).post(f"{where}confirm/")
    link.refresh_from_db()
    assert link.status == "ended"


def test_the_page_of_a_link_is_logged_with_both_persons(client, numbers, kalle):
    person, number = numbers
    link = link_made(number.uma_number, person.uma_number)
    signed_in(client, kalle).get(f"/joined/{link.pk}/")
    event = AuditEvent.objects.latest("pk")
    assert (event.persons, event.case_ref) == (sorted([person.pk, number.pk]), f"link {link.pk}")


def test_the_pages_take_a_fixed_number_of_queries(
    client, numbers, kalle, django_assert_num_queries
):
    person, number = numbers
    link = link_made(number.uma_number, person.uma_number)
    signed_in(client, kalle)
    with django_assert_num_queries(SIGNED_IN + 1 + 1):
        client.get("/joined/")
    with django_assert_num_queries(SIGNED_IN + 1 + 10 + 1):
        client.get(f"/joined/{link.pk}/")


def test_the_month_shows_the_lines_of_both_numbers_and_explains_it(client, numbers, kalle):
    person, number = numbers
    settle("2025-01")
    link_made(number.uma_number, person.uma_number)
    signed_in(client, kalle)
    page = client.get(f"/persons/{person.pk}/2025-01/").content.decode()
    assert number.uma_number in page and "Several UMA numbers are this person" in page
    other = client.get(f"/persons/{number.pk}/2025-01/").content.decode()
    assert f"This number is joined to UMA {person.uma_number}" in other


def test_what_waits_is_on_the_approvers_start_page(client, numbers, kalle, hilkka):
    propose(signed_in(client, kalle), numbers[0], numbers[1].uma_number)
    assert "1 joining of two UMA numbers" in signed_in(client, hilkka).get("/").content.decode()
