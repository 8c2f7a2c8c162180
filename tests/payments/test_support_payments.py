"""Decisions on supports are paid by the same orders, batches and answers as runs (P-05)."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from grants.decisions.frames import frame_figures
from grants.models import BudgetFrame, SupportPayment
from payments.bank.errors import BatchRefused
from payments.bank.models import PaymentOrder
from payments.bank.selectors import batches, ledger
from payments.bank.services.ordering import orders_create
from payments.bank.services.reviewing import order_release
from tests.factories import municipality
from tests.grants.decisions import decided, family, proposed, status, taken
from tests.payments.bank import (
    AT,
    NOVEMBER,
    TODAY,
    booked,
    draw_up,
    entry,
    open_accounts,
    read,
    sent,
    user,
)

pytestmark = pytest.mark.django_db
LAHTI = "398"


def granted():
    """A support of 7 548.40 decided for Lahti, which has an account."""
    open_accounts([municipality(LAHTI)])
    return decided(taken(family(2, 3)))


def all_agree() -> bool:
    return all(proof.difference == 0 for proof in ledger.proofs())


def test_money_goes_from_a_decision_to_the_ledger():
    """P-05."""
    decision = granted()
    assert batches.waiting(TODAY).payable_cents == 754840
    batch = sent()
    (transfer,) = batch.transfers.all()
    assert (transfer.end_to_end_id, transfer.amount_cents) == ("KKD2024-1-1", 754840)
    assert transfer.order.text == "Laskennallisen korvauksen lisäosa, päätös KEHA/1/2024"
    read(booked(entry("KKD2024-1-1", "7548.40")))
    (account,) = ledger.payee_accounts()
    assert (account.booked, account.paid, account.open) == (754840, 754840, 0)
    assert all_agree()
    assert status(decision.application) == "paid"


def test_the_applicant_reads_what_became_of_its_money():
    steps = granted().application.steps
    reference = sent().transfers.get().order.reference_shown
    read(booked(entry("KKD2024-1-1", "7548.40")))
    told = steps.latest("pk").note
    assert told == f"7\N{NO-BREAK SPACE}548,40\N{NO-BREAK SPACE}€, 20.11.2024, viite {reference}"
    read(booked(entry("KKD2024-1-1", "7548.40", side="CRDT", returned="AC04", reference="R2")))
    assert "pankki ei ole maksanut sitä tilille" in steps.latest("pk").note


def test_it_is_ordered_once():
    granted()
    orders_create(NOVEMBER, at=AT)
    assert orders_create(NOVEMBER, at=AT) == 0
    order = PaymentOrder.objects.get()
    twice = PaymentOrder(payee=order.payee, support=order.support, amount_cents=754840,
                         reference="RF1", text="x", created_at=AT)  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        twice.save()


@pytest.mark.parametrize("wrong", [{"amount_cents": 1}, {"payee": "853"}, {"support": None}])
def test_the_database_refuses_an_order_that_is_not_the_decisions(wrong):
    right = {"payee": LAHTI, "support": granted(), "amount_cents": 754840} | wrong
    order = PaymentOrder(**right | {"payee": municipality(right["payee"])}, reference="RF1",
                         text="x", created_at=AT)  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        order.save()


def test_what_is_only_proposed_is_not_paid():
    proposed(taken(family(2, 3)))
    with pytest.raises(BatchRefused):
        draw_up()


def test_a_refusal_has_nothing_to_pay():
    open_accounts([municipality(LAHTI)])
    decided(taken(family(1, 0)), refused=[2])
    with pytest.raises(BatchRefused):
        draw_up()


def test_an_applicant_without_an_account_is_held_and_shown():
    decided(taken(family(2, 3)))
    (held,) = batches.held_list(TODAY)
    assert (held.payee.code, held.cents) == (LAHTI, 754840)
    assert batches.held_payees(TODAY) == 1
    with pytest.raises(BatchRefused):
        draw_up()


def test_what_the_bank_returns_is_paid_anew_after_a_look():
    decision = granted()
    (transfer,) = sent().transfers.all()
    read(booked(entry(transfer.end_to_end_id, "7548.40")))
    read(booked(entry(transfer.end_to_end_id, "7548.40", side="CRDT", returned="AC04",
                      reference="R2")))  # fmt: skip
    assert decision.application.steps.latest("pk").deed == "held"
    order_release(transfer.order_id, reviewer=user("kerttu"), note="Tili vaihtui.", at=AT)
    (again,) = sent().transfers.all()
    assert again.end_to_end_id == "KKD2024-1-2"
    assert all_agree()


def framed(decision) -> BudgetFrame:
    """The frame that the round of a decision charges."""
    frame = BudgetFrame.objects.create(programme_year=2099, allotted_eur=10_000, source="test")
    frame.rounds.add(decision.application.round)
    return frame


def figures(frame: BudgetFrame) -> tuple[int, int, int]:
    """Decided, paid and left."""
    told = frame_figures(frame)
    return told.committed, told.paid, told.left


def test_the_frame_tells_what_was_paid_and_what_came_back():
    """P-06: as often as the bank says it, and paid anew to another account."""
    frame = framed(granted())
    assert figures(frame) == (754840, 0, 245160)
    (transfer,) = sent().transfers.all()
    for reference in ("R1", "R2"):
        read(booked(entry("KKD2024-1-1", "7548.40", reference=reference)))
    assert figures(frame) == (754840, 754840, 245160)
    back = {"side": "CRDT", "returned": "AC04"}
    for reference in ("R3", "R4"):
        read(booked(entry("KKD2024-1-1", "7548.40", **back, reference=reference)))
    assert figures(frame) == (754840, 0, 245160)
    order_release(transfer.order_id, reviewer=user("kerttu"), note="Tili vaihtui.", at=AT)
    (again,) = sent().transfers.all()
    read(booked(entry(again.end_to_end_id, "7548.40", reference="R5")))
    assert figures(frame) == (754840, 754840, 245160)


def test_coordinators_read_it_beside_the_frame(client, tuula):
    framed(granted())
    sent()
    read(booked(entry("KKD2024-1-1", "7548.40")))
    client.force_login(tuula)
    shown = client.get("/admin/grants/budgetframe/").content.decode()
    assert shown.count("7\N{NO-BREAK SPACE}548,40\N{NO-BREAK SPACE}€") == 2
    assert "2\N{NO-BREAK SPACE}451,60\N{NO-BREAK SPACE}€" in shown


@pytest.mark.parametrize("wrong", [{"cents": -1}, {"cents": 754840}, {"cents": 0, "transfer": "X"}])
def test_the_database_keeps_what_was_paid(wrong):
    decision = granted()
    sent()
    read(booked(entry("KKD2024-1-1", "7548.40")))
    paid = SupportPayment.objects.get()
    given = {"application": decision.application, "transfer": paid.transfer, "day": paid.day}
    with pytest.raises(IntegrityError), transaction.atomic():
        SupportPayment.objects.create(**given | wrong)
    with pytest.raises(IntegrityError), transaction.atomic():
        SupportPayment.objects.update(cents=1)


def test_the_ledger_costs_a_fixed_number_of_queries(django_assert_num_queries):
    granted()
    sent()
    with django_assert_num_queries(2):
        ledger.payee_accounts()
    lahti = municipality(LAHTI)
    with django_assert_num_queries(2):
        ledger.payee_supports(lahti)
