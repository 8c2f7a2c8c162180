"""Sessions: they end by time, at sign-out, with the account; a new one has nothing of the former."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from django.utils import timezone

from registry.access.signin.sessions import BEGAN, PROVED, USED
from registry.access.tasks import sessions_clear
from tests.factories import PASSWORD

OWN = reverse("mfa_index")


def sign_in(client, **more: str):
    return client.post("/sign-in/", {"login": "anna", "password": PASSWORD, **more})


def turn_back(client, hours: float = 0, minutes: float = 0, **which: bool) -> None:
    """Let time pass for the session: what it has noted happened so much earlier."""
    session = client.session
    for name in which or (BEGAN, USED, PROVED):
        session[name] -= hours * 3600 + minutes * 60
    session.save()


@pytest.mark.parametrize(("minutes", "status"), [(29, 200), (31, 302)])
def test_an_idle_session_ends(client, anna, minutes, status):
    sign_in(client)
    turn_back(client, minutes=minutes)
    assert client.get(OWN).status_code == status
    assert ("_auth_user_id" in client.session) == (status == 200)


@pytest.mark.parametrize(("hours", "status"), [(9.9, 200), (10.1, 302)])
def test_a_session_ends_whatever_one_does(client, anna, hours, status):
    sign_in(client)
    turn_back(client, hours=hours, began=True)
    assert client.get(OWN).status_code == status


def test_use_keeps_a_session(client, anna):
    sign_in(client)
    for _ in range(4):
        turn_back(client, minutes=20, used=True)
        assert client.get(OWN).status_code == 200


def test_what_is_sent_too_late_is_not_sent_again(client, anna):
    sign_in(client)
    turn_back(client, minutes=31)
    page = client.post(OWN, follow=True)
    assert page.redirect_chain == [("/sign-in/", 302)]
    assert "Istuntosi oli päättynyt" in page.content.decode()


def test_the_key_of_a_session_changes_at_sign_in(client, anna):
    client.get("/sign-in/")
    planted = client.session
    planted["planted"] = True
    planted.save()
    sign_in(client)
    assert client.session.session_key != planted.session_key
    assert "planted" not in client.session
    assert not Session.objects.filter(session_key=planted.session_key).exists()


def test_a_key_of_ones_own_making_is_not_taken(client, anna):
    client.cookies["sessionid"] = "a" * 32
    sign_in(client)
    assert client.session.session_key != "a" * 32


def test_sign_out_ends_the_session(client, anna):
    sign_in(client)
    key = client.session.session_key
    client.post("/sign-out/")
    client.cookies["sessionid"] = key
    assert client.get(OWN).status_code == 302


def test_a_closed_account_is_out_at_the_next_request(client, anna):
    sign_in(client)
    anna.is_active = False
    anna.save()
    assert client.get(OWN).status_code == 302


def test_a_new_password_ends_the_other_sessions(client, anna):
    sign_in(client)
    other = client.session.session_key
    client.cookies.clear()
    sign_in(client)
    new = "uusi-Salasana-2026"
    form = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert client.post(reverse("account_change_password"), form).url == OWN
    assert client.get(OWN).status_code == 200
    client.cookies["sessionid"] = other
    assert client.get(OWN).status_code == 302


def test_what_is_left_of_ended_sessions_is_cleared_away(client, anna):
    sign_in(client)
    ended = Session.objects.create(
        session_key="ended", session_data="", expire_date=timezone.now() - timedelta(minutes=1)
    )
    sessions_clear()
    assert not Session.objects.filter(pk=ended.pk).exists()
    assert client.get(OWN).status_code == 200


def test_cookies_are_kept_from_scripts_and_other_sites(client, anna):
    cookie = sign_in(client).cookies["sessionid"]
    assert cookie["httponly"] and cookie["samesite"] == "Lax"
