"""A support in browsers, whole: from the empty template to the letter, the claim and the money.

The officer fills the template badly and mends it in the page; the reviewer, the approver and the
officer again each have a browser of their own. Every page is looked at wide and narrow, with axe.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone, translation
from django.utils.translation import gettext
from playwright.sync_api import Browser, Locator, Page, expect

from config.lib.months import Month
from grants.models import Application, Phrase, Round
from payments.bank.models import Transfer
from registry.models import User
from tests.documents import said, workbook
from tests.e2e.browsers import NARROW, WIDE, assert_accessible, assert_fits, opened, photograph
from tests.factories import municipality, resident
from tests.grants.lists import LIST, person
from tests.payments.bank import booked, entry, open_accounts, read, sent

pytestmark = pytest.mark.e2e

MOVED_IN, ADULT, CHILD = date(2022, 6, 1), date(1990, 5, 1), date(2018, 5, 1)
CHILDREN, ADULTS, STRANGERS = 10, 26, 3  # and one who is in the list twice: 40 rows
APPLIED, GRANTED = 40_545_00, 39_855_00  # 10 × 2053.50; 29 or 28 × 690.00 (G-08)
REFUSED, TWICE = 38, 41  # lines of the list
REASONS = "688/2001 7 §"
CLAIM = f"{REFUSED}: ?"  # names a row, and no person

# What is wrong in each of the first rows: the field, what was written, the cause, what is right.
# Nothing is right of a row that is to be removed.
FAULTS: Sequence[tuple[str, Any, str, str]] = (
    ("uma_number", None, "The identifier is missing", ""),
    ("uma_number", "T1", "The identifier is too short or too long", ""),
    ("birth_date", "31.2.2018", "The date is missing or impossible", "1.5.2018"),
    ("birth_date", date(2022, 7, 1), "Born after moving in", "1.5.2018"),
    ("nationality", "Absurdistan", "The nationality is missing or unknown", "Afganistan"),
    ("municipality", "Lahtinen", "The municipality is missing or unknown", "Lahti"),
    ("municipality", "Turku", "The municipality is not the applicant's", "Lahti"),
    ("ground", "turvapaikkaa", "The ground of the permit is missing or unknown", "87"),
    ("ground", "110", "The ground is not one of the round's", "87"),
    ("moved_in", date(2021, 12, 31), "Moved in outside the round's arrivals", "1.6.2022"),
)


@pytest.fixture
def round_(transactional_db) -> Round:
    """The round of 2023 arrivals of 2022, open for ten more days."""
    today = timezone.localdate()
    Round.objects.filter(code="L2023").update(
        status="open", opens=today - timedelta(days=1), closes=today + timedelta(days=9),
        closes_extended_from=None, extension_decided_on=None,
    )  # fmt: skip
    return Round.objects.get(code="L2023")


@pytest.fixture
def families(transactional_db) -> list[str]:
    """UMA numbers of the children and adults whom the register knows."""
    births = [CHILD] * CHILDREN + [ADULT] * ADULTS
    return [resident(born=born, moved_in=MOVED_IN).uma_number for born in births]


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

    def text(self, english: str, **values: object) -> str:
        with translation.override(self.language):
            return gettext(english) % values

    def euros(self, cents: int) -> re.Pattern[str]:
        """A sum as pages and letters write it, whatever their blanks."""
        whole = f"{cents // 100:,}".replace(",", r"\s")
        return re.compile(rf"{whole},{cents % 100:02}")

    def press(self, within: Page | Locator, name: str) -> None:
        within.get_by_role("button", name=self.text(name), exact=True).click()

    def look(self, page: Page, name: str) -> None:
        """Check the page wide and narrow, and keep pictures of it."""
        page.wait_for_load_state("load")  # of styles, too
        for width in (NARROW, WIDE):
            page.set_viewport_size({"width": width, "height": 900})
            assert_fits(page)
            if self.language == "fi":
                photograph(page, f"supports-{name}-{width}")
        assert_accessible(page)


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_a_support_goes_from_the_empty_template_to_the_money(
    browser, live_server, round_, families, anna, kalle, hilkka, tmp_path, language
):
    see = Browsers(browser, live_server.url, language)
    with see.of(anna) as page:
        begin(see, page)
        upload(see, page, fill(see, page, families, tmp_path / "lista.xlsx"))
        mend(see, page, families)
        send(see, page)
    with see.of(kalle) as page:
        check_and_propose(see, page)
    with see.of(hilkka) as page:
        decide(see, page)
    with see.of(anna) as page:
        receive(see, page)
        contest(see, page)
        pay()
        page.reload()
        expect(page.locator("h1")).to_contain_text({"fi": "maksettu", "sv": "utbetald"}[language])
        expect(page.locator("main")).to_contain_text(see.euros(GRANTED))
        see.look(page, "paid")
    with see.of(hilkka) as page:
        page.goto(f"/reports/?year={timezone.localdate().year}")
        expect(page.locator("main")).to_contain_text(see.euros(GRANTED))
        see.look(page, "report")


def begin(see: Browsers, page: Page) -> None:
    """Begin an application where there is none."""
    page.goto("/applications/")
    see.look(page, "front")
    see.press(page, "Begin an application")
    page.locator("[name=contact_email]").fill("aino@example.org")
    page.locator(f"input[name=language][value={see.language}]").check()
    page.locator("[name=has_agreement]").check()
    see.look(page, "contact")
    see.press(page, "Save and go on")


def fill(see: Browsers, page: Page, families: Iterable[str], path: Path) -> Path:
    """Download the template and fill in 40 rows, 11 of them badly."""
    see.look(page, "list-empty")
    with page.expect_download() as got:
        page.locator(f"a[hreflang={see.language}]").click()
    book = workbook(got.value.path().read_bytes())
    for line, row in enumerate(rows(families), start=2):
        for column, value in enumerate(row, start=1):
            if value:
                book.worksheets[LIST].cell(line, column, value)
    book.save(path)
    return path


def rows(families: Iterable[str]) -> list[tuple[Any, ...]]:
    """The known with a fault in each of the first ten, strangers, and one of these again."""
    known = [
        {"uma_number": number, "birth_date": CHILD if n < CHILDREN else ADULT}
        for n, number in enumerate(families)
    ]
    for row, (field, written, _cause, _right) in zip(known, FAULTS, strict=False):
        row[field] = written
    strange = [{"uma_number": f"V{n}{n}{n}", "birth_date": ADULT} for n in range(STRANGERS)]
    return [person(**row) for row in (*known, *strange, strange[-1])]


def upload(see: Browsers, page: Page, path: Path) -> None:
    """Send the file, and read everything that is wrong in it by its cause."""
    page.locator("input[type=file]").set_input_files(path)
    see.press(page, "Send the file to be checked")
    for _field, _written, cause, _right in FAULTS:
        expect(page.get_by_role("link", name=see.text(cause), exact=True)).to_be_visible()
    see.look(page, "list-found")
    see.press(page, "Go to the rows")


def mend(see: Browsers, page: Page, families: Sequence[str]) -> None:
    """Correct ten rows in the page, and remove the one that is there twice."""
    see.look(page, "rows")
    page.reload()  # axe leaves marks of its own, which htmx would carry over into the new row
    for n, (field, _written, _cause, right) in enumerate(FAULTS):
        row = line_of(see, page, n + 2)
        row.locator(f"[name={field}]").fill(right or families[n])
        see.press(row, "Save and check")
        expect(row.get_by_role("status")).to_be_visible()
    see.press(line_of(see, page, TWICE), "Remove the row")
    expect(page.locator("#standing [aria-current]")).to_contain_text("(0)")
    see.look(page, "rows-mended")


def line_of(see: Browsers, page: Page, line: int) -> Locator:
    """The form of a row by its line."""
    heading = re.compile(rf"^{see.text('Row %(line)s', line=line)}\b")
    return page.locator("form.person").filter(has=page.get_by_role("heading", name=heading))


def send(see: Browsers, page: Page) -> None:
    """Read the summary, declare, send, and see the receipt."""
    page.get_by_role("button", name=see.text("Go on to the summary")).click()
    expect(page.locator("main")).to_contain_text(see.euros(APPLIED))
    see.look(page, "summary")
    page.locator("[name=is_correct]").check()
    see.press(page, "Send the application")
    expect(page.locator("h1")).to_contain_text(Application.objects.get().number)
    see.look(page, "sent")


def check_and_propose(see: Browsers, page: Page) -> None:
    """Take it from the work list, accept what is clean, mark the rest, and propose."""
    page.goto("/supports/")
    see.look(page, "work-list")
    page.get_by_role("link", name=Application.objects.get().number).click()
    see.look(page, "case")
    see.press(page, "Take it to check")
    see.press(page, "Accept all clean rows")
    page.get_by_role("link", name=see.text("Not marked yet"), exact=True).click()
    marks = page.locator("fieldset.mark")
    expect(marks).to_have_count(STRANGERS)
    for row in marks.all():
        row.get_by_label(see.text("Accept"), exact=True).check()
    marks.first.get_by_label(see.text("Refuse"), exact=True).check()
    with translation.override(see.language):
        marks.first.locator("select").select_option(label=refusal().text)
    see.look(page, "case-marks")
    see.press(page, "Keep the marks of this page")
    page.locator("[name=reasons]").fill(REASONS)
    page.locator("[name=unheard]").select_option(index=1)
    see.press(page, "Propose")
    expect(page.get_by_role("heading", name=see.text("Proposed decision"))).to_be_visible()
    see.look(page, "case-proposed")


def refusal() -> Phrase:
    return Phrase.objects.get(code="not-in-register")


def decide(see: Browsers, page: Page) -> None:
    """Find the proposal from the start page, read the letter as it would be, and decide."""
    page.goto("/")
    see.look(page, "approver-start")
    page.locator("a[href*='status=proposed']").click()
    page.get_by_role("link", name=Application.objects.get().number).click()
    expect(page.locator("#proposal-heading + *")).to_contain_text(see.text("partly granted"))
    see.look(page, "case-to-decide")
    with page.expect_download() as got:
        page.locator("a[href$='letter.pdf']").click()
    assert see.euros(GRANTED).search(said(got.value.path().read_bytes()))
    see.press(page, "Decide as proposed")
    expect(page.locator("h1")).to_contain_text(see.text("decided"))
    see.look(page, "case-decided")


def receive(see: Browsers, page: Page) -> None:
    """Open the decision, which serves it; read the letter and each row of the appendix."""
    page.goto("/applications/")
    page.get_by_role("link", name=Application.objects.get().number).first.click()
    see.look(page, "decided")
    page.locator("main a[href^='/decisions/']").click()
    see.look(page, "decision")
    see.press(page, "Fetch")
    see.look(page, "decision-fetched")
    letter, appendix = (fetched(page, f"/decision-{see.language}.pdf"), fetched(page, ".xlsx"))
    assert see.euros(GRANTED).search(said(letter))
    assert getattr(refusal(), f"text_{see.language}") in " ".join(said(letter).split())
    appended = workbook(appendix).active.iter_rows(values_only=True)
    assert [row[6] for row in appended if row[1] == "V000"] == [0]


def fetched(page: Page, ending: str) -> bytes:
    """The bytes of the document whose address ends so."""
    with page.expect_download() as got:
        page.locator(f"a[download][href*='{ending}']").click()
    return got.value.path().read_bytes()


def contest(see: Browsers, page: Page) -> None:
    """Claim that the refused row be granted."""
    page.get_by_role("link", name=Application.objects.get().number).click()
    page.locator("[name=text]").fill(CLAIM)
    see.look(page, "served")
    see.press(page, "File the claim")
    expect(page.locator("main")).to_contain_text(CLAIM)


def pay() -> None:
    """Send what is decided to the bank, which pays it the same day."""
    at, today = timezone.now(), timezone.localdate()
    open_accounts([municipality("398")])
    sent(Month.of(today), today=today, at=at)
    transfer = Transfer.objects.get()
    paid = entry(transfer.end_to_end_id, f"{GRANTED // 100}.00", day=today.isoformat())
    read(booked(paid), at=at)
