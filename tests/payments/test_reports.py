"""The yearly report: exact figures of a small world, each in its year and its line; who reads it."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.test import Client

from grants.applications.states import Deed
from grants.applications.steps import step_take
from grants.decisions.models import Ruling
from grants.decisions.services.deciding import decision_make
from grants.decisions.services.proposing import rectification_propose
from grants.models import BudgetFrame, RectificationClaim, SupportProposal
from payments.recovery.services.handing import support_recover
from payments.reports.building import report_of
from payments.reports.selectors import figures_of, years
from registry.models import AuditEvent
from tests.documents import workbook
from tests.factories import municipality, organisation
from tests.grants.decisions import AT, decided, family, heikki, kirsi, mark, taken
from tests.payments.bank import booked, entry, open_accounts, read, sent
from tests.payments.test_recovery_steps import decided as repayment_decided
from tests.payments.test_recovery_steps import paid as paid_back

pytestmark = pytest.mark.django_db
PAID = date(2024, 11, 20)  # sent on 1.3.2024, decided on 6.5.2024


def lines(name: str, year: int = 2024) -> dict[tuple[str, ...], dict[str, int]]:
    """The lines of a table by their labels, without what is nought; the sum under `()`."""
    table = next(t for t in report_of(figures_of(year)).tables if t.name == name)
    shown = {column.name for column in table.columns}
    found = {(): table.total, **{line.labels: line for line in table.lines}}
    return {
        labels: {name: value for name, value in line.values.items() if value and name in shown}
        for labels, line in found.items()
        if line
    }


SUPPLEMENT = "laskennallisen korvauksen lisäosa"
TOWNS, COUNTIES = (SUPPLEMENT, "kunta", "L2024"), (SUPPLEMENT, "hyvinvointialue", "L2024")
PAGE = "/reports/"


@pytest.fixture
def world() -> SupportProposal:
    """In 2024: two of Lahti's four persons granted and paid; a county granted, Turku withdrawn."""
    decision = decided(taken(family(2, 2)), refused=[3, 5])
    decided(taken(family(0, 1, mark="C"), applicant=organisation("county", "09")))
    withdrawn = taken(family(3, 0, mark="W"), applicant=municipality("853"))
    step_take(withdrawn, Deed.WITHDRAWN, by=withdrawn.created_by, at=AT)
    open_accounts([municipality("398")])
    sent()
    read(booked(entry("KKD2024-1-1", "3383.20")))
    return decision


def test_applications_are_counted_by_what_became_of_them(world):
    assert lines("applications") == {
        TOWNS: {"received": 2, "withdrawn": 1, "partly": 1, "days": 66},
        COUNTIES: {"received": 1, "granted": 1, "days": 66},
        (): {"received": 3, "withdrawn": 1, "partly": 1, "granted": 1, "days": 66},
    }


def test_persons_are_counted_by_age_and_once_whatever_they_are_paid(world):
    """G-07."""
    assert lines("persons") == {
        TOWNS: {
            "applied_under_7": 2, "applied_from_7": 2, "accepted_under_7": 1,
            "accepted_from_7": 1, "refused_persons": 2,
        },
        COUNTIES: {"applied_from_7": 1, "accepted_from_7": 1},
        (): {
            "applied_under_7": 2, "applied_from_7": 3, "accepted_under_7": 1,
            "accepted_from_7": 2, "refused_persons": 2,
        },
    }  # fmt: skip


def test_euros_applied_for_granted_and_paid(world):
    assert lines("euros") == {
        TOWNS: {"applied_cents": 6766_40, "granted_cents": 3383_20, "paid_cents": 3383_20},
        COUNTIES: {"applied_cents": 138_00, "granted_cents": 138_00},
        (): {"applied_cents": 6904_40, "granted_cents": 3521_20, "paid_cents": 3383_20},
    }


def test_persons_by_reason_ground_and_quota_year(world):
    assert lines("reasons") == {
        ("Ei ensimmäinen kotikunta.",): {"refused_persons": 2},
        (): {"refused_persons": 2},
    }
    grounds = lines("grounds")
    assert grounds == {
        ("87 Turvapaikka",): {"applied": 5, "accepted": 3},
        (): {"applied": 5, "accepted": 3},
    }
    assert lines("quota")["ei kysytä tässä tuessa",] == {"applied": 5, "accepted": 3}


