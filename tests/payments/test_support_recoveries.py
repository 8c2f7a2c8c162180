"""Supports that were paid are handed over to recovery under the State Grants Act (P-07)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from grants.review.errors import ReviewRefused
from payments.bank.selectors import ledger
from payments.models import RecoveryCase
from payments.recovery.errors import RecoveryRefused
from payments.recovery.models import CaseStatus
from payments.recovery.services.deciding import step_approve
from payments.recovery.services.handing import support_recover
from payments.recovery.services.hearing import repayment_begin, repayment_leave
from payments.recovery.services.proposing import repay_propose
from tests.factories import municipality
from tests.grants.decisions import decided, family, kirsi, taken
from tests.payments.bank import AT, booked, entry, open_accounts, read, sent

pytestmark = pytest.mark.django_db
PAID, TODAY = date(2024, 11, 20), date(2024, 12, 2)


def paid():
    """An application of Lahti that was paid 3 383.20."""
    open_accounts([municipality("398")])
    application = decided(taken(family(1, 1))).application
    sent()
    read(booked(entry("KKD2024-1-1", "3383.20")))
    return application


def handed(application, cents: int, *, known_on: date = PAID) -> RecoveryCase:
    given = {"by": kirsi(), "at": AT, "today": TODAY, "known_on": known_on}
    return support_recover(application.pk, cents=cents, **given)


def test_a_recovery_is_opened_with_its_time_to_decide():
    application = paid()
    case = handed(application, 782_00)
    assert (case.regime, case.status, case.paid_on) == ("supplement", CaseStatus.REPAY, PAID)
    assert (case.decide_by, case.claimed_cents) == (date(2026, 12, 31), 782_00)
    assert application.steps.latest("pk").deed == "recovered"
    assert all(proof.difference == 0 for proof in ledger.proofs())


def test_the_payee_is_heard_and_repays(kalle, hilkka):
    case = handed(paid(), 782_00)
    asked = {
        "question": "Yksi henkilö oli muuttanut pois.",
        "answer_by": TODAY + timedelta(days=14),
    }
    repayment_begin(case.pk, by=kalle, today=TODAY, **asked)
    later = AT + timedelta(days=60)
    due = date(2025, 3, 3)
    step = repay_propose(case.pk, by=kalle, reason="Väärin perustein.", due_on=due, at=later)
    step_approve(step.pk, by=hilkka, at=later)
    case.refresh_from_db()
    assert (case.status, case.due_on) == (CaseStatus.DECIDED, due)


def test_the_payee_is_asked_once(kalle):
    case, until = handed(paid(), 782_00), TODAY + timedelta(days=14)
    repayment_begin(case.pk, by=kalle, question="Miksi ei?", answer_by=until, today=TODAY)
    with pytest.raises(RecoveryRefused, match="jo kysytty"):
        repayment_begin(case.pk, by=kalle, question="Miksi ei?", answer_by=until, today=TODAY)


def test_months_are_never_set_off_against_a_support(kalle):
    with pytest.raises(RecoveryRefused, match="ei kuitata"):
        repayment_leave(handed(paid(), 782_00).pk, by=kalle)


@pytest.mark.parametrize("cents", [3383_21, 0])
def test_no_more_than_was_paid(cents):
    with pytest.raises(ReviewRefused):
        handed(paid(), cents)


def test_what_was_handed_over_is_not_handed_over_again():
    application = paid()
    handed(application, 3000_00)
    with pytest.raises(ReviewRefused, match="383,20"):
        handed(application, 383_21)
    assert handed(application, 383_20).claimed_cents == 383_20


@pytest.mark.parametrize("known_on", [PAID - timedelta(days=1), TODAY + timedelta(days=1)])
def test_the_fact_became_known_after_the_payment(known_on):
    with pytest.raises(ReviewRefused):
        handed(paid(), 1_00, known_on=known_on)


def test_a_reviewer_opens_it_from_the_workbench(kalle):
    application, client = paid(), Client()
    client.force_login(kalle)
    shown = client.get(reverse("support_detail", args=[application.pk])).content.decode()
    where = reverse("support_recover", args=[application.pk])
    assert where in shown
    data = {"amount": "782,00", "known_on": timezone.localdate().isoformat()}
    response = client.post(where, data)
    assert response["Location"] == reverse("recovery_detail", args=[RecoveryCase.objects.get().pk])
    assert client.get(response["Location"]).status_code == 200
