"""The pages of recoveries: the work list, the workbench, the payee's own page."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from config.lib.months import Month
from payments.bank.banking_days import on_banking_day
from payments.models import RecoveryCase, RecoveryHearing
from payments.recovery.selectors.cases import case_page, closed_page, open_rows, waiting
from payments.recovery.selectors.debts import balance
from registry.models import Decision
from tests.factories import municipality
from tests.payments.recoveries import approved_month, case_of, supplement_case

pytestmark = pytest.mark.django_db


@pytest.fixture
def case() -> RecoveryCase:
    """Lahti has 10 000,00 € to give back of 1/2025."""
    approved_month(Month(2025, 1), {municipality("398"): -1_000_000})
    return case_of()


def browser(user, language: str = "en") -> Client:
    client = Client()
    client.force_login(user)
    client.cookies["django_language"] = language
    return client


def said(user, name: str, case: RecoveryCase, *args: object, **posted: object) -> str:
    """The page that follows what somebody posts."""
    where = reverse(name, args=[case.pk, *args])
    return browser(user).post(where, posted, follow=True).content.decode()


def look(user, case: RecoveryCase) -> str:
    return browser(user).get(reverse("recovery_detail", args=[case.pk])).content.decode()


def heard(case: RecoveryCase, kalle, anna) -> None:
    said(
        kalle, "recovery_hear", case,
        **{"hearing-question": "Miksi?", "hearing-answer_by": timezone.localdate() + timedelta(14)},
    )  # fmt: skip
    said(anna, "recovery_answer", case, **{"answer-answer": "Emme hyväksy."})


def test_from_hearing_to_decision_as_three_people(case, anna, kalle, hilkka):
    heard(case, kalle, anna)
    assert "Emme hyväksy." in look(kalle, case)
    due = on_banking_day(timezone.localdate() + timedelta(30))
    said(
        kalle, "recovery_propose", case, "repay",
        **{"repay-due_on": due, "repay-reason": "Muutti pois."},
    )  # fmt: skip
    page = said(hilkka, "recovery_approve", case, step=case.steps.get().pk)
    assert "It is approved and entered." in page
    case.refresh_from_db()
    assert (case.status, case.due_on) == ("decided", due)
    own = look(anna, case)
    assert Decision.objects.get().number in own and "Kalle" not in own


def test_the_payee_fetches_its_decision(case, anna, kalle, hilkka):
    said(kalle, "recovery_propose", case, "waive",
         **{"waive-amount": "10000.00", "waive-reason": "Kohtuutonta."})  # fmt: skip
    said(hilkka, "recovery_approve", case)
    decision = Decision.objects.get()
    fetched = browser(anna).post(
        reverse("decision_fetch", args=[decision.pk]), {"language": "sv"}, follow=True
    )
    assert f"KEHA-{decision.serial}-{decision.year}-decision-sv.pdf" in fetched.content.decode()
    assert "Recovery" in browser(anna).get(reverse("decision_list")).content.decode()


def test_amounts_are_written_as_in_finland(case, kalle):
    browser(kalle, "fi").post(
        reverse("recovery_propose", args=[case.pk, "payment"]),
        {"payment-amount": "12,50", "payment-paid_on": "2025-03-01", "payment-source": "T1"},
    )
    assert case.steps.get().amount_cents == 1_250


def test_what_is_wrong_is_said_beside_the_field(case, kalle):
    page = said(kalle, "recovery_propose", case, "waive", **{"waive-amount": "-1"})
    assert "govuk-error-message" in page and not case.steps.exists()


@pytest.mark.parametrize("kind", ["nothing", "repay"])
def test_a_step_that_is_not_there_is_not_taken(case, kalle, kind):
    where = reverse("recovery_propose", args=[case.pk, kind])
    posted = {"repay-due_on": "2031-01-01", "repay-reason": "x"}
    assert browser(kalle).post(where, posted).status_code in (302, 404)
    assert not case.steps.exists()


def test_what_two_browsers_approve_is_done_once(case, kalle, hilkka):
    said(kalle, "recovery_propose", case, "waive",
         **{"waive-amount": "100.00", "waive-reason": "Pieni."})  # fmt: skip
    step = case.steps.get().pk
    said(hilkka, "recovery_approve", case, step=step)
    assert "already approved" in said(hilkka, "recovery_approve", case, step=step)
    assert balance(case) == 990_000


def test_a_refused_proposal_tells_why(case, kalle, hilkka):
    said(kalle, "recovery_propose", case, "waive",
         **{"waive-amount": "100.00", "waive-reason": "Pieni."})  # fmt: skip
    said(hilkka, "recovery_refuse", case, **{"refusal-reason": "Perustelematta."})
    assert "Perustelematta." in look(kalle, case)


def test_a_mistake_is_reversed_on_its_page(case, kalle, hilkka):
    said(kalle, "recovery_propose", case, "waive",
         **{"waive-amount": "100.00", "waive-reason": "Pieni."})  # fmt: skip
    said(hilkka, "recovery_approve", case)
    entry = case.entries.get(kind="waived")
    said(kalle, "recovery_propose", case, "reverse",
         **{"reverse-entry": entry.pk, "reverse-reason": "Väärä asia."})  # fmt: skip
    said(hilkka, "recovery_approve", case)
    assert balance(case) == 1_000_000


def test_the_start_page_tells_what_waits(case, anna, kalle):
    heard_by = timezone.localdate() + timedelta(14)
    said(kalle, "recovery_hear", case,
         **{"hearing-question": "Miksi?", "hearing-answer_by": heard_by})  # fmt: skip
    assert "you are asked before it is decided" in browser(anna).get("/").content.decode()
    said(anna, "recovery_answer", case, **{"answer-answer": "Ei."})
    assert "1 payee has been heard" in browser(kalle).get("/").content.decode()


def test_cases_near_their_limit_are_warned_of(case):
    last = case.decide_by
    near, far = last - timedelta(365), last - timedelta(366)
    assert (waiting(near).warned, waiting(far).warned) == (1, 0)
    assert (case.is_warned(near), case.is_past(last), case.is_past(last + timedelta(1))) == (
        True, False, True,
    )  # fmt: skip


def test_little_of_a_supplement_may_be_left(kalle):
    case = supplement_case(municipality("398"), 9_000)
    assert "may be left unrecovered" in look(kalle, case)


def test_the_payee_s_month_tells_what_was_set_off(case, anna):
    approved_month(Month(2025, 2), {municipality("398"): 300_000})
    pages = [
        browser(anna).get(reverse("compensation_month", args=["municipality", "398", month]))
        for month in (Month(2025, 1), Month(2025, 2))
    ]
    first, second = (page.content.decode().replace("\u00a0", " ") for page in pages)
    assert f"Recovery {case.pk}: 10 000,00 € of this month is recovered" in first
    assert f"Set off: Recovery {case.pk}" in second


def test_closed_cases_are_listed_below_some_at_a_time(case, kalle):
    approved_month(Month(2025, 2), {municipality("398"): 1_000_000})
    where = reverse("recovery_list")
    assert "Closed, latest first" in browser(kalle).get(where).content.decode()
    assert not closed_page(RecoveryCase.objects.all(), case.pk, timezone.localdate()).rows
    assert browser(kalle).get(where, {"after": case.pk}).status_code == 200


def test_pages_cost_a_fixed_number_of_queries(case):
    for town in ("853", "091"):
        supplement_case(municipality(town))
    with CaptureQueriesContext(connection) as listed:
        open_rows(RecoveryCase.objects.all(), timezone.localdate())
    with CaptureQueriesContext(connection) as opened:
        page = case_page(
            RecoveryCase.objects.select_related("payee").get(pk=case.pk), case.decide_by
        )
        assert page.over_paid == 0
    assert (len(listed), len(opened)) == (3, 6)
    assert not RecoveryHearing.objects.exists()
