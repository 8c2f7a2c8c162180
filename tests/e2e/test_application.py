"""Applying in a browser, from an open round to the receipt; two officers at one page."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from grants.models import Application, Round
from tests.e2e.browsers import assert_accessible, assert_fits, opened, photograph
from tests.grants.lists import filled, person

pytestmark = pytest.mark.e2e

AGES = ("2021-01-01", "2020-01-01", "1990-01-01", "1991-01-01", "1992-01-01")
TEXTS = {
    "fi": ("Aloita hakemus", "Tallenna ja jatka", "Lähetä tiedosto tarkistettavaksi",
           "Yhteenveto ja lähetys", "Vakuutan", "Lähetä hakemus"),
    "sv": ("Påbörja en ansökan", "Spara och fortsätt", "Skicka filen för kontroll",
           "Sammandrag och insändning", "Jag försäkrar", "Sänd ansökan"),
}  # fmt: skip


@pytest.fixture
def round_(transactional_db) -> Round:
    """The round of 2023 arrivals of 2022, open for ten more days."""
    today = timezone.localdate()
    Round.objects.filter(code="L2023").update(
        status="open", opens=today - timedelta(days=1), closes=today + timedelta(days=9),
        closes_extended_from=None, extension_decided_on=None,
    )  # fmt: skip
    return Round.objects.get(code="L2023")


def family(language: str) -> bytes:
    """Two children under seven and three others, all of Lahti, without a fault (6 177.00)."""

    rows = [
        person(uma_number=f"T{number:07}", birth_date=date.fromisoformat(born))
        for number, born in enumerate(AGES, start=1)
    ]
    return filled(rows, language=language)


def looked_at(page: Page, name: str) -> None:
    assert_accessible(page)
    assert_fits(page)
    photograph(page, name)


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_an_officer_applies_from_an_open_round_to_the_receipt(
    browser, live_server, round_, anna, tmp_path: Path, language
):
    begin, save, upload, summary, declare, send = TEXTS[language]
    path = tmp_path / "lista.xlsx"
    path.write_bytes(family(language))
    with opened(browser, live_server.url, user=anna, language=language) as page:
        page.goto("/applications/")
        page.get_by_role("button", name=begin).click()
        page.locator("[name=contact_email]").fill("aino@example.org")
        page.locator("[name=has_agreement]").check()
        page.get_by_role("button", name=save).click()
        page.locator("input[type=file]").set_input_files(path)
        page.get_by_role("button", name=upload).click()
        page.get_by_role("link", name=summary).click()
        expect(page.locator("main")).to_contain_text("6\N{NO-BREAK SPACE}177,00")
        looked_at(page, f"application-summary-{language}")
        page.get_by_label(declare).check()
        page.get_by_role("button", name=send).click()
        number = Application.objects.get().number
        expect(page.get_by_role("heading", level=1)).to_contain_text(number)
        looked_at(page, f"application-sent-{language}")
        with page.expect_download() as got:
            page.locator("a[download]").click()
        words = "".join(sheet.extract_text() for sheet in PdfReader(got.value.path()).pages)
        assert number in words
        assert "6 177,00" in words.replace("\N{NO-BREAK SPACE}", " ")


def test_two_officers_do_not_overwrite_one_another(browser, live_server, round_, anna):
    with opened(browser, live_server.url, user=anna, refused=True) as page:
        page.goto("/applications/")
        page.get_by_role("button", name="Aloita hakemus").click()
        other = page.context.new_page()
        other.goto(page.url)
        for writer, name in ((other, "Ensin Ehtinyt"), (page, "Myöhemmin Tullut")):
            writer.locator("[name=contact_name]").fill(name)
            writer.locator("[name=contact_email]").fill("aino@example.org")
            writer.get_by_role("button", name="Tallenna ja jatka").click()
        expect(page.locator("main")).to_contain_text("Ensin Ehtinyt")
        assert page.locator("[name=contact_name]").input_value() == "Myöhemmin Tullut"
        assert_accessible(page)
        page.get_by_role("button", name="Tallenna ja jatka").click()
        expect(page.locator("input[type=file]")).to_be_attached()
    assert Application.objects.get().contact_name == "Myöhemmin Tullut"