def test_helsinkis_persons_count_once_and_its_euros_twice():
    """G-01."""
    decided(taken(family(2, 3), applicant=organisation("municipality", "091")))
    assert lines("persons")[TOWNS]["accepted_under_7"] == 2
    assert lines("euros")[TOWNS]["granted_cents"] == 8236_00 == lines("euros")[()]["applied_cents"]


def test_the_urgent_support_has_its_quota_year():
    decided(taken(family(1, 4, round_="K2023"), round_="K2023"))
    assert lines("quota")["2023",] == {"applied": 5, "accepted": 5}
    assert lines("grounds")["ei kysytä tässä tuessa",] == {"applied": 5, "accepted": 5}


def test_what_is_of_another_year_is_not_counted(world):
    assert lines("applications", 2023) == {(): {}}
    assert lines("euros", 2025) == {(): {}}
    assert years(date(2026, 1, 1)) == [2026, 2025, 2024]


def test_a_claim_is_open_until_it_is_decided_and_its_persons_move(world):
    late = datetime(2025, 1, 7, 9, 0, tzinfo=UTC)
    claim = RectificationClaim.objects.create(
        contested=world, text="Rivi 3.", filed_by=world.application.created_by, filed_at=AT
    )
    mark(world.application, refused=[5])
    proposal = rectification_propose(
        claim.pk, by=kirsi(), at=AT, reasons="Selvitys.", ruling=Ruling.PARTLY
    )
    decision_make(proposal.pk, by=heikki(), at=late)
    assert lines("applications")[TOWNS]["claims_open"] == 1
    assert "claims_open" not in lines("applications", 2025)[()]
    assert lines("persons", 2025)[TOWNS] == {"accepted_under_7": 1}
    assert lines("persons")[TOWNS]["refused_persons"] == 2
    assert lines("euros", 2025)[TOWNS] == {"granted_cents": 2601_20}


def test_frames_stand_as_at_the_end_of_the_year(world):
    """P-06."""
    frame = BudgetFrame.objects.create(programme_year=2023, allotted_eur=10_000, source="test")
    frame.rounds.set([world.application.round])
    assert lines("frames")["2023",] == {
        "allotted_cents": 10_000_00, "committed_cents": 3521_20, "paid_cents": 3383_20,
        "left_cents": 6478_80,
    }  # fmt: skip
    assert lines("frames", 2023)["2023",] == {
        "allotted_cents": 10_000_00, "left_cents": 10_000_00
    }  # fmt: skip


def test_recoveries_are_of_the_day_of_their_entries(world, kalle, hilkka):
    """P-07: interest from the day it was paid."""
    case = support_recover(
        world.application_id, cents=782_00, by=kirsi(), at=AT, known_on=PAID, today=PAID
    )
    repayment_decided(case, kalle, hilkka)
    paid_back(case, kalle, hilkka, 500_00, "2025-04-02")
    interest = case.entries.get(kind="interest").amount_cents
    assert interest > 0
    assert lines("euros", 2025)[TOWNS] == {"recovered_cents": 500_00, "interest_cents": interest}
    assert "recovered_cents" not in lines("euros")[TOWNS]


def test_a_returned_payment_was_paid_and_returned(world):
    back = entry("KKD2024-1-1", "3383.20", side="CRDT", returned="AC04", reference="R2")
    read(booked(back))
    euros = lines("euros")[TOWNS]
    assert (euros["paid_cents"], euros["returned_cents"]) == (3383_20, 3383_20)


def test_the_page_and_the_workbook_say_the_same(world, kalle):
    client = signed_in(kalle)
    page = client.get(f"{PAGE}?year=2024").content.decode()
    for said in ("3\N{NO-BREAK SPACE}521,20", "Ei ensimmäinen kotikunta.", "<svg"):
        assert said in page
    book = workbook(client.get(f"{PAGE}2024.xlsx").content)
    assert [sheet.title for sheet in book.worksheets][:3] == [
        "Hakemukset kierroksittain", "Henkilöt kierroksittain", "Eurot kierroksittain"
    ]  # fmt: skip
    assert [row[4] for row in book["Eurot kierroksittain"].iter_rows(values_only=True)][
        -1
    ] == 3521.2
    assert AuditEvent.objects.get(verb="exported").case_ref == "report-2024"


@pytest.mark.parametrize("address", ["1999.xlsx", "1999/public.xlsx"])
def test_a_year_that_cannot_be_reported_is_not_there(kalle, address):
    assert signed_in(kalle).get(PAGE + address).status_code == 404


def test_a_page_costs_the_same_whatever_is_in_the_year(world, django_assert_num_queries):
    with django_assert_num_queries(7):
        report_of(figures_of(2024))


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client
