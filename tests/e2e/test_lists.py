"""A list of persons in a browser: sent with faults, mended in the page, with and without scripts."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from grants.lists.services import list_ready
from grants.models import Application
from tests.e2e.browsers import opened
from tests.factories import ApplicationFactory, RoundFactory
from tests.grants.lists import filled, person

pytestmark = pytest.mark.e2e

ROWS = [
    person(nationality="Absurdistan"),
    person(uma_number="T0000002", birth_date="31.2.2015"),
    person(uma_number="T0000003"),
    person(uma_number="T0000003", name="Sama Henkilö"),
]


@pytest.fixture
def draft(transactional_db, anna) -> Application:
    return ApplicationFactory.create(round=RoundFactory.create(code="L2023"), created_by=anna)


def send(page: Page, draft: Application, folder: Path, content: bytes) -> None:
    path = folder / "lista.xlsx"
    path.write_bytes(content)
    page.goto(f"/applications/{draft.pk}/list/")
    page.locator("input[type=file]").set_input_files(path)
    page.get_by_role("button", name="Lähetä tiedosto tarkistettavaksi").click()


@pytest.mark.parametrize("script", [True, False])
def test_a_list_is_sent_with_faults_and_mended_in_the_page(
    browser, live_server, draft, anna, tmp_path, script
):
    with opened(browser, live_server.url, user=anna, script=script) as page:
        send(page, draft, tmp_path, filled(ROWS))
        expect(page.get_by_role("link", name="Kansalaisuus puuttuu")).to_be_visible()
        page.get_by_role("button", name="Siirry riveihin").click()
        row = page.locator("form.person").first
        row.get_by_label("Kansalaisuus").fill("Afganistan")
        row.get_by_role("button", name="Tallenna ja tarkista").click()
        expect(page.get_by_role("status").first).to_contain_text("Rivi 2 on tallennettu")
        row = page.locator("form.person").filter(has_text="Rivi 3")
        row.get_by_label("Syntymäaika").fill("28.2.2015")
        row.get_by_role("button", name="Tallenna ja tarkista").click()
        expect(page.get_by_role("status").first).to_be_visible()
        row = page.locator("form.person").filter(has_text="Rivi 5")
        row.get_by_role("button", name="Poista rivi").click()
        expect(page.locator("#standing")).to_contain_text("Virheellisiä (0)")
    assert list_ready(draft) is None


def test_rows_are_mended_by_keyboard_and_a_change_undone(
    browser, live_server, draft, anna, tmp_path
):
    with opened(browser, live_server.url, user=anna) as page:
        send(page, draft, tmp_path, filled(ROWS[:2]))
        page.get_by_role("button", name="Siirry riveihin").click()
        expect(page.locator("form.person").first).to_be_visible()
        page.wait_for_load_state("load")  # scripts wait for nothing else
        page.keyboard.press("Alt+ArrowDown")
        page.keyboard.type("Syyria")
        page.keyboard.press("Control+Enter")
        row = page.locator("form.person").first
        expect(row.get_by_role("status")).to_contain_text("tallennettu")
        expect(row.get_by_label("Kansalaisuus")).to_have_value("Syyria")
        row.get_by_label("Nimi").press("Alt+z")
        expect(row.get_by_label("Kansalaisuus")).to_have_value("Absurdistan")


def test_a_template_of_another_round_is_refused_with_the_right_one_beside(
    browser, live_server, draft, anna, tmp_path
):
    with opened(browser, live_server.url, user=anna) as page:
        send(page, draft, tmp_path, filled([person()], round_="L2024"))
        expect(page.get_by_role("alert")).to_contain_text("hakukierroksen L2024 lomake")
        expect(page.get_by_role("link", name="Suomeksi (.xlsx)")).to_be_visible()
