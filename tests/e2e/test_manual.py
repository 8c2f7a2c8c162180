"""A person without an identity code in browsers: applied for, asked about, allocated, decided, fetched, paid once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext
from playwright.sync_api import Browser, Page, expect

from payments.models import ManualProposal
from registry.models import Person, User
from tests.documents import said, workbook
from tests.e2e.browsers import NARROW, WIDE, assert_accessible, assert_fits, opened, photograph
from tests.factories import municipality
from tests.payments.law import permit, person_rows, resident
from tests.payments.runs import deliver, settle
from tests.payments.test_manual_lists import filled, row

pytestmark = pytest.mark.e2e

SINCE = "2024-02-10"
GRANTED = re.compile(r"1\s632,16")  # two months of an adult: 2 × (171.00 + 645.08)


@pytest.fixture
def known(transactional_db) -> Person:
    """1/2025 and 2/2025 approved, with N who has no identity code (as C22)."""
    resident("A", moved_in=SINCE)
    deliver(person_rows("N", code="", homes=[], permits=[permit("87", SINCE, applied="true")]))
    settle("2025-01")
    settle("2025-02")
    return Person.objects.get(uma_number="N")


@dataclass(frozen=True)
class Browsers:
    """Browsers of people in one language, and the texts that they read there."""

    browser: Browser
    address: str
    language: str

    @contextmanager
    def of(self, user: User) -> Iterator[Page]:
        with opened(self.browser, self.address, user=user, language=self.language) as page:
            yield page

    def text(self, english: str) -> str:
        with translation.override(self.language):
            return gettext(english)

    def press(self, page: Page, name: str) -> None:
        page.get_by_role("button", name=self.text(name), exact=True).click()

    def done(self, page: Page, message: str) -> None:
        """Wait until the page says that the step is done."""
        expect(page.locator("main")).to_contain_text(self.text(message))

    def look(self, page: Page, name: str) -> None:
        """Check the page wide and narrow, and keep pictures of it."""
        page.wait_for_load_state("load")  # of styles, too
        for width in (NARROW, WIDE):
            page.set_viewport_size({"width": width, "height": 900})
            assert_fits(page)
            if self.language == "fi":
                photograph(page, f"manual-{name}-{width}")
        assert_accessible(page)


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_a_person_goes_from_the_application_to_the_ledger(
    browser, live_server, known, anna, kalle, hilkka, language
):
    see = Browsers(browser, live_server.url, language)
    with see.of(anna) as page:
        apply(see, page)
    proposal = ManualProposal.objects.get()
    where = reverse("manual_detail", args=[proposal.pk])
    with see.of(kalle) as page:
        ask(see, page, where)
    with see.of(anna) as page:
        answer(see, page)
    with see.of(kalle) as page:
        allocate(see, page, where)
    with see.of(hilkka) as page:
        page.goto(where)
        see.look(page, "proposed")
        see.press(page, "Decide as proposed")
        see.done(page, "It is decided. The next run pays what was granted.")
    with see.of(anna) as page:
        fetch(see, page, where)
    settle("2025-03")
    with see.of(kalle) as page:
        paid_once(see, page, proposal, known)


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_a_list_is_refused_with_all_its_faults_and_sent_when_mended(
    browser, live_server, anna, tmp_path, transactional_db, language
):
    see, path = Browsers(browser, live_server.url, language), tmp_path / "lista.xlsx"
    with see.of(anna) as page:
        page.goto("/applied/")
        page.get_by_role("button", name=see.text("Apply with a list"), exact=True).click()
        see.look(page, "list")
        for rows in ([row(evidence=""), row(first_month="eilen")], [row()]):
            path.write_bytes(filled(*rows, language=language))
            page.locator("input[type=file]").set_input_files(path)
            see.press(page, "Send the file to be checked")
            if len(rows) > 1:
                see.done(page, "The list has errors, and nothing of it was kept.")
                see.look(page, "findings")
        see.done(page, "The list has no errors. Look it through; then it can be sent.")
        see.look(page, "draft")
        see.press(page, "Send the application")
        see.done(page, "The application has been sent.")
    assert ManualProposal.objects.get().cases.get().stated_uma_number == "T0001"


def apply(see: Browsers, page: Page) -> None:
    page.goto("/applied/")
    page.get_by_role("button", name=see.text("Apply for persons"), exact=True).click()
    for name, value in {
        "uma_number": "N", "first_month": "1/2025", "last_month": "2/2025",
        "evidence": "Vuokrasopimus 1.2.2024.",
    }.items():  # fmt: skip
        page.locator(f"[name=form-0-{name}]").fill(value)
    see.look(page, "apply")
    see.press(page, "Send the application")
    see.done(page, "The application has been sent.")
    see.look(page, "sent")


def ask(see: Browsers, page: Page, where: str) -> None:
    page.goto(where)
    day = timezone.localdate() + timedelta(days=14)
    page.locator("[name=completion-answer_by]").fill(f"{day.day}.{day.month}.{day.year}")
    page.locator("[name=completion-phrase]").select_option(index=1)
    page.locator("[name=completion-case]").select_option(index=1)
    see.press(page, "Ask the applicant")
    see.done(page, "The applicant is asked to complete the application.")
    see.look(page, "asked")


def answer(see: Browsers, page: Page) -> None:
    page.goto("/")
    page.locator("a[href*='#completion-']").click()
    see.look(page, "to-answer")
    page.locator("textarea[name$=-answer]").fill("Sopimus on kunnan arkistossa.")
    see.press(page, "Send the answer")
    see.done(page, "The answer has been sent.")


def allocate(see: Browsers, page: Page, where: str) -> None:
    page.goto(where)
    expect(page.locator("main")).to_contain_text("Sopimus on kunnan arkistossa.")
    page.locator("table a[href*='/cases/']").click()
    page.locator("[name=person]").check()
    page.locator("#id_match_reason").fill("Sama numero.")
    see.press(page, "This is the person")
    see.done(page, "The case is now about this person.")
    page.locator("[name=municipality]").select_option(str(municipality("398").pk))
    page.locator("[name=moved_in]").fill("10.2.2024")
    page.locator("[name=moved_out]").fill("28.2.2025")
    page.locator("[name=evidence]").fill("Vuokrasopimus 1.2.2024.")
    see.press(page, "Allocate")
    see.done(page, "The allocation is kept. Below is what it comes to.")
    see.look(page, "allocated")
    page.goto(where)
    see.press(page, "Propose")
    see.done(page, "The proposal is made. Another person decides.")


def fetch(see: Browsers, page: Page, where: str) -> None:
    page.goto(where)
    expect(page.locator("main")).to_contain_text(GRANTED)
    page.locator("main a[href*='/decisions/']").click()
    page.locator("select[name=language]").select_option(see.language)
    see.press(page, "Fetch")
    see.look(page, "decision")
    files = {}
    for form in ("pdf", "xlsx"):
        with page.expect_download() as got:
            page.locator(f"a[download][href*='person-appendix-{see.language}.{form}']").click()
        files[form] = got.value.path().read_bytes()
    assert "621/1999" in said(files["pdf"])
    rows = list(workbook(files["xlsx"]).active.iter_rows(values_only=True))
    assert [(row[1], float(row[5])) for row in rows[-2:]] == [("N", 645.08), ("N", 645.08)]
    page.goto(where)
    expect(page.locator("[name=text]")).to_be_visible()  # a claim can be filed now
    see.look(page, "decided")


def paid_once(see: Browsers, page: Page, proposal: ManualProposal, person: Person) -> None:
    page.goto(reverse("case_detail", args=[proposal.cases.get().pk]))
    settled = page.locator("table").filter(has_text="3/2025")
    for month in ("1/2025", "2/2025"):
        row = settled.locator("tbody tr").filter(has=page.get_by_role("link", name=month))
        expect(row).to_have_count(1)
        expect(row).to_contain_text("3/2025")
    see.look(page, "settled")
    for month in ("2025-01", "2025-02"):
        page.goto(f"/persons/{person.pk}/{month}/")
        booked = page.locator("section[aria-labelledby=booked-heading] tbody tr")
        expect(booked).to_have_count(2)  # base and adult component, once each
        see.look(page, f"person-{month}")
