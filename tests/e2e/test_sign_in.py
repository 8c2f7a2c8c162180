"""Signing in as a person does: a passkey of the browser, an app's code, a fresh sign-in."""

from __future__ import annotations

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from playwright.sync_api import Page, expect

from tests.e2e.browsers import look, opened
from tests.factories import PASSWORD
from tests.registry.authenticator import code

pytestmark = pytest.mark.e2e

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture(autouse=True)
def patient(settings) -> None:
    """Half a minute may end between a code and its check."""
    settings.MFA_TOTP_TOLERANCE = 1


def give_authenticator(page: Page) -> None:
    """Give the browser an authenticator that says yes."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})


def give_password(page: Page, username: str) -> None:
    page.goto("/sign-in/")
    page.get_by_label("Käyttäjätunnus").fill(username)
    page.get_by_label("Salasana").fill(PASSWORD)
    page.get_by_role("button", name="Kirjaudu sisään").click()


def test_a_passkey_is_set_up_and_signs_in_alone(browser, live_server, anna):
    with opened(browser, live_server.url, user=anna) as page:
        give_authenticator(page)
        page.goto("/own/passkeys/add/")
        page.get_by_role("button", name="Ota pääsyavain käyttöön").click()
        expect(page.get_by_role("status").first).to_contain_text("Pääsyavain on käytössä")
        expect(page.get_by_role("heading", name="Palautuskoodit")).to_be_visible()
        page.get_by_role("button", name="Kirjaudu ulos").click()
        page.get_by_role("button", name="Kirjaudu pääsyavaimella").click()
        expect(page.get_by_role("button", name="Kirjaudu ulos")).to_be_visible()


def test_a_passkey_that_fails_is_told_on_the_page(browser, live_server, db):
    with opened(browser, live_server.url) as page:
        give_authenticator(page)
        page.goto("/sign-in/")
        page.get_by_role("button", name="Kirjaudu pääsyavaimella").click()
        expect(page.get_by_text("Pääsyavainta ei voitu käyttää")).to_be_visible()


def test_the_pages_of_the_second_factor_are_accessible(browser, live_server, kalle):
    secret = generate_totp_secret()
    TOTP.activate(kalle, secret)
    with opened(browser, live_server.url) as page:
        give_password(page, "kalle")
        look(page, "/sign-in/second-factor/", "second-factor")
        page.get_by_label("Koodi").fill(code(secret))
        page.get_by_role("button", name="Jatka").click()
        for name in ("sign-in", "app/remove", "recovery-codes/new"):
            look(page, f"/own/{name}/", f"own-{name.replace('/', '-')}")
        page.get_by_role("button", name="Luo uudet palautuskoodit").click()
        expect(page.get_by_role("heading", name="Palautuskoodit")).to_be_visible()
        look(page, "/own/recovery-codes/", "recovery-codes")
