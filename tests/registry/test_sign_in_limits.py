"""Guessing is slowed down, by account and by address, and an answer gives nothing away."""

from __future__ import annotations

import pytest
from django.core.cache import cache

from registry.audit.models import Outcome
from registry.models import AuditEvent
from tests.factories import PASSWORD

TOO_MANY, WRONG = "Liian monta yritystä", "Käyttäjätunnus tai salasana ei ole oikein"


def tried(client, login: str = "anna", password: str = "wrong", **more: str) -> str:
    answer = client.post("/sign-in/", {"login": login, "password": password}, **more)
    return answer.content.decode() if answer.status_code == 200 else str(answer.status_code)


def test_an_account_is_closed_for_a_while_after_five_wrong_passwords(client, anna):
    for number in range(5):
        assert WRONG in tried(client, REMOTE_ADDR=f"10.0.0.{number}")
    assert TOO_MANY in tried(client, password=PASSWORD, REMOTE_ADDR="10.0.0.9")
    refused = AuditEvent.objects.filter(outcome=Outcome.REFUSED, object_id=str(anna.pk))
    assert refused.count() == 6
    assert refused.latest("id").details == {"reason": "TooManyTries"}


def test_an_address_is_closed_for_a_while_after_ten_wrong_passwords(client, anna):
    for number in range(10):
        assert WRONG in tried(client, login=f"user{number}")
    assert TOO_MANY in tried(client, password=PASSWORD)
    assert tried(client, password=PASSWORD, REMOTE_ADDR="10.0.0.9") == "302"


def test_right_sign_ins_are_not_counted(client, anna):
    for _ in range(12):
        assert tried(client, password=PASSWORD) == "302"
        client.post("/sign-out/")


@pytest.mark.parametrize("name", ["x-forwarded-for", "x-real-ip", "forwarded"])
def test_an_address_of_ones_own_making_does_not_help(client, anna, name):
    for number in range(10):
        headers = {name: f"10.0.0.{number}"}
        client.post("/sign-in/", {"login": f"u{number}", "password": "x"}, headers=headers)
    page = client.post("/sign-in/", {"login": "anna", "password": "x"}, headers={name: "10.1.1.1"})
    assert TOO_MANY in page.content.decode()


def test_many_requests_from_an_address_are_told_to_wait(client, anna):
    answers = [tried(client, password=PASSWORD) for _ in range(31)]
    assert answers[-1] == "429"


def test_an_unknown_name_and_a_closed_account_answer_as_a_wrong_password(client, anna, bertta):
    bertta.is_active = False
    bertta.save()
    pages = [
        tried(client, login="anna"),
        tried(client, login="nobody"),
        tried(client, login="bertta", password=PASSWORD),
    ]
    assert all(WRONG in page for page in pages)


@pytest.mark.parametrize("login", ["anna", "nobody", "bertta"])
def test_the_time_of_an_answer_gives_nothing_away(client, anna, bertta, monkeypatch, login):
    bertta.is_active = False
    bertta.save()
    hashed = []
    hasher = "django.contrib.auth.hashers.MD5PasswordHasher.encode"
    encode = "md5$salt$hash"
    monkeypatch.setattr(hasher, lambda *a, **k: hashed.append(1) or encode)
    tried(client, login=login)
    assert len(hashed) == 1


def test_the_count_is_kept_in_the_database(db):
    from django.core.cache.backends.db import DatabaseCache

    assert isinstance(cache._connections["default"], DatabaseCache)
    assert cache.add("once", 1, 60) and not cache.add("once", 1, 60)


def test_no_page_leads_away(client, anna):
    for goal in (
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
    ):
        form = {"login": "anna", "password": PASSWORD, "next": goal}
        assert client.post("/sign-in/", form).url == "/"
        client.post("/sign-out/")
