"""Pages of runs and persons: what they show, who may take which step, how many queries."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from payments.models import Run, RunStatus
from registry.audit.cases import origin_of
from registry.models import Person, User
from tests.factories import (
    DeliveryFactory,
    PermitFactory,
    PersonDetailsFactory,
    StaffRoleFactory,
    municipality,
    resident,
)
from tests.payments.runs import compute, february_after_a_move

AT = datetime(2025, 2, 3, tzinfo=UTC)
SIGNED_IN = 4  # queries of every page: the session, its user and what they may do
LOGGED = 1  # the event of a page of persons


@pytest.fixture
def mover(db) -> Person:
    """Lives in Lahti; January 2025 is paid, then February's delivery moves them to Turku."""
    return resident(lives_in="398")


@pytest.fixture
def homeless(db) -> Person:
    """Has a permit but no home municipality."""
    details = PersonDetailsFactory.create()
    PermitFactory(person=details.person)
    return details.person


@pytest.fixture
def february(mover: Person, homeless: Person) -> Run:
    """A draft that corrects January: taken from Lahti, claimable by Turku."""
    return february_after_a_move(mover)


@pytest.fixture
def reviewer(client: Client, kalle: User) -> Client:
    client.force_login(kalle)
    return client


@pytest.fixture
def approver(hilkka: User) -> Client:
    client = Client()
    client.force_login(hilkka)
    return client


def english(client: Client) -> Client:
    client.cookies["django_language"] = "en"
    return client


def take(client: Client, step: str, run: Run, input_hash: str | None = None) -> str:
    """Press a button of the run's page; return the page that follows."""
    address = reverse(f"run_{step}", args=[run.month])
    posted = {"input_hash": run.input_hash if input_hash is None else input_hash}
    return words(english(client).post(address, posted, follow=True))


def words(response) -> str:
    """The text of a page without its tags."""
    assert response.status_code == 200
    text = re.sub(r"<[^>]+>", " ", response.content.decode()).replace("\N{NO-BREAK SPACE}", " ")
    return re.sub(r"\s+", " ", text)


def test_two_people_check_and_approve(february, reviewer, approver):
    assert "The run is checked." in take(reviewer, "check", february)
    assert "The run is approved." in take(approver, "approve", february)
    february.refresh_from_db()
    assert february.status == RunStatus.APPROVED
    assert (february.checked_by.username, february.approved_by.username) == ("kalle", "hilkka")


def test_the_checker_does_not_approve(february, reviewer, kalle):
    StaffRoleFactory.create(user=kalle, role="approver")
    page = take(reviewer, "check", february)
    assert "you checked it yourself (P-01)" in page and "Approve the run" not in page
    assert "Not done. Another person must do this" in take(reviewer, "approve", february)
    february.refresh_from_db()
    assert february.status == RunStatus.CHECKED


@pytest.mark.parametrize("step", ["check", "approve"])
def test_a_step_out_of_turn_is_refused_in_a_sentence(february, reviewer, kalle, step):
    StaffRoleFactory.create(user=kalle, role="approver")
    if step == "check":
        take(reviewer, "check", february)
    assert "Not done. Only a" in take(reviewer, step, february)


def test_a_run_computed_again_is_not_the_one_looked_at(february, reviewer):
    assert "computed again" in take(reviewer, "check", february, input_hash="of another draft")
    february.refresh_from_db()
    assert february.status == RunStatus.DRAFT


@pytest.mark.parametrize("step", ["check", "approve"])
def test_steps_are_not_taken_by_reading(february, reviewer, approver, step):
    client = reviewer if step == "check" else approver
    assert client.get(reverse(f"run_{step}", args=[february.month])).status_code == 405


def test_the_list_has_every_run_with_its_sums(february, reviewer):
    page = words(english(reviewer).get("/runs/"))
    assert "2/2025 draft 3 6 787,26 € −913,58 €" in page
    assert "1/2025 approved 3 4 2 740,74 € 0,00 €" in page


def test_a_run_shows_its_proposals_reasons_and_corrections(february, reviewer):
    page = words(english(reviewer).get("/runs/2025-02/"))
    assert "municipality 398 Lahti 1 171,00 € −816,08 € 0,00 € 645,08 €" in page
    assert "4 persons were assessed for this month, 3 of them are paid." in page
    assert "No home municipality 1" in page
    assert "1/2025 1 0,00 € −913,58 € −913,58 €" in page
    assert "4 entries, 913,58 € together" in page
    assert february.input_hash in page


def test_the_download_is_the_table_shown(february, reviewer):
    response = english(reviewer).get("/runs/2025-02/proposals.csv")
    rows = response.content.decode("utf-8-sig").splitlines()
    assert response.headers["Content-Disposition"] == 'attachment; filename="proposals-2025-02.csv"'
    assert rows[0].startswith("Kind;Code;Payee;Persons;")
    assert "municipality;398;Lahti;1;171,00;-816,08;0,00;645,08" in rows


def test_a_payee_shows_its_lines_by_person(february, mover, reviewer):
    page = words(english(reviewer).get("/runs/2025-02/payees/municipality/398/"))
    assert f"{mover} 1/2025 base correction automatic Lahti −171,00 €" in page


