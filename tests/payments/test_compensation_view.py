"""The compensation view: what an organisation sees of what it is paid, and nobody else's."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from payments.models import Run
from registry.models import AuditEvent, DisclosureEvent, Person
from tests.factories import (
    MembershipFactory,
    moved,
    municipality,
    organisation,
    resident,
)
from tests.payments.runs import compute, settle

SIGNED_IN = 4  # queries of every page: the session, its user and what they may do
LOGGED = 1  # the event of a page of persons
FEBRUARY = "/compensation/municipality/398/2025-02/"


@pytest.fixture
def mover(db) -> Person:
    """Lives in Lahti; January 2025 is paid, then February's delivery moves them to Turku."""
    return resident(lives_in="398", named="Muuttaja")


@pytest.fixture
def child(db) -> Person:
    """A child of Lahti, under 7."""
    return resident(lives_in="398", born=date(2020, 6, 1), named="Lapsonen")


@pytest.fixture
def approved(mover: Person, child: Person) -> Run:
    """January and February 2025: Lahti loses January's mover, Turku may apply for the month."""
    settle("2025-01")
    moved(mover, to="853", on=date(2024, 12, 20))
    return settle("2025-02")


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def lahti(anna) -> Client:
    return signed_in(anna)


@pytest.fixture
def turku(bertta) -> Client:
    return signed_in(bertta)


def words(response) -> str:
    """The text of a page without its tags."""
    assert response.status_code == 200
    text = re.sub(r"<[^>]+>", " ", response.content.decode()).replace("\N{NO-BREAK SPACE}", " ")
    return re.sub(r"\s+", " ", text)


def test_the_front_shows_the_months_with_their_parts(approved, lahti):
    page = words(lahti.get("/compensation/"))
    assert "2/2025 1 228,42 € 0,00 € −816,08 € −587,66 €" in page
    assert "1/2025 2 399,42 € 645,08 € 0,00 € 1 044,50 €" in page


def test_a_month_beside_the_one_before(approved, lahti):
    page = words(lahti.get(FEBRUARY))
    assert "2/2025 1/2025 Persons 1 2 Base 228,42 € 399,42 €" in page
    assert "Sum −587,66 € 1 044,50 €" in page


def test_a_month_by_age_group_ground_and_cause(approved, lahti):
    page = words(lahti.get(FEBRUARY))
    assert "Base under 7 1 228,42 € 228,42 €" in page
    assert "87 Asylum 1 228,42 € 0,00 € 228,42 €" in page or "228,42 € 0,00 € 228,42 €" in page
    assert "1/2025 Moved to another municipality 1 0,00 € −816,08 € −816,08 €" in page


def test_what_may_be_applied_for_is_its_own_payees(approved, lahti, turku):
    assert "1/2025 1 816,08 € 31.12.2027" in words(turku.get("/compensation/"))
    assert "There is nothing to apply for." in words(lahti.get("/compensation/"))


def test_the_persons_behind_the_sum(approved, lahti):
    page = words(lahti.get(f"{FEBRUARY}persons/"))
    assert "Lapsonen Testi 1.6.2020" in page and "2/2025 Base 228,42 €" in page
    assert "Muuttaja Testi 1.5.1990" in page
    assert "1/2025 Adult moved to another municipality −645,08 €" in page
    assert not re.search(r"\d{6}[-A-FU-Y]9\d\d", page), "no identity code"


def test_why_a_person_is_paid_for(approved, lahti, child, mover):
    page = words(lahti.get(f"{FEBRUARY}persons/{child.pk}/"))
    assert "Base under 7 2 741,00 € 228,42 € 872/2024 § 1" in page
    assert "2/2025 Base – 228,42 € Sum 228,42 €" in page
    gone = words(lahti.get(f"{FEBRUARY}persons/{mover.pk}/"))
    assert "1/2025 Adult Moved to another municipality −645,08 €" in gone
    assert AuditEvent.objects.latest("pk").persons == [mover.pk]


def test_a_person_of_another_is_not_there_and_the_try_is_logged(approved, lahti, turku, child):
    assert (
        turku.get(f"/compensation/municipality/853/2025-02/persons/{child.pk}/").status_code == 404
    )
    event = AuditEvent.objects.latest("pk")
    assert (event.outcome, event.persons) == ("refused", [child.pk])


def test_only_totals_when_the_setting_says_so(approved, lahti, settings):
    """P-13."""
    settings.PERSONS_SHOWN_TO_PAYEES = False
    assert "The persons behind the sum" not in words(lahti.get(FEBRUARY))
    for address in ("persons/", "persons/1/", "persons.csv", "persons.xlsx"):
        assert lahti.get(FEBRUARY + address).status_code == 404


def test_a_page_of_persons_is_logged_with_them(approved, lahti, mover, child, anna):
    lahti.get(f"{FEBRUARY}persons/")
    event = AuditEvent.objects.latest("pk")
    assert (event.verb, event.persons, event.actor) == ("viewed", [mover.pk, child.pk], anna)
    assert event.acting_for == municipality("398")
    assert not DisclosureEvent.objects.exists()


