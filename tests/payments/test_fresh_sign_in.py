"""A fresh sign-in before a run is checked or approved; what was sent meanwhile is never sent again."""

from __future__ import annotations

import pytest
from django.urls import reverse

from config.lib.months import Month
from payments.models import Run, RunStatus
from registry.access.signin.sessions import PROVED
from tests.factories import PASSWORD, resident
from tests.payments.runs import compute

AGAIN = reverse("account_reauthenticate")


@pytest.fixture
def draft(db) -> Run:
    resident(lives_in="398")
    return compute("2025-01")


@pytest.fixture
def stale(client, kalle):
    """Kalle's browser, a quarter of an hour after he signed in."""
    client.force_login(kalle)
    session = client.session
    session[PROVED] -= 15 * 60
    session.save()
    return client


def check(client, run: Run):
    month = Month.of(run.month)
    return client.post(reverse("run_check", args=[month]), {"input_hash": run.input_hash})


def status(run: Run) -> str:
    return Run.objects.get(pk=run.pk).status


def test_a_stale_session_checks_nothing_and_says_so(stale, draft):
    asked = check(stale, draft)
    assert asked.url == f"{AGAIN}?next=%2Fruns%2F2025-01%2F"
    assert "Mitään ei ole vielä tehty" in stale.get(asked.url).content.decode()
    assert status(draft) == RunStatus.DRAFT


def test_after_a_fresh_sign_in_one_comes_back_and_does_it_oneself(stale, draft):
    page = stale.post(check(stale, draft).url, {"password": PASSWORD}, follow=True)
    assert page.redirect_chain == [("/runs/2025-01/", 302)]
    assert "Tee nyt uudelleen" in page.content.decode()
    assert status(draft) == RunStatus.DRAFT
    check(stale, draft)
    assert status(draft) == RunStatus.CHECKED


def test_a_wrong_password_is_no_fresh_sign_in(stale, draft):
    stale.post(check(stale, draft).url, {"password": "wrong"})
    check(stale, draft)
    assert status(draft) == RunStatus.DRAFT


def test_the_way_back_leads_nowhere_else(stale, draft):
    page = stale.post(f"{AGAIN}?next=https://evil.example/", {"password": PASSWORD})
    assert page.url == "/"


def test_pages_of_factors_ask_in_the_same_way(stale, kalle):
    add = reverse("mfa_generate_recovery_codes")
    asked = stale.post(add)
    assert asked.url == f"{AGAIN}?next={add.replace('/', '%2F')}"
    assert stale.post(asked.url, {"password": PASSWORD}).url == add


def test_whoever_has_no_password_here_signs_in_anew(stale, kalle, draft):
    session = stale.session
    kalle.set_unusable_password()
    kalle.save()
    session["_auth_user_hash"] = kalle.get_session_auth_hash()
    session.save()
    assert check(stale, draft).url == "/sign-in/?next=%2Fruns%2F2025-01%2F"
    assert "_auth_user_id" not in stale.session
    assert status(draft) == RunStatus.DRAFT
