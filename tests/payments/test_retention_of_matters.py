"""How long applications and manual cases are kept: from when, until when, what holds them (P-14)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from grants.applications.states import Deed
from grants.applications.steps import step_take
from grants.models import Application, RectificationClaim, SupportProposal
from payments.models import ManualProposal
from payments.recovery.services.handing import support_recover
from payments.retention.matters import Matter, matters_by_kind, matters_ended
from tests.factories import ApplicationFactory, municipality
from tests.grants.decisions import AT, decided, family, kirsi, taken
from tests.payments.bank import booked, entry, open_accounts, read, sent
from tests.payments.law import permit, person_rows, resident
from tests.payments.manual import allocate, apply, decide, match_all
from tests.payments.runs import deliver, settle

pytestmark = pytest.mark.django_db
DECIDED, PAID = date(2024, 5, 6), date(2024, 11, 20)


def ended(day: date) -> list[tuple[str, tuple[str, ...]]]:
    return [(one.what, one.holds) for one in matters_ended(day)]


def ends(what: str, last: date) -> None:
    """One matter of the kind is kept up to and including the last day."""
    assert ended(last) == []
    assert ended(last + timedelta(days=1)) == [(what, ())]


def paid() -> SupportProposal:
    open_accounts([municipality("398")])
    decision = decided(taken(family(1, 0)))
    sent()
    read(booked(entry("KKD2024-1-1", "2601.20")))
    return decision


def test_a_draft_is_kept_for_twelve_months_from_its_last_change():
    draft = ApplicationFactory.create()
    ends("draft", date(2025, 2, 20))
    Application.objects.filter(pk=draft.pk).update(saved_at=datetime(2024, 2, 29, 9, tzinfo=UTC))
    ends("draft", date(2025, 2, 28))


def test_a_discarded_draft_is_a_draft():
    draft = ApplicationFactory.create()
    step_take(draft, Deed.WITHDRAWN, by=draft.created_by, at=AT)
    ends("draft", date(2025, 2, 20))


def test_what_was_refused_is_kept_for_five_years_from_the_decision():
    decided(taken(family(1, 0)), refused=[2])
    ends("refused", date(2029, 5, 6))


def test_what_was_withdrawn_is_kept_as_long_as_what_was_refused():
    application = taken(family(1, 0))
    step_take(application, Deed.WITHDRAWN, by=application.created_by, at=AT)
    ends("void", date(2029, 5, 6))


def test_what_was_granted_is_kept_for_ten_years_from_its_last_payment():
    paid()
    ends("granted", date(2034, 11, 20))


def test_what_is_handled_or_not_paid_yet_has_no_end():
    taken(family(1, 0, mark="X"), applicant=municipality("853"))
    decided(taken(family(1, 0)))
    assert ended(date(2099, 1, 1)) == []


def test_an_open_claim_and_an_open_recovery_hold():
    decision = paid()
    RectificationClaim.objects.create(
        contested=decision, text="?", filed_by=decision.application.created_by, filed_at=AT
    )
    support_recover(
        decision.application_id, cents=1_00, by=kirsi(), at=AT, known_on=PAID, today=PAID
    )
    assert ended(date(2035, 1, 1)) == [("granted", ("claim", "recovery"))]
    counted = {one.what: one for one in matters_by_kind(matters_ended(date(2035, 1, 1)))}
    assert (counted[Matter.GRANTED].ended, counted[Matter.GRANTED].left) == (1, 0)


@pytest.fixture
def manual(anna, kalle, hilkka) -> ManualProposal:
    """Decided on 1/2025 of N, who has no identity code; settled by no run yet."""
    resident("A", moved_in="2024-02-10")
    deliver(
        person_rows("N", code="", homes=[], permits=[permit("87", "2024-02-10", applied="true")])
    )
    settle("2025-01")
    proposal = apply(anna, "N", months=("2025-01", "2025-01"))
    (case,) = match_all(proposal, kalle)
    allocate(case, "398", "2024-02-10", "2025-01-31", kalle)
    decide(proposal, by=kalle, approver=hilkka)
    return proposal


def test_a_manual_case_ends_ten_years_after_the_run_that_paid_it(manual):
    assert ended(date(2099, 1, 1)) == []
    run = settle("2025-02")
    ends("manual_granted", run.approved_at.date().replace(year=run.approved_at.year + 10))


def test_looking_costs_two_queries(django_assert_num_queries):
    with django_assert_num_queries(2):
        matters_ended(date(2040, 1, 1))
