"""Signing in and out, the language, and that no page is open to anyone else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from tests.factories import PASSWORD

OPEN = {
    "login", "account_login", "logout", "set_language", "mfa_login_webauthn", "mfa_authenticate",
    "oidc_begin", "oidc_answer", "accessibility", "privacy", "components",
}  # fmt: skip
SAMPLES = {
    "filetype": "csv",
    "int": "1",
    "month": "2025-01",
    "slug": "a",
    "str": "a",
}  # by kind of part


def addresses() -> Iterator[tuple[str, str]]:
    """Name and an address of every page, from the URL configuration itself."""
    for entry in get_resolver().url_patterns:
        if isinstance(entry, URLResolver) and entry.app_name == "admin":
            yield "admin", "/admin/"
        else:
            yield from (
                (str(getattr(page, "name", None)), _address(str(page.pattern)))
                for page in pages(entry)
            )


def pages(entry: URLPattern | URLResolver) -> Iterator[URLPattern]:
    """The pages of an entry of the URL configuration, however deep."""
    if isinstance(entry, URLPattern):
        yield entry
    else:
        yield from chain.from_iterable(map(pages, entry.url_patterns))


def _address(route: str) -> str:
    return "/" + re.sub(r"<(?:(\w+):)?\w+>", lambda part: SAMPLES[part[1] or "str"], route)


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(("name", "address"), [page for page in addresses() if page[0] not in OPEN])
def test_every_page_asks_a_stranger_to_sign_in(db, client, name, address, method):
    response = getattr(client, method)(address)
    assert response.status_code == 302, name
    door = "/admin/login/" if name == "admin" else "/sign-in/"
    assert response.url == f"{door}?next={address}"


def test_signing_in_leads_to_where_one_was_going(client, anna):
    signed_in = {"login": "anna", "password": PASSWORD, "next": "/deliveries/"}
    assert client.post("/sign-in/", signed_in).url == "/deliveries/"
    assert client.post("/sign-out/").url == "/sign-in/"
    assert client.get("/deliveries/").status_code == 302


def test_a_wrong_password_is_told_beside_the_form(client, anna):
    page = client.post("/sign-in/", {"login": "anna", "password": "wrong"})
    assert page.status_code == 200
    assert "Tarkista tiedot" in page.content.decode()


@pytest.mark.parametrize(
    ("chosen", "title"), [("fi", "Kirjaudu sisään"), ("sv", "Logga in"), ("en", "Sign in")]
)
def test_the_language_chosen_is_remembered(client, db, chosen, title):
    client.post("/language/", {"language": chosen, "next": "/sign-in/"})
    page = client.get("/sign-in/", headers={"accept-language": "de"})
    assert f"<h1>{title}</h1>" in page.content.decode()
    assert f'<html lang="{chosen}" ' in page.content.decode()


def test_the_page_is_finnish_whatever_the_browser_prefers(client, db):
    page = client.get("/sign-in/", headers={"accept-language": "en"})
    assert page.headers["Content-Language"] == "fi"
    assert '<html lang="fi" ' in page.content.decode()
