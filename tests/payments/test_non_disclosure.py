"""Persons under non-disclosure: no list, search, file or log tells where they live (P-11)."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from payments.models import Line, Proposal, RunDecision
from registry.models import AuditEvent, DisclosureEvent, Person
from tests.access_matrix import PAGES
from tests.factories import (
    AgreementFactory,
    MembershipFactory,
    moved,
    municipality,
    organisation,
    resident,
)
from tests.grants.applications import supports_made
from tests.grants.costs import costs_made
from tests.grants.decisions import cases_made
from tests.payments.former import former_proposed
from tests.payments.joined import link_proposed
from tests.payments.manual import applied_for
from tests.payments.recoveries import recovery_proposed
from tests.payments.runs import claimed, settle

JANUARY, FEBRUARY = "2025-01/", "2025-02/"
LAHTI, TURKU = "/compensation/municipality/398/", "/compensation/municipality/853/"
TOWNS = {"lahti": "398", "turku": "853"}
CLAIMABLE = "/runs/2025-02/claimable/"
ONE = "1 person under non-disclosure"


@pytest.fixture
def hidden(db) -> Person:
    """Lives in Lahti in January 2025; February's delivery tells that they had moved to Turku."""
    return resident(lives_in="398", named="Salainen", protected=True)


@pytest.fixture(autouse=True)
def months(hidden: Person) -> None:
    """January and February 2025, approved, with others beside the hidden one."""
    resident(lives_in="398", named="Julkinen")
    resident(lives_in="853", named="Avoin")
    settle("2025-01")
    moved(hidden, to="853", on=date(2024, 12, 20))
    settle("2025-02")


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    client.cookies["django_language"] = "en"
    return client


def text(response) -> str:
    """What a page says, or a file."""
    assert response.status_code == 200
    found = re.sub(r"<[^>]+>", " ", response.content.decode("utf-8-sig", "replace"))
    return re.sub(r"\s+", " ", found.replace("\N{NO-BREAK SPACE}", " "))


def test_the_former_municipality_learns_that_somebody_left_but_not_who_nor_where(anna, hidden):
    page = text(signed_in(anna).get(f"{LAHTI}{FEBRUARY}persons/"))
    assert "Salainen" not in page and hidden.uma_number not in page
    assert f"{ONE}, corrections −816,08 €" in page and "Julkinen" in page
    assert "Turku" not in page and "853" not in page


def test_their_file_says_what_the_page_says(anna, hidden):
    rows = text(signed_in(anna).get(f"{LAHTI}{FEBRUARY}persons.csv"))
    assert "Salainen" not in rows and hidden.uma_number not in rows
    assert f"{ONE};;;;;corrections;;-816,08" in rows
    assert hidden.pk not in AuditEvent.objects.latest("pk").persons
    assert hidden.pk not in DisclosureEvent.objects.get().persons


def test_the_home_municipality_of_a_month_sees_them_in_it_marked(anna, bertta):
    january = text(signed_in(anna).get(f"{LAHTI}{JANUARY}persons/"))
    february = text(signed_in(bertta).get(f"{TURKU}{FEBRUARY}persons/"))
    assert "Salainen Testi Non-disclosure" in january and "Turku" not in january
    assert "Salainen Testi Non-disclosure" in february and "Lahti" not in february


@pytest.mark.parametrize(("county", "month"), [("09", JANUARY), ("05", FEBRUARY)])
def test_a_county_sees_them_without_the_municipality(county, month):
    officer = MembershipFactory.create(organisation=organisation("county", county)).user
    page = text(signed_in(officer).get(f"/compensation/county/{county}/{month}persons/"))
    assert "Salainen" in page and not re.search("Lahti|Turku", page)


def test_they_count_in_every_sum(anna, bertta):
    assert "Persons 1 2" in text(signed_in(anna).get(LAHTI + FEBRUARY))
    assert "Persons 2 1" in text(signed_in(bertta).get(TURKU + FEBRUARY))


def test_the_list_behind_a_proposal_sums_them(kalle, hidden):
    reviewer = signed_in(kalle)
    for proposal in Proposal.objects.select_related("run", "payee"):
        payee = (proposal.run.month, proposal.payee.kind, proposal.payee.code)
        page = text(reviewer.get(reverse("run_payee", args=payee)))
        behind = Line.objects.filter(run=proposal.run, payee=proposal.payee, person=hidden)
        assert hidden.uma_number not in page
        assert (ONE in page) == behind.exists()
        assert hidden.pk not in AuditEvent.objects.latest("pk").persons


