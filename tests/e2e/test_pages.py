"""Every page in Finnish and Swedish, wide and narrow: axe finds nothing, nothing sticks out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest
from django.http import HttpResponse
from django.test import Client
from playwright.sync_api import expect

from registry.models import Delivery, User
from tests.access_matrix import EVERYBODY
from tests.access_matrix import PAGES as MATRIX
from tests.e2e.browsers import assert_accessible, assert_fits, look, opened
from tests.e2e.pages import ADMINISTRATION, STATES, STRANGER
from tests.test_access_matrix import address

pytestmark = pytest.mark.e2e


def shown(user: User, made: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """Name and address of each whole page of the role matrix that is the user's own to see.

    What is open to everybody is shown to nobody in particular.
    """
    client = Client()
    client.force_login(user)
    for name, page in MATRIX.items():
        whose = {"nobody"} if page.open_to == EVERYBODY else page.open_to
        if user.username in whose and page.method == "get":
            where = address(name, page.parts, made)
            answer = client.get(where)
            if answer.status_code == 200 and not answer.streaming and _is_page(answer):
                yield name, where


def _is_page(answer: HttpResponse) -> bool:
    """Whether an answer is a page, not a file and not a part of one."""
    return answer.content.lstrip().startswith(b"<!DOCTYPE html>")


@pytest.mark.parametrize("language", ["fi", "sv"])
@pytest.mark.parametrize("who", sorted(EVERYBODY))
def test_every_page_is_accessible(browser, live_server, made, people, who, language):
    with opened(browser, live_server.url, user=people[who], language=language) as page:
        for name, where in shown(people[who], made):
            look(page, where, f"{name}-{who}" if language == "fi" else "")


@pytest.mark.parametrize("language", ["fi", "sv"])
@pytest.mark.parametrize("who", STATES)
def test_every_state_is_accessible(browser, live_server, mover, request, who, language):
    user = None if who == STRANGER else request.getfixturevalue(who)
    ids = {"person": mover.pk, "delivery": Delivery.objects.latest("pk").pk}
    with opened(browser, live_server.url, user=user, language=language) as page:
        for name, where in STATES[who].items():
            look(page, where.format(**ids), name if language == "fi" else "")


def test_the_check_finds_what_is_not_accessible(browser, live_server):
    with opened(browser, live_server.url) as page:
        page.set_content("<main><h1>Kunta</h1><input type='text'></main>")
        with pytest.raises(AssertionError, match="label"):
            assert_accessible(page)


def test_a_page_that_sticks_out_is_found(browser, live_server):
    with opened(browser, live_server.url) as page:
        page.set_content("<pre>" + "x" * 400)
        with pytest.raises(AssertionError, match="too wide"):
            assert_fits(page)


def test_the_administration_site_works_under_the_policy(browser, live_server, tuula):
    with opened(browser, live_server.url, user=tuula) as page:
        for address in ADMINISTRATION:
            answer = page.goto(address)
            assert answer is not None and answer.status == 200, address


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_the_administration_site_is_accessible(browser, live_server, tuula, language):
    """Without the policy: on these pages axe itself sets inline styles while it measures."""
    with opened(browser, live_server.url, user=tuula, language=language, policy=False) as page:
        for address in ADMINISTRATION:
            page.goto(address)
            assert_accessible(page)


def test_pages_work_without_javascript(browser, live_server, mover, kalle):
    with opened(browser, live_server.url, user=kalle, script=False) as page:
        page.goto("/runs/2025-02/")
        expect(page.get_by_role("heading", name="Mihin ajo perustuu")).to_be_visible()
        page.get_by_role("button", name="Merkitse tarkastetuksi").click()
        expect(page.get_by_role("status")).to_contain_text("Ajo on tarkastettu")


def test_the_print_has_every_part_and_no_menu(browser, live_server, mover, kalle):
    with opened(browser, live_server.url, user=kalle) as page:
        page.goto("/runs/2025-02/")
        page.emulate_media(media="print")
        expect(page.get_by_role("heading", name="Mihin ajo perustuu")).to_be_visible()
        expect(page.locator(".govuk-service-navigation")).to_be_hidden()


def test_what_is_not_there_and_not_open_is_told_accessibly(browser, live_server, tuula):
    with opened(browser, live_server.url, user=tuula, refused=True) as page:
        look(page, "/nothing/", "not-there", status=404)
        look(page, "/persons/", "not-open", status=403)