def test_the_lines_of_a_merged_municipality_are_its_successors(db, reviewer):
    merged = municipality("398")
    merged.valid_to, merged.merged_into = date(2024, 12, 31), municipality("091")
    settle_before = resident(lives_in="398")
    merged.save()
    compute("2025-01")
    page = words(english(reviewer).get("/runs/2025-01/payees/municipality/091/"))
    assert f"{settle_before} 1/2025" in page


def test_lists_of_persons_lead_to_the_explanation(february, homeless, reviewer):
    page = reviewer.get("/runs/2025-02/unpaid/no_home_municipality/").content.decode()
    assert f'href="/persons/{homeless.pk}/2025-02/{origin_of("run 2025-02")}"' in page
    assert str(homeless) in page


def test_long_lists_go_on_after_the_last_person(february, homeless, reviewer, monkeypatch):
    monkeypatch.setattr("payments.runs.pages.PERSONS_A_PAGE", 1)
    first = reviewer.get("/runs/2025-02/payees/municipality/398/").content.decode()
    after = re.search(r"\?after=(\d+)", first)
    assert after is not None
    page = reviewer.get(f"/runs/2025-02/payees/municipality/398/?after={after[1]}")
    second = page.content.decode()
    assert 'rel="next"' in first and 'rel="next"' not in second
    assert f"/persons/{after[1]}/" in first and f"/persons/{after[1]}/" not in second


def test_claimable_entries_are_listed(february, mover, reviewer):
    page = words(english(reviewer).get("/runs/2025-02/claimable/"))
    assert f"{mover} 1/2025 Turku base 2/2025 31.12.2027 171,00 €" in page


def test_a_persons_page_shows_what_each_run_found(february, mover, reviewer):
    page = words(english(reviewer).get(f"/persons/{mover.pk}/"))
    assert "1/2025 913,58 € 2/2025 draft Paid Turku" in page
    assert "1/2025 approved Paid Lahti" in page
    assert "Testinen Testi" in page


def test_a_month_shows_the_law_and_the_ledger(february, mover, reviewer):
    page = words(english(reviewer).get(f"/persons/{mover.pk}/2025-01/"))
    assert "C-06" in page and "Turku 853" not in page
    assert "1/2025 regular Lahti base automatic 171,00 €" in page
    assert "Booked in total 913,58 €" in page
    assert "2/2025 – Turku base 31.12.2027 171,00 €" in page


def test_a_month_of_a_person_without_permits(db, reviewer):
    person = PersonDetailsFactory.create().person
    page = words(english(reviewer).get(f"/persons/{person.pk}/2025-01/"))
    assert "knows no permit of this person" in page


def test_a_search_leads_to_a_page_without_the_number_in_its_address(mover, reviewer):
    response = reviewer.post("/persons/", {"uma_number": f" {mover.uma_number} "})
    assert response.url == f"/persons/{mover.pk}/"


@pytest.mark.parametrize("number", ["X404", "", "9" * 41, "X\0"])
def test_a_search_for_nobody_says_so(db, reviewer, number):
    page = english(reviewer).post("/persons/", {"uma_number": number})
    assert "There is a problem" in words(page)


@pytest.mark.parametrize(
    ("address", "queries"),
    [
        ("/runs/", 4),
        ("/runs/2025-02/", 14),
        ("/runs/2025-02/proposals.csv", 2 + LOGGED),
        ("/runs/2025-02/payees/county/09/", 4 + LOGGED),
        ("/runs/2025-02/unpaid/no_home_municipality/", 2 + LOGGED),
        ("/runs/2025-02/claimable/", 3 + LOGGED),
        ("/persons/", 0),
        ("/persons/{mover}/", 14 + LOGGED),
    ],
)
def test_pages_cost_a_fixed_number_of_queries(february, mover, reviewer, address, queries):
    with CaptureQueriesContext(connection) as asked:
        assert reviewer.get(address.format(mover=mover.pk)).status_code == 200
    assert len(asked) == SIGNED_IN + queries


def test_a_run_being_computed_shows_how_far_it_is(db, reviewer):
    Run.objects.create(
        month=date(2025, 1, 1), delivery=DeliveryFactory.create(), created_at="2025-01-01T00:00Z"
    )
    assert "0 of 0 parts are done, 0 are being computed." in words(
        english(reviewer).get("/runs/2025-01/")
    )
    assert "1/2025 being computed 0 0" in words(reviewer.get("/runs/"))


@pytest.mark.parametrize(
    "address",
    [
        "/runs/2031-01/",
        "/runs/2025-13/",
        "/runs/1025-01/",
        "/runs/2025-02/payees/municipality/999/",
        "/runs/2025-02/unpaid/paid/",
        "/runs/2025-02/unpaid/no_home_municipality/?after=x",
        "/runs/2025-02/claimable/?after=99999999999999999999",
        "/persons/0/",
        "/persons/0/2025-01/",
    ],
)
def test_what_is_not_there_is_not_found(february, reviewer, address):
    assert reviewer.get(address).status_code == 404


def test_a_persons_page_begins_only_at_a_month(mover, reviewer):
    assert reviewer.get(f"/persons/{mover.pk}/?after=2025").status_code == 404
