"""From last month's total to this month's: each step, its persons, its pages, what is kept."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from payments.changes.persons import change_persons
from payments.changes.selectors import largest_changes
from payments.changes.words import sentence
from payments.models import Change, Run, RunChange, RunGroup
from registry.audit.models import AuditEvent
from registry.models import Organisation, Person, User
from tests.payments.law import agreement_row, home, permit, person_rows
from tests.payments.runs import compute, deliver, settle

pytestmark = pytest.mark.django_db

SINCE = "2024-03-10"
SIGNED_IN, LOGGED = 4, 1


def child(uma: str = "A", **facts):
    """Rows of a child of 15, under protection, at home in Lahti since 3/2024: 162,92 and 28,75."""
    facts = {"born": "2009-05-01", "moved_in": SINCE, "permits": [permit("87", SINCE)]} | facts
    return person_rows(uma, **facts)


def steps(run: Run, code: str | None = "398") -> Mapping[str, tuple[int, int]]:
    """Persons and cents by step of a payee, the totals apart."""
    rows = RunChange.objects.filter(run=run, payee__code=code)
    rows = rows.filter(payee__kind="municipality") if code else rows.filter(payee=None)
    apart = (Change.LAST, Change.STAYED)
    return {r.kind: (r.persons, r.cents) for r in rows.exclude(kind__in=apart)}


MOVED = [home("398", SINCE, "2024-11-30"), home("091", "2024-12-01")]


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, {}),
        ({"homes": MOVED}, {Change.MOVED_AWAY: (1, -162_92)}),
        ({"homes": [home("398", SINCE, "2024-11-30")]}, {Change.LEFT: (1, -162_92)}),
        ({"died": "2024-11-20"}, {Change.LEFT: (1, -162_92)}),
        (
            {"died": "2024-10-20"},
            {Change.LATE_OUT: (1, -162_92), Change.CORRECTION: (1, -162_92)},
        ),
        (
            {"born": "2019-05-01"},
            {Change.LATE_IN: (1, 379_00), Change.CORRECTION: (1, 379_00)},
        ),
    ],
)
def test_what_becomes_of_somebody_paid_last_month(facts, expected):
    deliver(child(), child("B"))
    settle("2024-11")
    deliver(child(**facts))
    assert steps(compute("2024-12")) == expected


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"moved_in": "2024-11-20"}, {Change.NEW: (1, 162_92)}),
        ({}, {Change.LATE_IN: (1, 162_92)}),
    ],
)
def test_somebody_new_is_new_or_known_late(facts, expected):
    deliver(child())
    settle("2024-11")
    deliver(child("B", **facts))
    assert steps(compute("2024-12")) == expected


@pytest.mark.parametrize(
    ("born", "months", "expected"),
    [
        ("2017-12-01", ("2024-11", "2024-12"), {Change.AGE: (1, 162_92 - 541_92)}),
        ("2009-05-01", ("2024-12", "2025-01"), {Change.RATE: (1, 171_00 - 162_92)}),
        ("2007-01-20", ("2025-01", "2025-02"), {Change.ADULT_BEGINS: (1, 645_08)}),
        ("2006-01-20", ("2025-02", "2025-03"), {Change.ADULT_ENDS: (1, -645_08)}),
    ],
)
def test_time_passes(born, months, expected):
    deliver(child(born=born, moved_in="2024-02-10", homes=[home("398", "2024-02-10")]))
    settle(months[0])
    assert steps(compute(months[1])) == expected


def test_an_agreement_ends():
    deliver(child(), {"agreements.csv": [agreement_row("398", "2011-09-01", "2024-11-30")]})
    settle("2024-11")
    assert steps(compute("2024-12")) == {Change.AGREEMENT: (1, -162_92)}


def test_moves_come_to_nothing_in_total_and_the_rest_stayed():
    deliver(child(), child("B"))
    settle("2024-11")
    deliver(child(homes=MOVED))
    run = compute("2024-12")
    assert steps(run, None) == {
        Change.MOVED_AWAY: (1, -191_67), Change.MOVED_IN: (1, 191_67),
    }  # fmt: skip
    stayed = RunChange.objects.get(run=run, payee=None, kind=Change.STAYED)
    assert (stayed.persons, stayed.cents) == (1, 191_67)


def test_a_merger_moves_nobody():
    deliver(child())
    settle("2024-11")
    Organisation.objects.filter(kind="municipality", code="398").update(
        valid_to="2024-11-30", merged_into=Organisation.objects.get(code="016")
    )
    run = compute("2024-12")
    assert steps(run, "016") == steps(run, None) == {}
    stayed = RunChange.objects.get(run=run, payee__code="016", kind=Change.STAYED)
    assert (stayed.persons, stayed.cents) == (1, 162_92)


def test_a_sum_below_zero_is_recovered():
    deliver(child())
    settle("2024-11")
    deliver(child(died="2024-10-20"))
    run = compute("2024-12")
    assert steps(run)[Change.RECOVERY] == (0, 162_92)
    assert steps(run, None)[Change.RECOVERY] == (0, 191_67)


def test_everybody_of_the_first_run_is_new():
    deliver(child(), child("B"))
    run = compute("2024-11")
    assert steps(run) == {Change.NEW: (2, 2 * 162_92)}
    assert steps(run, None) == {Change.NEW: (2, 2 * 191_67)}


def test_groups_are_of_persons_not_of_lines():
    deliver(child(), child("Q", permits=[permit("90", SINCE)]), child("S", born="2020-05-01"))
    rows = RunGroup.objects.filter(run=compute("2025-01"))
    assert set(rows.values_list("group", "ground", "min_age", "persons", "adults", "cents")) == {
        ("ordinary", "87", 7, 1, 0, 262_42),
        ("quota", "90", 7, 1, 0, 262_42),
        ("ordinary", "87", 0, 1, 0, 307_42),
    }


@pytest.mark.parametrize("model", [RunChange, RunGroup])
def test_what_was_compared_is_kept_once_the_run_is_approved(model):
    deliver(child())
    run = settle("2024-11")
    assert model.objects.filter(run=run).exists()
    with pytest.raises(IntegrityError, match="belongs to an approved run"), transaction.atomic():
        model.objects.update(persons=7)


@pytest.fixture
def december(db) -> Run:
    """A draft: A moved to Helsinki, B stayed, C died, D is new in Lahti, E was known late."""
    deliver(child(), child("B"), child("C"))
    settle("2024-11")
    deliver(
        child(homes=MOVED), child("C", died="2024-10-20"), child("D", moved_in="2024-11-20"),
        child("E"),
    )  # fmt: skip
    return compute("2024-12")


def names(run: Run, kind: Change, code: str = "398") -> list[tuple[str | None, int]]:
    """UMA numbers and cents of the persons behind a step of a municipality."""
    payee = Organisation.objects.get(kind="municipality", code=code)
    found = change_persons(run, kind, payee.pk, None)
    return [(row.uma_number, row.cents) for row in found.page.rows]


@pytest.mark.parametrize(
    ("kind", "persons"),
    [
        (Change.LAST, [("A", 162_92), ("B", 162_92), ("C", 162_92)]),
        (Change.STAYED, [("B", 162_92)]),
        (Change.MOVED_AWAY, [("A", -162_92)]),
        (Change.LATE_OUT, [("C", -162_92)]),
        (Change.LATE_IN, [("E", 162_92)]),
        (Change.NEW, [("D", 162_92)]),
        (Change.CORRECTION, [("C", -162_92)]),
        (Change.RATE, []),
    ],
)
def test_every_step_leads_to_its_persons(december, kind, persons):
    assert names(december, kind) == persons


def test_everybody_of_a_first_run_is_listed():
    deliver(child(), child("B"))
    assert names(compute("2024-11"), Change.NEW) == [("A", 162_92), ("B", 162_92)]


@pytest.fixture
def reviewer(client: Client, kalle: User) -> Client:
    client.force_login(kalle)
    client.cookies["django_language"] = "en"
    return client


def words(response) -> str:
    """The text of a page without its tags."""
    assert response.status_code == 200
    text = re.sub(r"<[^>]+>", " ", response.content.decode()).replace("\N{NO-BREAK SPACE}", " ")
    return re.sub(r"\s+", " ", text)


def test_the_runs_page_shows_the_way_from_last_month(december, reviewer):
    page = words(reviewer.get("/runs/2024-12/"))
    assert "Last month 3 575,01 €" in page and "Payable now 575,01 €" in page
    assert "Stayed, nothing changed 1 (191,67 €)" in page
    assert "Corrections of earlier months 1 −191,67 €" in page
    assert "From Last month 575,01 € to Payable now 575,01 €: Late facts, more" in page


def test_the_largest_changes_are_told_in_a_sentence(december):
    persons = {p.payee_id: p.persons for p in december.proposals.all()}
    with translation.override("en"):
        told = [sentence(change) for change in largest_changes(december, persons)]
    assert [text.replace("\N{NO-BREAK SPACE}", " ") for text in told[:2]] == [
        "Helsinki +1 person, +162,92 €: 1 moved in from one delivery.",
        "Lahti −162,92 €: 1 known late from one delivery, 1 no longer due, 1 moved away.",
    ]


def test_the_tables_are_downloaded_as_shown(december, reviewer):
    changes = reviewer.get("/runs/2024-12/changes.csv").content.decode("utf-8-sig").splitlines()
    assert changes[0].startswith("Kind;Code;Payee;Last month, €;late facts, more, €;")
    assert (
        "municipality;398;Lahti;488,76;162,92;-162,92;162,92;-162,92;0,00;-162,92;325,84" in changes
    )
    groups = reviewer.get("/runs/2024-12/groups.csv").content.decode("utf-8-sig").splitlines()
    assert "By age on the first day of the month;7 years and over;4;0;766,68;3;575,01" in groups


def test_persons_under_non_disclosure_are_not_named_but_counted(december, reviewer):
    """P-11: the payee would tell where they live."""
    secret = child("D", moved_in="2024-11-20")["vtj_persons.csv"]
    deliver({"vtj_persons.csv": [secret[0] | {"non_disclosure": "true"}]})
    page = words(reviewer.get("/runs/2024-12/changes/new/municipality/398/"))
    assert "1 person under non-disclosure 162,92 €" in page and " D " not in page


def test_the_persons_shown_are_logged(december, reviewer):
    reviewer.get("/runs/2024-12/changes/new/municipality/398/")
    event = AuditEvent.objects.latest("pk")
    assert (event.case_ref, event.persons) == (
        "run 2024-12",
        [Person.objects.get(uma_number="D").pk],
    )


def test_long_lists_of_persons_go_on(december, reviewer, monkeypatch):
    monkeypatch.setattr("payments.changes.persons.PAGE_SIZE", 1)
    payee = Organisation.objects.get(kind="municipality", code="398").pk
    first = change_persons(december, Change.LAST, payee, None).page
    second = change_persons(december, Change.LAST, payee, first.next).page
    assert [row.uma_number for row in first.rows + second.rows] == ["A", "B"]


@pytest.mark.parametrize(
    ("address", "queries"),
    [
        ("changes/", 2),
        ("changes.csv", 2 + LOGGED),
        ("changes/new/", 2),
        ("changes/new/municipality/398/", 4 + LOGGED),
        ("groups/", 3),
    ],
)
def test_pages_cost_a_fixed_number_of_queries(december, reviewer, address, queries):
    with CaptureQueriesContext(connection) as asked:
        assert reviewer.get(f"/runs/2024-12/{address}").status_code == 200
    assert len(asked) == SIGNED_IN + queries


@pytest.mark.parametrize("step", ["touched", "nothing"])
def test_a_step_that_is_none_is_not_found(december, reviewer, step):
    assert reviewer.get(f"/runs/2024-12/changes/{step}/").status_code == 404
