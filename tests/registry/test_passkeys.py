"""Passkeys: set up, signed in with alone or as a second factor; another's is refused."""

from __future__ import annotations

import pytest
from django.urls import reverse

from registry.audit.models import Outcome, Verb
from registry.models import AuditEvent
from tests.factories import PASSWORD
from tests.registry.authenticator import Passkey, page_data

ADD, LOGIN = reverse("mfa_add_webauthn"), reverse("mfa_login_webauthn")
pytestmark = pytest.mark.usefixtures("https")


@pytest.fixture
def passkey(client, anna) -> Passkey:
    """Anna's passkey; she has signed out."""
    key = Passkey()
    client.force_login(anna)
    answer = key.register(page_data(client.get(ADD).content.decode()))
    client.post(ADD, {"name": "Kännykkä", "credential": answer})
    client.post("/sign-out/")
    return key


def options(client) -> dict:
    return client.get(LOGIN, headers={"accept": "application/json"}).json()


def test_a_passkey_signs_in_alone(client, anna, passkey):
    answer = passkey.show(options(client))
    assert client.post(LOGIN, {"credential": answer}).url == "/"
    assert client.get(reverse("mfa_index")).context["user"] == anna


def test_a_passkey_is_asked_for_after_the_password(client, anna, passkey):
    client.post("/sign-in/", {"login": "anna", "password": PASSWORD})
    page = client.get(reverse("mfa_authenticate")).content.decode()
    answer = passkey.show(page_data(page))
    assert client.post(reverse("mfa_authenticate"), {"credential": answer}).status_code == 302
    assert client.get(reverse("mfa_index")).context["user"] == anna


def test_a_passkey_of_another_site_is_refused_and_logged(client, anna, passkey):
    passkey.origin = "https://testserver.example"
    client.post(LOGIN, {"credential": passkey.show(options(client))})
    assert client.get(reverse("mfa_index")).status_code == 302
    refused = AuditEvent.objects.get(verb=Verb.SIGNED_IN, outcome=Outcome.REFUSED)
    assert refused.details == {"factor": "webauthn"}


def test_an_answer_of_a_passkey_is_good_once(client, anna, passkey):
    answer = passkey.show(options(client))
    client.post(LOGIN, {"credential": answer})
    client.post("/sign-out/")
    client.post(LOGIN, {"credential": answer})
    assert client.get(reverse("mfa_index")).status_code == 302


def test_a_stranger_cannot_claim_to_be_anna(client, anna, passkey):
    stranger = Passkey()
    stranger.id, stranger.owner = passkey.id, passkey.owner
    client.post(LOGIN, {"credential": stranger.show(options(client))})
    assert client.get(reverse("mfa_index")).status_code == 302


def test_a_closed_account_opens_to_no_passkey(client, anna, passkey):
    anna.is_active = False
    anna.save()
    page = client.post(LOGIN, {"credential": passkey.show(options(client))}, follow=True)
    assert "käyttäjätunnus tai salasana" in page.content.decode().lower()
    assert client.get(reverse("mfa_index")).status_code == 302


@pytest.mark.parametrize("answer", ["", "{}", "[]", '{"response": 1}', "null", '"x"'])
def test_nonsense_is_refused(client, db, answer):
    options(client)
    assert client.post(LOGIN, {"credential": answer}).status_code == 302