@pytest.mark.parametrize("filetype", ["csv", "xlsx"])
def test_the_list_as_a_file_is_a_disclosure(approved, lahti, mover, child, filetype):
    response = lahti.get(f"{FEBRUARY}persons.{filetype}")
    assert f'filename="persons-2025-02.{filetype}"' in response.headers["Content-Disposition"]
    event, handed_out = AuditEvent.objects.latest("pk"), DisclosureEvent.objects.get()
    assert (event.verb, event.persons) == ("exported", [mover.pk, child.pk])
    assert (handed_out.recipient, handed_out.persons) == ("Lahti", [mover.pk, child.pk])
    assert "89" in handed_out.ground


def rows(response) -> list[str]:
    return response.content.decode("utf-8-sig").splitlines()


def test_the_files_are_what_the_page_shows(approved, lahti):
    assert rows(lahti.get("/compensation/months.csv"))[1:] == [
        "2/2025;Lahti;1;228,42;0,00;-816,08;-587,66",
        "1/2025;Lahti;2;399,42;645,08;0,00;1044,50",
    ]
    assert "base;under 7;1;228,42;228,42" in rows(lahti.get(f"{FEBRUARY}age-groups.csv"))
    cause = "1/2025;Lahti;moved to another municipality;1;0,00;-816,08;-816,08"
    assert cause in rows(lahti.get(f"{FEBRUARY}corrections.csv"))
    assert len(rows(lahti.get(f"{FEBRUARY}grounds.csv"))) == 2
    assert len(rows(lahti.get(f"{FEBRUARY}claimable.csv"))) == 1
    assert rows(lahti.get(f"{FEBRUARY}persons.csv"))[2].endswith(
        ";;1/2025;base;moved to another municipality;-171,00"
    )


@pytest.mark.parametrize(
    "address",
    [
        "/compensation/municipality/398/2025-02/",
        "/compensation/municipality/398/2025-02/persons/",
        "/compensation/municipality/398/2025-02/persons.csv",
        "/compensation/municipality/398/2025-02/corrections.xlsx",
        "/compensation/county/09/2025-02/",
    ],
)
def test_another_organisations_month_is_not_there_and_the_try_is_logged(approved, turku, address):
    assert turku.get(address).status_code == 404
    event = AuditEvent.objects.latest("pk")
    assert (event.outcome, event.object_type) == ("refused", "payments.proposal")


def test_a_month_that_nobody_approved_is_not_there(mover, lahti):
    compute("2025-01")
    assert lahti.get("/compensation/municipality/398/2025-01/").status_code == 404
    assert "Nothing has been paid" in words(lahti.get("/compensation/"))


@pytest.mark.parametrize("table", ["persons/?after=x", "sums.csv", "age-groups.pdf"])
def test_what_is_not_there_is_not_found(approved, lahti, table):
    assert lahti.get(FEBRUARY + table).status_code == 404


def test_a_successor_sees_its_predecessors_months(db):
    """C-33: Lahti into Helsinki from 1.2.2025."""
    person = resident(lives_in="398")
    settle("2025-01")
    merged = municipality("398")
    merged.valid_to, merged.merged_into = date(2025, 1, 31), municipality("091")
    merged.save()
    settle("2025-02")
    membership = MembershipFactory.create(organisation=municipality("091"))
    helsinki = signed_in(membership.user)
    page = words(helsinki.get("/compensation/"))
    assert "2/2025 Helsinki 1" in page and "1/2025 Lahti merged 1" in page
    january = words(helsinki.get("/compensation/municipality/398/2025-01/persons/"))
    assert str(person) in january


def test_a_county_sees_its_own_lines(approved):
    county = signed_in(MembershipFactory.create(organisation=organisation("county", "09")).user)
    page = words(county.get("/compensation/county/09/2025-02/persons/"))
    assert "Muuttaja" in page and "Lahti" not in page


def test_long_lists_go_on_after_the_last_person(approved, lahti, monkeypatch):
    monkeypatch.setattr("payments.compensation.persons.PERSONS_A_PAGE", 1)
    first = lahti.get(f"{FEBRUARY}persons/").content.decode()
    after = re.search(r"\?after=(\d+)", first)
    assert after is not None
    second = lahti.get(f"{FEBRUARY}persons/?after={after[1]}").content.decode()
    assert "Muuttaja" in first and "Lapsonen" not in first
    assert "Lapsonen" in second and "Muuttaja" not in second and 'rel="next"' not in second


@pytest.mark.parametrize(
    ("address", "queries"),
    [
        ("/compensation/", 4),
        ("/compensation/months.csv", 3 + LOGGED),
        (FEBRUARY, 8),
        (f"{FEBRUARY}corrections.csv", 8 + LOGGED),
        (f"{FEBRUARY}persons/", 6 + LOGGED),
        (f"{FEBRUARY}persons/{{child}}/", 6 + LOGGED),
        (f"{FEBRUARY}persons.csv", 5 + 2 * LOGGED),
    ],
)
def test_pages_cost_a_fixed_number_of_queries(approved, lahti, child, address, queries):
    with CaptureQueriesContext(connection) as asked:
        assert lahti.get(address.format(child=child.pk)).status_code == 200
    assert len(asked) == SIGNED_IN + queries
    sums_only = "persons" not in address
    assert sums_only != any("payments_line" in query["sql"] for query in asked)
