"""A sum below zero opens a recovery, and later months are set off against it (C-34, § 71)."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import override

from config.lib.months import Month
from payments.bank.models import PaymentOrder
from payments.bank.selectors import ledger
from payments.bank.selectors.batches import waiting
from payments.decisions import letter, specification
from payments.models import RecoveryCase, RecoveryEntry
from tests.documents import said
from tests.factories import municipality
from tests.payments.bank import TODAY, draw_up, open_accounts, payees_of
from tests.payments.recoveries import approved_month, arrives, case_of, left_lahti
from tests.payments.runs import AT, settle

pytestmark = pytest.mark.django_db

JANUARY, FEBRUARY, MARCH = Month(2025, 1), Month(2025, 2), Month(2025, 3)


def lahtis(run):
    return run.proposals.get(payee__code="398", payee__kind="municipality")


def entries(case) -> list[tuple[str, int]]:
    return list(case.entries.values_list("kind", "amount_cents"))


def proofs_hold() -> bool:
    return not any(proof.difference for proof in ledger.proofs())


def test_a_sum_below_zero_opens_a_recovery():
    """C-34: to be decided by the end of the fifth calendar year after the earliest month."""
    run = left_lahti()
    case, proposal = case_of(), lahtis(run)
    assert entries(case) == [("claimed", proposal.recovery_cents)]
    assert (case.proposal, case.status) == (proposal, "set_off")
    assert (case.concerns_from, case.decide_by) == (date(2024, 11, 1), date(2029, 12, 31))
    assert proofs_hold()


def test_a_later_month_is_set_off_and_the_rest_ordered():
    left_lahti()
    arrives("B")
    proposal = lahtis(settle("2025-02"))
    case = case_of()
    assert (entries(case)[1:], case.status) == ([("set_off", -32584)], "closed")
    open_accounts(payees_of("2025-02"))
    draw_up(FEBRUARY, today=TODAY)
    assert PaymentOrder.objects.get(proposal=proposal).amount_cents == 81608 - 32584
    assert proofs_hold()


def test_a_month_that_is_set_off_whole_pays_nothing_and_the_rest_waits():
    lahti = municipality("398")
    approved_month(JANUARY, {lahti: -500})
    approved_month(FEBRUARY, {lahti: 200})
    case = case_of()
    assert (entries(case)[1:], case.status) == ([("set_off", -200)], "set_off")
    assert waiting(TODAY).held == 0, "nothing of the month is left to pay"
    (account,) = ledger.payee_accounts()
    assert (account.set_off, account.open, account.to_recover) == (200, 0, 300)


def test_the_recovery_that_runs_out_first_is_set_off_first():
    lahti = municipality("398")
    approved_month(JANUARY, {lahti: -100})
    approved_month(FEBRUARY, {lahti: -100})
    approved_month(MARCH, {lahti: 150})
    first, second = RecoveryCase.objects.order_by("pk")
    assert (entries(first)[1:], entries(second)[1:]) == ([("set_off", -100)], [("set_off", -50)])


def test_a_successor_s_months_are_set_off_against_its_predecessor_s_recovery():
    """C-33: money moves to and from the payee's successor on the run month's first day."""
    merged, into = municipality("588"), municipality("507")
    approved_month(Month(2024, 12), {merged: -100})
    run = approved_month(JANUARY, {into: 300})
    assert entries(case_of("588"))[1:] == [("set_off", -100)]
    assert run.proposals.get().set_offs.get().amount_cents == -100


@pytest.mark.parametrize(
    ("status", "decide_by"), [("repay", "2029-12-31"), ("set_off", "2025-02-02")]
)
def test_what_is_to_be_repaid_or_past_its_time_is_not_set_off(status, decide_by):
    lahti = municipality("398")
    run = approved_month(JANUARY, {lahti: -100})
    assert lahtis(run).recovery.decide_by == date(2029, 12, 31)
    if status == "repay":
        RecoveryCase.objects.update(status=status)
        approved_month(FEBRUARY, {lahti: 300})
    else:
        approved_month(FEBRUARY, {lahti: 300}, at=AT.replace(year=2030))
    assert len(entries(case_of())) == 1


def test_the_decision_tells_what_is_set_off_and_what_is_paid():
    left_lahti()
    arrives("B")
    decided = lahtis(settle("2025-02")).decided
    with override("en"):
        letter_text = said(letter.pdf(decided.decision, AT))
        table = specification.tables(decided)[2]
    assert "Of it, 325,84 € is set off against" in letter_text.replace("\u00a0", " ")
    assert "pays the remaining 490,24 €" in letter_text.replace("\u00a0", " ")
    assert table.rows[0][0] == f"Recovery {case_of().pk}"


def test_the_ledger_shows_it(client, kalle):
    approved_month(JANUARY, {municipality("398"): -500})
    approved_month(FEBRUARY, {municipality("398"): 200})
    client.force_login(kalle)
    page = client.get(reverse("payment_ledger")).content.decode().replace("\u00a0", " ")
    assert "2,00 €" in page and "3,00 €" in page
    client.get(reverse("payment_payee", args=["municipality", "398"]))


@pytest.mark.parametrize(
    ("kind", "cents", "why"),
    [
        ("set_off", -201, "no more than it comes to"),
        ("paid", -501, "has 500 open"),
        ("interest", 1, "no interest before"),
        ("claimed", 400, "claims 500"),
    ],
)
def test_the_database_refuses_too_much(kind, cents, why):
    lahti = municipality("398")
    earlier = lahtis(approved_month(JANUARY, {lahti: 200}))
    approved_month(FEBRUARY, {lahti: -500})
    month = earlier if kind == "set_off" else None
    with pytest.raises(IntegrityError, match=why), transaction.atomic():
        RecoveryEntry.objects.create(
            case=case_of(), kind=kind, amount_cents=cents, day=date(2025, 3, 1), proposal=month
        )


def test_the_database_keeps_entries_and_cases():
    approved_month(JANUARY, {municipality("398"): -500})
    for change in (
        lambda: RecoveryEntry.objects.update(amount_cents=1),
        lambda: RecoveryEntry.objects.all()._raw_delete("default"),
        lambda: RecoveryCase.objects.update(claimed_cents=1),
        lambda: RecoveryCase.objects.update(status="closed"),
        lambda: RecoveryCase.objects.all()._raw_delete("default"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_the_database_refuses_an_order_of_what_is_set_off():
    lahti = municipality("398")
    approved_month(JANUARY, {lahti: -50})
    proposal = lahtis(approved_month(FEBRUARY, {lahti: 200}))
    for cents in (200, 151):
        with pytest.raises(IntegrityError, match="less what is set off"), transaction.atomic():
            PaymentOrder.objects.create(
                proposal=proposal, payee=lahti, amount_cents=cents, reference="RF", created_at=AT
            )


def test_what_is_ordered_is_not_set_off_any_more():
    lahti = municipality("398")
    ordered = lahtis(approved_month(JANUARY, {lahti: 200}))
    PaymentOrder.objects.create(
        proposal=ordered, payee=lahti, amount_cents=200, reference="RF", created_at=AT
    )
    approved_month(FEBRUARY, {lahti: -500})
    with pytest.raises(IntegrityError, match="has been ordered"), transaction.atomic():
        RecoveryEntry.objects.create(
            case=case_of(), kind="set_off", amount_cents=-1, day=TODAY, proposal=ordered
        )
