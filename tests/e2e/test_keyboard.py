"""The main flows by keyboard alone, as people go who use no mouse: Tab, Enter, Space, arrows."""

from __future__ import annotations

from typing import Literal

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from config.lib.months import Month
from grants.models import Application, ListRow, RowMark
from registry.decisions.models import Decision
from tests.e2e.browsers import opened
from tests.factories import PASSWORD, StaffRoleFactory, UserFactory
from tests.grants.decisions import family, taken
from tests.payments.bank import month_to_pay
from tests.payments.law import home, person_rows, resident
from tests.payments.runs import deliver, settle

pytestmark = pytest.mark.e2e

Role = Literal["link", "button", "tab", "checkbox", "searchbox", "textbox"]


def tab_to(page: Page, target: Locator, *, most: int = 80) -> None:
    """Press Tab until the target has the focus."""
    expect(target).to_be_visible()
    for _press in range(most):
        page.keyboard.press("Tab")
        if target.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"{most} presses of Tab do not reach {target}")


def press(page: Page, role: Role, name: str, *, key: str = "Enter") -> None:
    """Go to what a screen reader would call so, and press a key on it."""
    tab_to(page, page.get_by_role(role, name=name, exact=True).first)
    page.keyboard.press(key)


def write(page: Page, label: str, text: str) -> None:
    """Go to the field with that label and type."""
    tab_to(page, page.get_by_label(label, exact=True))
    page.keyboard.type(text)


def said(page: Page, text: str) -> None:
    """The service tells that it is done."""
    expect(page.get_by_role("status").first).to_contain_text(text)


@pytest.fixture
def late(transactional_db) -> None:
    """Somebody is delivered late: Lahti can apply for two earlier months."""
    first = Month.of(timezone.localdate()) + -3
    since = f"{first + -6}-10"
    resident("A", moved_in=since)
    settle(first.first_day)
    settle((first + 1).first_day)
    deliver(person_rows("B", moved_in=since, homes=[home("398", since)]))
    settle((first + 2).first_day)


def test_signing_in(browser, live_server, anna):
    with opened(browser, live_server.url) as page:
        page.goto("/")
        write(page, "Käyttäjätunnus", "anna")
        write(page, "Salasana", PASSWORD)
        page.keyboard.press("Enter")
        expect(page.get_by_role("button", name="Kirjaudu ulos")).to_be_visible()


def test_a_run_from_check_to_approval(browser, live_server, mover, kalle, hilkka):
    with opened(browser, live_server.url, user=kalle) as page:
        page.goto("/runs/")
        page.keyboard.press("Tab")
        expect(page.locator(".govuk-skip-link")).to_be_focused()
        page.keyboard.press("Enter")
        press(page, "link", "2/2025")
        press(page, "button", "Merkitse tarkastetuksi")
        said(page, "Ajo on tarkastettu")
        tab_to(page, page.get_by_role("tab", name="Saajittain"))
        page.keyboard.press("ArrowRight")
        expect(page.get_by_role("heading", name="Ei korvausta, syittäin")).to_be_visible()
    with opened(browser, live_server.url, user=hilkka) as page:
        page.goto("/runs/2025-02/")
        press(page, "button", "Hyväksy ajo")
        said(page, "Ajo on hyväksytty")


def test_months_are_applied_for_granted_and_the_decision_fetched(
    browser, live_server, late, anna, kalle, hilkka
):
    with opened(browser, live_server.url, user=anna) as page:
        page.goto("/claims/claimable/")
        tab_to(page, page.get_by_role("checkbox").first)
        page.keyboard.press("Space")
        press(page, "button", "Hae valittuja kuukausia")
        said(page, "Hakemus on lähetetty")
        address = page.url
    for user, button in ((kalle, "Esitä"), (hilkka, "Päätä esityksen mukaan")):
        with opened(browser, live_server.url, user=user) as page:
            page.goto(address)
            press(page, "button", button)
            expect(page.get_by_role("status").first).to_be_visible()
    with opened(browser, live_server.url, user=anna) as page:
        page.goto(address)
        press(page, "link", Decision.objects.latest("pk").number)
        press(page, "button", "Nouda")
        expect(page.get_by_role("link", name="PDF").first).to_be_visible()


def test_a_payment_from_batch_to_bank(browser, live_server, transactional_db, kalle, hilkka):
    resident("A", moved_in="2024-05-10")
    month_to_pay("2024-11")
    colleague = UserFactory.create(username="kaisa")
    StaffRoleFactory.create(user=colleague, role="reviewer")
    with opened(browser, live_server.url, user=kalle) as page:
        page.goto("/payments/")
        press(page, "button", "Muodosta maksuerä")
        said(page, "Maksuerä on muodostettu")
        address = page.url
    for user, buttons in ((colleague, ["Merkitse tarkastetuksi"]), (hilkka, APPROVER)):
        with opened(browser, live_server.url, user=user) as page:
            page.goto(address)
            for button in buttons:
                press(page, "button", button)
                expect(page.get_by_role("status").first).to_be_visible()


APPROVER = ["Hyväksy maksuerä", "Lähetä pankkiin"]


def test_the_compensation_view_down_to_a_person(browser, live_server, mover, anna):
    with opened(browser, live_server.url, user=anna) as page:
        page.goto("/")
        press(page, "link", "Kuntakorvausnäkymä")
        press(page, "link", "1/2025")
        press(page, "link", "Henkilöt, joista summa muodostuu")
        press(page, "link", "Testinen Testi")
        expect(page.get_by_role("heading", level=1)).to_contain_text("1/2025")


def test_a_person_is_searched_and_a_month_explained(browser, live_server, mover, kalle):
    with opened(browser, live_server.url, user=kalle) as page:
        page.goto("/persons/")
        write(page, "UMA-asiakasnumero", mover.uma_number)
        page.keyboard.press("Enter")
        press(page, "link", "1/2025")
        expect(page.get_by_role("heading", level=1)).to_contain_text("1/2025")


def test_rows_of_a_support_are_marked_by_keys_of_their_table(browser, live_server, kalle):
    """WCAG 2.1.4: the keys are of no meaning outside of it."""
    application = taken(family(2, 1))
    address = f"/supports/{application.pk}/"
    with opened(browser, live_server.url, user=kalle) as page:
        page.goto(address)
        page.keyboard.press("a")
        expect(page.locator("input[value=accept]:checked")).to_have_count(0)
        expect(page.locator("[data-keys]")).to_be_visible()
        tab_to(page, page.get_by_role("region", name="Rivit rekisterin rinnalla"))
        for key in ("n", "a", "r"):
            page.keyboard.press(key)
        expect(page.locator(f"#phrase-{second_row(application)}")).to_be_focused()
        page.keyboard.press("ArrowDown")
        for key in ("Enter", "n", "Enter"):
            page.keyboard.press(key)
        page.wait_for_url(f"**{address}?show=all#rows")
    assert list(RowMark.objects.order_by("row__line").values_list("accepted", flat=True)) == [
        True, False,
    ]  # fmt: skip


def second_row(application: Application) -> int:
    return ListRow.objects.get(list__application=application, line=3).pk
