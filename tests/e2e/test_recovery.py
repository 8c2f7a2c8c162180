"""A recovery in a browser: what is offered to whom, from the hearing to the waiver."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from config.lib.months import Month
from payments.bank.banking_days import on_banking_day
from payments.recovery.services import hearing, proposing
from tests.e2e.browsers import look, opened
from tests.factories import municipality
from tests.payments.recoveries import approved_month, case_of

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_every_state_of_a_recovery_is_accessible(
    browser, live_server, anna, kalle, hilkka, language
):
    approved_month(Month(2025, 1), {municipality("398"): -1_234_567})
    approved_month(Month(2025, 2), {municipality("398"): 234_567})
    case, today = case_of(), timezone.localdate()
    where = reverse("recovery_detail", args=[case.pk])

    def seen(user, name: str) -> None:
        with opened(browser, live_server.url, user=user, language=language) as page:
            look(page, where, f"recovery-{name}" if language == "fi" else "")

    seen(kalle, "set-off")
    hearing.repayment_begin(
        case.pk, by=kalle, question="Henkilö muutti.", answer_by=today + timedelta(14), today=today
    )
    seen(anna, "asked")
    hearing.hearing_answer(case.pk, by=anna, answer="Emme hyväksy.", today=today)
    seen(kalle, "heard")
    due = on_banking_day(today + timedelta(30))
    proposing.repay_propose(case.pk, by=kalle, due_on=due, reason="Aiheeton.", at=timezone.now())
    seen(hilkka, "proposed")