def test_what_may_be_applied_for_hides_payee_and_amount(kalle, hidden):
    page = text(signed_in(kalle).get("/runs/2025-02/claimable/"))
    rows = re.findall(rf"{hidden.uma_number} 1/2025 (.+?) (?:base|adult) ", page)
    assert rows and set(rows) == {"non-disclosure"}
    assert "Turku" not in page and "€" not in page


def test_a_list_of_those_without_an_agreement_leaves_them_out(kalle, hidden):
    ended = date(2024, 12, 31)
    AgreementFactory.create(municipality=municipality("853"), valid_to=ended)
    settle("2025-03")
    page = text(signed_in(kalle).get("/runs/2025-03/unpaid/municipality_without_agreement/"))
    assert hidden.uma_number not in page and f"{ONE}: not listed" in page
    assert "Turku" in page, "the other's municipality is shown"


@pytest.mark.parametrize("address", ["/access-log/", "/disclosure-log/"])
def test_a_log_searched_by_the_person_does_not_tell_the_payee(anna, tarja, hidden, address):
    signed_in(anna).get(f"{LAHTI}{JANUARY}persons.csv")
    officer = signed_in(tarja)
    assert "Lahti" in text(officer.post(address, {"username": "anna"}))
    page = text(officer.post(address, {"uma_number": hidden.uma_number}))
    assert "anna" in page and "The person is under non-disclosure" in page
    assert not re.search("Lahti|proposal", page)


def addresses(person: Person) -> list[str]:
    """Every page of the matrix that is read, its months both."""
    found = []
    of_february = RunDecision.objects.filter(proposal__run__month=date(2025, 2, 1))
    named = {name: of_february.get(proposal__payee__code=code).pk for name, code in TOWNS.items()}
    named |= {f"{name}s claims": claimed(person, code) for name, code in TOWNS.items()}
    for name, code in TOWNS.items():
        named |= applied_for(person, code, f"{name}s")
    named |= {f"{name}s recovery": recovery_proposed(code) for name, code in TOWNS.items()}
    named |= {**supports_made(), **cases_made(), **costs_made()}
    named |= {"former payments": former_proposed(person), "a link": link_proposed(person)}
    for name, page in PAGES.items():
        if page.method != "get":
            continue
        for parts in (page.parts, page.other or page.parts):
            for month in (date(2025, 1, 1), date(2025, 2, 1)):
                ids = {"person_id": person.pk, "delivery_id": 1, "month": month}
                known = {key: named.get(str(value), value) for key, value in parts.items()}
                kwargs = {key: ids.get(key, value) for key, value in known.items()}
                found.append(reverse(name, kwargs=kwargs))
    return sorted(set(found))


ALLOWED = {
    "anna": {
        f"{LAHTI}{JANUARY}persons/",
        f"{LAHTI}{JANUARY}persons/{{}}/",
        f"{LAHTI}{JANUARY}persons.csv",
    },
    "bertta": {
        f"{TURKU}{FEBRUARY}persons/",
        f"{TURKU}{FEBRUARY}persons/{{}}/",
        f"{TURKU}{FEBRUARY}persons.csv",
    },
    "tuula": set(),
    "tarja": {"/extracts/{}/"},  # of all that is held on them (P-15)
    # Their own pages, and the claimable months, which do not tell the payee.
    "kalle": {"/persons/{}/", "/persons/{}/2025-01/", "/persons/{}/2025-02/", CLAIMABLE},
}


@pytest.mark.parametrize("reader", ALLOWED)
def test_no_other_page_of_any_role_names_them(reader, request, hidden):
    client = signed_in(request.getfixturevalue(reader))
    named = set()
    for address in addresses(hidden):
        response = client.get(address)
        content = response.content if not response.streaming else response.getvalue()
        if hidden.uma_number.encode() in content or b"Salainen" in content:
            named.add(address)
    allowed = {address.format(hidden.pk) for address in ALLOWED[reader]}
    if reader == "kalle":  # who decides where they lived
        allowed.add(f"/cases/{hidden.manual_cases.earliest('pk').pk}/")
        # Joining numbers names no payee and no home.
        allowed.add(f"/persons/{hidden.pk}/join/")
        allowed |= {address for address in named if address.startswith("/joined/")}
    assert named == allowed
