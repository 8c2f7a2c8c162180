"""What two people do with a recovery: heard, decided, paid back, waived, reversed (P-01, P-07)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils.translation import override

from config.lib.months import Month
from payments.decisions import recovery_letter
from payments.models import RecoveryCase, RecoveryEntry, RecoveryStep
from payments.recovery.errors import RecoveryRefused
from payments.recovery.selectors.cases import case_page
from payments.recovery.selectors.debts import balance, case_debt
from payments.recovery.services import deciding, hearing, proposing
from registry.models import User
from tests.documents import faults, said
from tests.factories import MembershipFactory, StaffRoleFactory, municipality
from tests.payments.recoveries import approved_month, case_of

pytestmark = pytest.mark.django_db

JANUARY, FEBRUARY = Month(2025, 1), Month(2025, 2)
ASKED, ANSWER_BY = date(2025, 2, 10), date(2025, 2, 24)
DECIDED = datetime(2025, 3, 3, 9, 0, tzinfo=UTC)
DUE = date(2025, 4, 2)
CLAIMED = 1_000_000


@pytest.fixture
def case() -> RecoveryCase:
    """Lahti has 10 000,00 € to give back of 1/2025."""
    approved_month(JANUARY, {municipality("398"): -CLAIMED})
    return case_of()


def asked(case, kalle):
    return hearing.repayment_begin(
        case.pk, by=kalle, question="Miksi?", answer_by=ANSWER_BY, today=ASKED
    )


def decided(case, kalle, hilkka) -> RecoveryStep:
    asked(case, kalle)
    step = proposing.repay_propose(case.pk, by=kalle, due_on=DUE, reason="Muutti.", at=DECIDED)
    step = deciding.step_approve(step.pk, by=hilkka, at=DECIDED)
    case.refresh_from_db()
    return step


def at(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T10:00:00+00:00")


def paid(case, kalle, hilkka, cents, day) -> RecoveryStep:
    step = proposing.payment_propose(
        case.pk, by=kalle, cents=cents, paid_on=date.fromisoformat(day), source="R1", at=at(day)
    )
    step = deciding.step_approve(step.pk, by=hilkka, at=at(day))
    case.refresh_from_db()
    return step


def entries(case) -> list[tuple[str, int]]:
    return list(case.entries.order_by("pk").values_list("kind", "amount_cents"))[1:]


def test_a_payee_is_heard_then_two_people_decide(case, anna, kalle, hilkka):
    asked(case, kalle)
    hearing.hearing_answer(case.pk, by=anna, answer="Emme hyväksy.", today=ASKED)
    step = proposing.repay_propose(case.pk, by=kalle, due_on=DUE, reason="Muutti.", at=DECIDED)
    step = deciding.step_approve(step.pk, by=hilkka, at=DECIDED)
    case.refresh_from_db()
    assert (case.status, case.due_on, step.decision.amount_cents) == ("decided", DUE, CLAIMED)
    assert (step.decision.presenter, step.decision.approver) == (kalle, hilkka)


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_the_letter_tells_what_to_repay_and_how(case, anna, kalle, hilkka, language):
    asked(case, kalle)
    hearing.hearing_answer(case.pk, by=anna, answer="Emme hyväksy.", today=ASKED)
    step = proposing.repay_propose(case.pk, by=kalle, due_on=DUE, reason="Muutti.", at=DECIDED)
    decision = deciding.step_approve(step.pk, by=hilkka, at=DECIDED).decision
    with override(language):
        letter = recovery_letter.pdf(decision, DECIDED)
    text = said(letter).replace("\u00a0", " ")
    assert all(part in text for part in ("10 000,00 €", "2.4.2025", "Emme hyväksy.", "71 §"))
    assert not faults(letter)


def test_what_is_to_be_repaid_is_not_set_off(case, kalle):
    asked(case, kalle)
    approved_month(FEBRUARY, {municipality("398"): 500})
    assert entries(case) == []
    hearing.repayment_leave(case.pk, by=kalle)
    approved_month(Month(2025, 3), {municipality("398"): 500})
    assert entries(case) == [("set_off", -500)]


def test_a_payment_in_time_closes_the_case(case, kalle, hilkka):
    decided(case, kalle, hilkka)
    paid(case, kalle, hilkka, CLAIMED, "2025-04-02")
    assert (case.status, entries(case)) == ("closed", [("paid", -CLAIMED)])


def test_a_late_payment_pays_interest_too_and_leaves_the_rest_open(case, kalle, hilkka):
    """30 days at 10,5 % of 365 on 10 000 €: 86,30 €."""
    decided(case, kalle, hilkka)
    paid(case, kalle, hilkka, CLAIMED, "2025-05-02")
    assert entries(case) == [("interest", 8_630), ("paid", -CLAIMED)]
    assert (case.status, balance(case)) == ("decided", 8_630)
    assert case_debt(case, date(2025, 5, 2)).total == 8_630
    paid(case, kalle, hilkka, 8_630, "2025-05-02")
    assert case.status == "closed"


def test_what_is_paid_too_much_is_shown_not_lost(case, kalle, hilkka):
    decided(case, kalle, hilkka)
    paid(case, kalle, hilkka, CLAIMED + 250, "2025-03-20")
    assert (case.status, case_page(case, DUE).over_paid) == ("closed", 250)
    paid(case, kalle, hilkka, 100, "2025-03-25")
    assert (balance(case), case_page(case, DUE).over_paid) == (0, 350)


def test_a_payment_waits_for_a_rate_that_is_missing(case, kalle, hilkka):
    decided(case, kalle, hilkka)
    with pytest.raises(RecoveryRefused, match=r"1\.7\.2025"):
        paid(case, kalle, hilkka, CLAIMED, "2025-07-10")
    assert balance(case) == CLAIMED


def test_a_waiver_has_its_reason_and_its_letter(case, kalle, hilkka):
    step = proposing.waive_propose(
        case.pk, by=kalle, cents=CLAIMED, reason="Kohtuutonta.", at=DECIDED
    )
    decision = deciding.step_approve(step.pk, by=hilkka, at=DECIDED).decision
    case.refresh_from_db()
    assert (case.status, entries(case)) == ("closed", [("waived", -CLAIMED)])
    with override("fi"):
        assert "Kohtuutonta." in said(recovery_letter.pdf(decision, DECIDED))


def test_a_mistake_is_reversed_by_another_entry(case, kalle, hilkka):
    decided(case, kalle, hilkka)
    entry = paid(case, kalle, hilkka, CLAIMED, "2025-03-20").entries.get()
    step = proposing.reversal_propose(
        case.pk, by=kalle, entry_id=entry.pk, reason="Toisen maksu.", at=DECIDED
    )
    deciding.step_approve(step.pk, by=hilkka, at=DECIDED)
    case.refresh_from_db()
    assert entries(case) == [("paid", -CLAIMED), ("reversed", CLAIMED)]
    assert (case.status, balance(case)) == ("decided", CLAIMED)
    with pytest.raises(RecoveryRefused):
        proposing.reversal_propose(case.pk, by=kalle, entry_id=entry.pk, reason="Taas.", at=DECIDED)


def test_what_was_refused_changes_nothing(case, kalle, hilkka):
    step = proposing.waive_propose(case.pk, by=kalle, cents=1, reason="Pieni.", at=DECIDED)
    deciding.step_refuse(step.pk, by=hilkka, reason="Ei.", at=DECIDED)
    with pytest.raises(RecoveryRefused):
        deciding.step_approve(step.pk, by=hilkka, at=DECIDED)
    assert balance(case) == CLAIMED


def test_who_proposed_anything_in_the_case_approves_nothing_in_it(case, kalle, hilkka):
    """P-01, in the service and in the database."""
    StaffRoleFactory(user=hilkka, role="reviewer")
    first = proposing.waive_propose(case.pk, by=hilkka, cents=1, reason="Pieni.", at=DECIDED)
    deciding.step_refuse(first.pk, by=kalle, reason="Ei.", at=DECIDED)
    second = proposing.payment_propose(
        case.pk, by=kalle, cents=1, paid_on=ASKED, source="R1", at=DECIDED
    )
    with pytest.raises(RecoveryRefused, match="P-01"):
        deciding.step_approve(second.pk, by=hilkka, at=DECIDED)
    with pytest.raises(IntegrityError, match="P-01"), transaction.atomic():
        RecoveryStep.objects.filter(pk=second.pk).update(
            status="approved", decided_by=hilkka, decided_at=DECIDED
        )


def test_nobody_handles_their_own_organisation_s_case(case, kalle):
    MembershipFactory(user=kalle, organisation=municipality("398"))
    with pytest.raises(RecoveryRefused, match="P-01"):
        asked(case, User.objects.get(pk=kalle.pk))


@pytest.mark.parametrize(
    ("today", "why"), [(ANSWER_BY, "may still answer"), (date(2031, 1, 1), "time to decide")]
)
def test_it_is_decided_after_the_hearing_and_in_time(case, kalle, today, why):
    """P-07: by the end of the fifth calendar year, 2029 of 12/2024."""
    asked(case, kalle)
    with override("en"), pytest.raises(RecoveryRefused, match=why):
        proposing.repay_propose(
            case.pk, by=kalle, due_on=today + timedelta(days=30), reason="x", at=at(str(today))
        )


def test_two_clicks_are_one_step(case, kalle, hilkka):
    step = proposing.waive_propose(case.pk, by=kalle, cents=10, reason="Pieni.", at=DECIDED)
    with pytest.raises(RecoveryRefused):
        proposing.waive_propose(case.pk, by=kalle, cents=10, reason="Pieni.", at=DECIDED)
    deciding.step_approve(step.pk, by=hilkka, at=DECIDED)
    with pytest.raises(RecoveryRefused):
        deciding.step_approve(step.pk, by=hilkka, at=DECIDED)
    assert entries(case) == [("waived", -10)]


def test_the_database_asks_for_two_people_and_a_hearing(case, kalle):
    for change in (
        lambda: RecoveryEntry.objects.create(case=case, kind="paid", amount_cents=-1, day=DUE),
        lambda: RecoveryCase.objects.update(status="repay", due_on=DUE),
        lambda: RecoveryStep.objects.create(
            case=case, kind="waive", amount_cents=1, day=DUE, reason="x", status="approved",
            proposed_by=kalle, proposed_at=DECIDED, decided_by=kalle, decided_at=DECIDED,
        ),
    ):  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_answers_come_from_the_payee_once_and_in_time(case, anna, kalle):
    asked(case, kalle)
    with pytest.raises(RecoveryRefused):
        hearing.hearing_answer(case.pk, by=anna, answer="x", today=ANSWER_BY + timedelta(days=1))
    hearing.hearing_answer(case.pk, by=anna, answer="x", today=ANSWER_BY)
    with pytest.raises(RecoveryRefused):
        hearing.hearing_answer(case.pk, by=anna, answer="y", today=ANSWER_BY)
