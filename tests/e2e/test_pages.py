"""Every page in Finnish and Swedish, wide and narrow: axe finds nothing, nothing sticks out."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from registry.models import Delivery
from tests.e2e.browsers import assert_accessible, assert_fits, look, opened, tab_to
from tests.e2e.pages import PAGES, STRANGER
from tests.payments.bank import payments_made

pytestmark = pytest.mark.e2e


@pytest.mark.parametrize("language", ["fi", "sv"])
@pytest.mark.parametrize("who", PAGES)
def test_pages_are_accessible(browser, live_server, mover, request, who, language):
    user = None if who == STRANGER else request.getfixturevalue(who)
    ids = {"person": mover.pk, "delivery": Delivery.objects.latest("pk").pk}
    ids |= payments_made("2025-01")
    with opened(browser, live_server.url, user=user, language=language) as page:
        for name, address in PAGES[who].items():
            look(page, address.format(**ids), name if language == "fi" else "")


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


def test_what_is_not_there_and_not_open_is_told_accessibly(browser, live_server, tuula):
    with opened(browser, live_server.url, user=tuula, refused=True) as page:
        look(page, "/nothing/", "not-there", status=404)
        look(page, "/persons/", "not-open", status=403)


def test_a_run_is_checked_by_keyboard_alone(browser, live_server, mover, kalle):
    with opened(browser, live_server.url, user=kalle) as page:
        page.goto("/runs/")
        page.keyboard.press("Tab")
        expect(page.locator(".govuk-skip-link")).to_be_focused()
        page.keyboard.press("Enter")
        tab_to(page, page.get_by_role("link", name="2/2025", exact=True))
        page.keyboard.press("Enter")
        tab_to(page, page.get_by_role("button", name="Merkitse tarkastetuksi"))
        page.keyboard.press("Enter")
        expect(page.get_by_role("status")).to_contain_text("Ajo on tarkastettu")
        tab_to(page, page.get_by_role("tab", name="Saajittain"))
        page.keyboard.press("ArrowRight")
        expect(page.get_by_role("heading", name="Ei korvausta, syittäin")).to_be_visible()
