"""The retention preview: what would go on a day, what is held, and that nothing goes (P-14)."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from payments.models import ClaimableEntry, Line, ManualDraft, RecoveryCase, Run
from payments.retention.selectors import retention_preview, years_earlier
from payments.runs import services
from tests.factories import municipality, resident
from tests.payments.recoveries import arrives, left_lahti
from tests.payments.runs import compute, settle

APPROVED = datetime(2026, 1, 2, 9, 0, tzinfo=UTC)
PAGE = "/retention/"


@pytest.fixture
def person(db):
    return resident(lives_in="398")


@pytest.fixture
def run(person, kalle, hilkka):
    run = compute("2025-01")
    services.run_check_and_approve(run.pk, checker=kalle, approver=hilkka, at=APPROVED)
    return run


def may_be_claimed(person, last: date) -> ClaimableEntry:
    """An entry that a later run opened, for an approved run's own are kept as they are."""
    return ClaimableEntry.objects.create(
        person=person,
        benefit_month=date(2024, 12, 1),
        payee=municipality("398"),
        component="base",
        amount_cents=1,
        last_day_to_apply=last,
        opened_by=compute("2025-02"),
    )


def test_rows_end_ten_years_after_the_approval(run):
    """P-14."""
    for day, runs in ((date(2036, 1, 2), 0), (date(2036, 1, 3), 1)):
        assert len(retention_preview(day).runs) == runs


def test_what_ends_is_counted_by_class(run):
    endings = retention_preview(date(2037, 1, 1)).endings
    lines = Line.objects.filter(run=run).count()
    assert [ending.destroyed for ending in endings] == [1, lines, 0, 0] and lines > 0


def test_nothing_has_ended_today(run):
    assert not any(ending.ended for ending in retention_preview(date(2026, 11, 24)).endings)


def test_an_open_claim_holds_the_persons_rows(run, person):
    may_be_claimed(person, last=date(2040, 12, 31))
    preview = retention_preview(date(2037, 1, 1))
    assert preview.persons_held == 1
    assert [ending.destroyed for ending in preview.endings] == [0, 0, 0, 0]


def test_an_open_recovery_holds_the_persons_whose_months_it_takes_back(db):
    left_lahti("A", "B")
    assert retention_preview(date(2037, 1, 1)).persons_held == 2
    arrives("C"), arrives("D"), settle("2025-02")
    assert not RecoveryCase.objects.open().exists()
    assert retention_preview(date(2037, 1, 1)).persons_held == 0


def test_a_claim_whose_time_has_ended_holds_nothing(run, person):
    may_be_claimed(person, last=date(2036, 12, 31))
    assert retention_preview(date(2037, 1, 1)).persons_held == 0


def test_a_draft_never_ends(person):
    compute("2025-01")
    assert retention_preview(date(2099, 1, 1)).runs == []


def test_ten_years_before_a_leap_day():
    assert years_earlier(date(2036, 2, 29)) == date(2026, 2, 28)


@pytest.fixture
def officer(client, tarja):
    client.force_login(tarja)
    client.cookies["django_language"] = "en"
    return client


def test_the_page_shows_the_day_and_destroys_nothing(officer, run):
    lines = Line.objects.count()
    page = officer.get(PAGE, {"day": "2037-01-01"}).content.decode()
    assert "Lines of the ledger" in page and "rows of runs approved before 1.1.2027" in page
    assert (Line.objects.count(), Run.objects.count()) == (lines, 1)


@pytest.mark.parametrize("day", ["", "soon", "2025-02-30"])
def test_a_day_that_is_none_is_told(officer, db, day):
    page = officer.get(PAGE, {"day": day})
    assert page.status_code == 200
    assert page.context["preview"] is None


@pytest.mark.parametrize("day", ["0005-01-01", "9999-12-31"])
def test_days_far_away_are_days_too(officer, db, day):
    assert officer.get(PAGE, {"day": day}).status_code == 200


def test_the_page_costs_a_fixed_number_of_queries(officer, run, django_assert_num_queries):
    with django_assert_num_queries(2 + 2 + 15):
        officer.get(PAGE, {"day": "2037-01-01"})


def test_lists_never_sent_end_after_twelve_months(run, anna):
    ManualDraft.objects.create(
        applicant=municipality("398"), sha256="0" * 64, made_by=anna, made_at=APPROVED
    )
    for day, ended in ((date(2027, 1, 2), 0), (date(2027, 1, 3), 1)):
        *_others, drafts = retention_preview(day).endings
        assert drafts.destroyed == ended
