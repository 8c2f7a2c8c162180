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
from payments.recovery.models import CaseStatus
from payments.recovery.services.handing import support_recover
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
