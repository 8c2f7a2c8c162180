"""The second factor: obligatory for staff, asked for after the password, never gone around."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.management import call_command
from django.urls import reverse

from registry.audit.models import Outcome, Verb
from registry.models import AuditEvent
from tests.factories import PASSWORD
from tests.registry.authenticator import code

SECRET = generate_totp_secret()
AUTHENTICATE, OWN = reverse("mfa_authenticate"), reverse("mfa_index")


@pytest.fixture(autouse=True)
def patient(settings) -> None:
    """Half a minute may end between a code and its check."""
    settings.MFA_TOTP_TOLERANCE = 1


@pytest.fixture
def in_production(settings) -> None:
    settings.SECOND_FACTOR_REQUIRED = True


@pytest.fixture
def app(kalle) -> Authenticator:
    """Kalle's authenticator app."""
    return TOTP.activate(kalle, SECRET).instance


def sign_in(client, username: str = "kalle", password: str = PASSWORD):
    return client.post("/sign-in/", {"login": username, "password": password})


def test_the_code_is_asked_for_after_the_password(client, app, in_production):
    assert sign_in(client).url == AUTHENTICATE
    assert client.get("/runs/").status_code == 302
    assert client.post(AUTHENTICATE, {"code": code(SECRET)}).status_code == 302
    assert client.get("/runs/").status_code == 200


def test_a_code_is_good_once(client, app, in_production):
    sign_in(client)
    client.post(AUTHENTICATE, {"code": code(SECRET)})
    client.post("/sign-out/")
    sign_in(client)
    client.post(AUTHENTICATE, {"code": code(SECRET)})
    assert client.get("/runs/").status_code == 302


def test_a_wrong_code_is_refused_and_logged(client, app, in_production):
    sign_in(client)
    assert client.post(AUTHENTICATE, {"code": "000000"}).status_code == 200
    refused = AuditEvent.objects.get(outcome=Outcome.REFUSED)
    assert refused.actor is None and refused.object_id == str(app.user_id)
    assert refused.details == {"factor": "totp"}


def test_codes_cannot_be_tried_on_and_on(client, app, in_production):
    sign_in(client)
    for number in range(5):
        client.post(AUTHENTICATE, {"code": f"{number:06}"})
    client.post(AUTHENTICATE, {"code": code(SECRET)})
    assert client.get("/runs/").status_code == 302


def test_staff_without_a_factor_reach_only_its_set_up(client, kalle, in_production):
    sign_in(client)
    for address in ("/runs/", "/", "/persons/", "/access-log/"):
        assert client.get(address).url == OWN
    assert client.get(OWN).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_an_app_is_set_up_with_recovery_codes(client, kalle, in_production):
    sign_in(client)
    page = client.get(reverse("mfa_activate_totp"))
    done = client.post(reverse("mfa_activate_totp"), {"code": code(page.context["form"].secret)})
    assert len(client.get(done.url).context["unused_codes"]) == 10
    assert client.get("/runs/").status_code == 200
    assert AuditEvent.objects.filter(verb=Verb.CREATED, details={"factor": "totp"}).exists()


def test_recovery_codes_are_shown_once_and_each_works_once(client, kalle, app, in_production):
    sign_in(client)
    client.post(AUTHENTICATE, {"code": code(SECRET)})
    client.post(reverse("mfa_generate_recovery_codes"))
    first = client.get(reverse("mfa_view_recovery_codes")).context["unused_codes"][0]
    assert client.get(reverse("mfa_view_recovery_codes")).context["can_view_codes"] is False
    for expected in (200, 302):
        client.post("/sign-out/")
        sign_in(client)
        client.post(AUTHENTICATE, {"code": first})
        assert client.get("/runs/").status_code == expected


def test_a_session_made_without_the_factor_is_ended(client, app, in_production):
    client.force_login(app.user)
    assert client.get("/runs/").url == "/sign-in/"
    assert client.get(OWN).status_code == 302


def test_staff_keep_at_least_one_factor(client, app, in_production):
    sign_in(client)
    client.post(AUTHENTICATE, {"code": code(SECRET)})
    page = client.post(reverse("mfa_deactivate_totp")).content.decode()
    assert "Tehtäväsi edellyttää" in page
    assert Authenticator.objects.filter(pk=app.pk).exists()


def test_officers_may_do_without(client, anna, in_production):
    sign_in(client, "anna")
    assert client.get(OWN).status_code == 200


def test_secrets_are_sealed(app):
    assert SECRET not in str(app.data)
    assert app.wrap().validate_code(code(SECRET))


def test_a_coordinator_takes_a_lost_factor_away(client, tuula, app):
    client.force_login(tuula)
    page = client.get("/admin/registry/factor/").content.decode()
    assert "kalle" in page and SECRET not in page and str(app.data["secret"]) not in page
    assert (
        client.post(f"/admin/registry/factor/{app.pk}/delete/", {"post": "yes"}).status_code == 302
    )
    assert not Authenticator.objects.exists()
    event = AuditEvent.objects.latest("id")
    assert (event.verb, event.object_type, event.actor) == (Verb.DELETED, "registry.factor", tuula)


def test_what_django_allauth_registers_is_not_shown(client, tuula, app):
    client.force_login(tuula)
    for address in ("/admin/mfa/authenticator/", "/admin/account/emailaddress/"):
        assert client.get(address).status_code == 404


def test_secrets_are_sealed_anew_under_a_new_key(kalle, settings):
    settings.IDENTITY_CODE_KEYS = {1: b"1" * 32}
    app, codes = TOTP.activate(kalle, SECRET).instance, RecoveryCodes.activate(kalle)
    before = codes.generate_codes()
    settings.IDENTITY_CODE_KEYS = {1: b"1" * 32, 2: b"2" * 32}
    call_command("rotate_identity_codes")
    settings.IDENTITY_CODE_KEYS = {2: b"2" * 32}
    app.refresh_from_db()
    codes.instance.refresh_from_db()
    assert app.wrap().validate_code(code(SECRET)) and codes.generate_codes() == before
