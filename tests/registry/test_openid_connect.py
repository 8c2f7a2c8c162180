"""Sign-in by OpenID Connect against a real provider: the whole flow, and answers that are a lie."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from registry.access.models import Membership, Right, Role, Source
from registry.access.signin.oidc import provider as asking
from registry.access.signin.oidc.errors import ProviderUnreachable
from registry.access.signin.oidc.fetching import fetch
from registry.models import Subject, User
from tests.factories import MembershipFactory, StaffRoleFactory, municipality
from tests.registry.idp import ANSWER, BEGIN, OWN, answered, asked, come_back, refused

# --- The whole flow ----------------------------------------------------------------------------


def test_a_person_signs_in_for_all_organisations_of_the_answer(client, idp):
    page = client.get(answered(client, idp).url, follow=True)
    user = page.context["user"]
    held = Membership.objects.filter(user=user).values_list("organisation__code", "right", "source")
    assert set(held) == {("398", Right.SEND, Source.MANDATE), ("853", Right.SEND, Source.MANDATE)}
    assert user.first_name == "Aino" and not user.has_usable_password()
    assert "1 organisaatioon, jota tämä palvelu ei tunne" in page.content.decode()


def test_a_mandate_lasts_for_the_day(client, idp):
    answered(client, idp)
    today = timezone.localdate()
    assert Membership.objects.in_force(today).count() == 2
    assert not Membership.objects.in_force(today + timedelta(days=1)).exists()


def test_the_same_subject_is_the_same_user(client, idp):
    for _ in range(2):
        answered(client, idp)
        client.post("/sign-out/")
    assert User.objects.count() == 1
    assert Membership.objects.count() == 2


def test_a_mandate_that_is_gone_is_revoked_at_once(client, idp):
    answered(client, idp)
    client.post("/sign-out/")
    turku = municipality("853")
    turku.business_id = None
    turku.save()
    answered(client, idp)
    standing = Membership.objects.in_force(timezone.localdate())
    assert [membership.organisation.code for membership in standing] == ["398"]


def test_what_a_coordinator_gave_stays_as_it_is(client, idp):
    answered(client, idp)
    client.post("/sign-out/")
    Membership.objects.update(revoked_at=timezone.now())
    MembershipFactory(user=User.objects.get(), right=Right.PREPARE)
    answered(client, idp)
    standing = Membership.objects.in_force(timezone.localdate())
    assert set(standing.values_list("organisation__code", "right", "source")) == {
        ("398", Right.PREPARE, Source.GRANTED),
        ("853", Right.SEND, Source.MANDATE),
    }


def test_without_the_qualifier_there_is_no_mandate_and_no_account(client, idp):
    assert refused(client, answered(client, idp, "eino")) == "NoMandate"
    assert not User.objects.exists()


def test_a_user_is_never_found_by_name_or_address(client, idp, anna):
    anna.username, anna.email = "aino", "aino@example.org"
    anna.save()
    assert client.get(answered(client, idp).url, follow=True).context["user"] != anna


def test_one_is_led_to_where_one_was_going(client, idp):
    assert answered(client, idp, begin=f"{BEGIN}?next={OWN}").url == OWN
    client.post("/sign-out/")
    assert answered(client, idp, begin=f"{BEGIN}?next=https://evil.example/").url == "/"


def test_a_closed_account_stays_closed(client, idp):
    answered(client, idp)
    client.post("/sign-out/")
    User.objects.update(is_active=False)
    assert answered(client, idp).url == "/sign-in/"
    assert client.get(OWN).status_code == 302


def test_the_subject_is_sealed(client, idp):
    answered(client, idp)
    assert b"aino" not in bytes(Subject.objects.get().sealed)


def test_a_new_hash_key_finds_the_subject_again(client, idp, settings):
    answered(client, idp)
    client.post("/sign-out/")
    settings.IDENTITY_HASH_KEY = b"n" * 32
    call_command("rotate_identity_codes", "--rehash")
    answered(client, idp)
    assert User.objects.count() == 1


def test_the_flow_is_pkce_with_state_and_nonce(client, idp):
    request = asked(client.get(BEGIN).url)
    assert request["code_challenge_method"] == "S256" and len(request["code_challenge"]) == 43
    assert len(request["state"]) >= 32 and len(request["nonce"]) >= 32
    assert request["redirect_uri"] == ANSWER


def test_without_a_provider_there_is_no_such_page(client, db):
    assert client.get(BEGIN).status_code == 404
    assert client.get(reverse("oidc_answer")).status_code == 404


# --- Answers -----------------------------------------------------------------------------------


def test_an_answer_is_good_once(client, idp):
    address = come_back(client, idp)
    client.get(address)
    client.post("/sign-out/")
    assert refused(client, client.get(address)) == "WrongState"


def test_a_code_is_good_once(client, idp):
    """The code of one answer, put into the answer to another sign-in."""
    used = come_back(client, idp)
    client.get(used)
    client.post("/sign-out/")
    state = asked(client.get(BEGIN).url)["state"]
    response = client.get(f"{ANSWER}?code={asked(used)['code']}&state={state}")
    assert refused(client, response) == "ProviderRefused"


def test_a_code_that_another_browser_fetched_is_of_no_use(client, idp):
    """PKCE: the code of a thief's own sign-in, slipped to the victim with the victim's state."""
    stolen = asked(come_back(client, idp))["code"]
    state = asked(client.get(BEGIN).url)["state"]
    response = client.get(f"{ANSWER}?code={stolen}&state={state}")
    assert refused(client, response) == "ProviderRefused"


@pytest.mark.parametrize("answer", ["code=x&state=y", "code=x", "", "error=access_denied"])
def test_an_answer_that_nobody_waits_for_is_refused(client, idp, answer):
    assert refused(client, client.get(f"{ANSWER}?{answer}")) == "WrongState"


def test_a_foreign_state_is_refused(client, idp):
    address = come_back(client, idp)
    state = asked(address)["state"]
    foreign = address.replace(state, state[::-1])
    assert refused(client, client.get(foreign)) == "WrongState"


def test_an_answer_that_comes_too_late_is_refused(client, idp):
    address = come_back(client, idp)
    session = client.session
    session["oidc"] = session["oidc"] | {"at": session["oidc"]["at"] - 601}
    session.save()
    assert refused(client, client.get(address)) == "WrongState"


def test_an_answer_of_another_provider_is_refused(client, idp):
    address = come_back(client, idp)
    response = client.get(f"{address}&iss=https://other.example")
    assert refused(client, response) == "WrongIssuer"


def test_no_is_told(client, idp):
    state = asked(client.get(BEGIN).url)["state"]
    response = client.get(f"{ANSWER}?error=access_denied&state={state}")
    assert refused(client, response) == "ProviderRefused"


# --- The provider ------------------------------------------------------------------------------


def test_a_provider_that_calls_itself_otherwise_is_refused(monkeypatch, client, idp):
    fetch = asking.fetch
    monkeypatch.setattr(asking, "fetch", lambda url, **o: fetch(url, **o) | {"issuer": "https://x"})
    assert refused(client, client.get(BEGIN)) == "WrongIssuer"


def test_a_provider_that_does_not_answer_is_told(client, idp, settings):
    settings.OIDC_ISSUER = "http://127.0.0.1:9"
    assert refused(client, client.get(BEGIN)) == "ProviderUnreachable"


@pytest.mark.parametrize("url", ["http://idp.example/", "file:///etc/passwd", "ftp://x/", "//x"])
def test_only_https_is_asked(url):
    with pytest.raises(ProviderUnreachable, match="HTTPS"):
        fetch(url)


def test_staff_who_come_so_need_a_second_factor_too(client, idp, settings):
    answered(client, idp)
    client.post("/sign-out/")
    StaffRoleFactory(user=User.objects.get(), role=Role.REVIEWER)
    settings.SECOND_FACTOR_REQUIRED = True
    answered(client, idp)
    assert client.get("/runs/").url == OWN
