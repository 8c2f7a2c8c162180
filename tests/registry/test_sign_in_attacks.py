"""What a hostile colleague would try at the door: forged forms and hosts, ways around the factor."""

from __future__ import annotations

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client
from django.urls import reverse

from tests.factories import PASSWORD
from tests.registry.authenticator import code

OWN, AUTHENTICATE = reverse("mfa_index"), reverse("mfa_authenticate")
SIGN_IN = {"login": "kalle", "password": PASSWORD}


@pytest.fixture(autouse=True)
def patient(settings) -> None:
    """Half a minute may end between a code and its check."""
    settings.MFA_TOTP_TOLERANCE = 1


@pytest.fixture
def strict() -> Client:
    """A browser whose forms are checked, as outside of tests."""
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def half_way(client, kalle, settings) -> Client:
    """Somebody who knows Kalle's password, and has not his phone."""
    settings.SECOND_FACTOR_REQUIRED = True
    TOTP.activate(kalle, generate_totp_secret())
    assert client.post("/sign-in/", SIGN_IN).url == AUTHENTICATE
    return client


@pytest.mark.parametrize("address", ["/sign-in/", "/sign-out/", "/language/", "/sign-in/passkey/"])
def test_forms_of_another_site_are_refused_to_strangers(strict, db, address):
    assert strict.post(address, {"next": "/"}).status_code == 403


@pytest.mark.parametrize(
    "name",
    ["logout", "account_change_password", "mfa_activate_totp", "mfa_add_webauthn",
     "mfa_generate_recovery_codes", "account_reauthenticate", "organisation_choose"],
)  # fmt: skip
def test_forms_of_another_site_are_refused_to_who_is_signed_in(strict, kalle, name):
    strict.force_login(kalle)
    assert strict.post(reverse(name)).status_code == 403
    assert strict.get(OWN).status_code == 200


def test_a_link_signs_nobody_out(client, kalle):
    client.force_login(kalle)
    assert client.get("/sign-out/").status_code == 405
    assert client.get(OWN).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "testserver.evil.example", "testserver:80@evil"])
def test_a_foreign_host_is_refused(client, db, settings, host):
    settings.ALLOWED_HOSTS = ["testserver"]
    assert client.get("/sign-in/", headers={"host": host}).status_code == 400


@pytest.mark.parametrize("goal", ["https://evil.example/", "//evil.example", "/\\\\evil.example"])
def test_no_form_leads_away(client, anna, goal):
    client.force_login(anna)
    for address in ("/sign-out/", "/language/"):
        answer = client.post(address, {"next": goal, "language": "sv"})
        assert answer.status_code == 302 and "evil" not in answer.url


@pytest.mark.parametrize(
    "name",
    ["run_list", "person_search", "mfa_index", "mfa_activate_totp", "mfa_add_webauthn",
     "mfa_generate_recovery_codes", "account_change_password", "account_reauthenticate",
     "mfa_reauthenticate", "admin:index", "admin:login"],
)  # fmt: skip
def test_the_password_alone_opens_no_page(half_way, name):
    address = reverse(name)
    for answer in (half_way.get(address), half_way.post(address, {"password": PASSWORD})):
        assert answer.status_code == 302
        assert answer.url.startswith(("/sign-in/", "/admin/login/"))
    assert "_auth_user_id" not in half_way.session


def test_signing_in_again_does_not_go_around_the_factor(half_way):
    for _ in range(2):
        half_way.post("/sign-in/", SIGN_IN)
        assert "_auth_user_id" not in half_way.session


def test_the_factor_of_another_does_not_help(half_way, hilkka):
    secret = generate_totp_secret()
    TOTP.activate(hilkka, secret)
    half_way.post(AUTHENTICATE, {"code": code(secret)})
    assert "_auth_user_id" not in half_way.session


def test_cancelling_forgets_the_password(half_way):
    half_way.post("/sign-out/")
    assert half_way.get(AUTHENTICATE).url == "/sign-in/"


@pytest.mark.parametrize(
    "address",
    ["/accounts/signup/", "/accounts/password/reset/", "/accounts/email/", "/sign-in/signup/",
     "/accounts/login/", "/2fa/", "/accounts/2fa/recovery-codes/download/"],
)  # fmt: skip
def test_the_other_pages_of_django_allauth_are_not_there(client, kalle, address):
    client.force_login(kalle)
    assert client.get(address).status_code == 404


def test_the_factor_of_another_cannot_be_removed(client, kalle, hilkka):
    app = TOTP.activate(hilkka, generate_totp_secret()).instance
    client.force_login(kalle)
    assert client.post(reverse("mfa_remove_webauthn", args=[app.pk])).status_code == 404
    assert client.post(reverse("mfa_deactivate_totp")).status_code == 404
