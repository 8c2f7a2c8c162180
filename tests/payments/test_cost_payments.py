"""Accepted claims of costs are paid by the same orders, batches and answers; the grant is not (P-05)."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from grants.costs.models import CostClaim
from grants.costs.services.closing import grant_close
from grants.decisions.frames import frame_figures
from grants.models import Application, BudgetFrame
from grants.review.errors import ReviewRefused
from payments.bank.errors import BatchRefused
from payments.bank.models import PaymentOrder
from payments.bank.selectors import batches, ledger
from payments.bank.services.ordering import orders_create
from payments.recovery.services.handing import support_recover
from payments.retention.matters import matters_ended
from tests.factories import municipality
from tests.grants.costs import AT as CLAIMED_AT
from tests.grants.costs import claimed, cost_decided, cost_proposed, grant
from tests.grants.decisions import kirsi, status
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
)
from tests.payments.test_reports import lines

pytestmark = pytest.mark.django_db


@pytest.fixture
def claim() -> CostClaim:
    """Costs of 2 000.00 accepted of 3 000.00 for Lahti, which has an account."""
    open_accounts([municipality("398")])
    return cost_decided(claimed(grant()), 2_000_00, "Tosite puuttuu.")


def end_to_end_id(claim: CostClaim) -> str:
    return f"KKD{claim.decision.year}-{claim.decision.serial}-1"


def pay(claim: CostClaim) -> None:
    sent()
    read(booked(entry(end_to_end_id(claim), "2000.00")))
    claim.refresh_from_db()


def all_agree() -> bool:
    return all(proof.difference == 0 for proof in ledger.proofs())


def test_money_goes_from_an_accepted_claim_to_the_ledger(claim):
    assert batches.waiting(TODAY).payable_cents == 2_000_00
    batch = sent()
    (transfer,) = batch.transfers.all()
    assert (transfer.end_to_end_id, transfer.amount_cents) == (end_to_end_id(claim), 2_000_00)
    assert claim.decision.number in transfer.order.text
    read(booked(entry(end_to_end_id(claim), "2000.00")))
    (account,) = ledger.payee_accounts()
    assert (account.booked, account.paid, account.open) == (2_000_00, 2_000_00, 0)
    assert all_agree()
    claim.refresh_from_db()
    assert (claim.status, status(claim.application)) == ("paid", "paid")


def test_it_is_ordered_once(claim):
    assert orders_create(NOVEMBER, at=AT) == 1
    assert orders_create(NOVEMBER, at=AT) == 0
    assert PaymentOrder.objects.get().cost == claim


def test_what_is_only_proposed_is_not_paid():
    open_accounts([municipality("398")])
    cost_proposed(claimed(grant()))
    with pytest.raises(BatchRefused):
        draw_up()


@pytest.mark.parametrize("wrong", [{"amount_cents": 3_000_00}, {"payee": "853"}, {"cost": None}])
def test_the_database_refuses_an_order_that_is_not_the_claims(claim, wrong):
    right = {"payee": "398", "cost": claim, "amount_cents": 2_000_00} | wrong
    order = PaymentOrder(**right | {"payee": municipality(right["payee"])}, reference="RF1",
                         text="x", created_at=AT)  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        order.save()


def test_the_database_refuses_an_order_of_the_grant_itself(claim):
    decided = claim.application.proposals.get()
    order = PaymentOrder(support=decided, payee=municipality("398"), reference="RF1", text="x",
                         amount_cents=decided.difference_cents, created_at=AT)  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        order.save()


def test_a_payment_that_comes_back_makes_the_claim_wait_again(claim):
    pay(claim)
    read(
        booked(entry(end_to_end_id(claim), "2000.00", side="CRDT", returned="AC04", reference="R2"))
    )
    claim.refresh_from_db()
    assert claim.status == "accepted"
    assert [step.deed for step in claim.steps.all()][-2:] == ["paid", "held"]


def test_a_grant_is_closed_once_what_was_accepted_is_paid_and_may_yet_be_recovered(claim):
    application = Application.objects.get(pk=claim.application_id)
    with pytest.raises(ReviewRefused):
        grant_close(application.pk, by=kirsi(), at=CLAIMED_AT)
    pay(claim)
    grant_close(application.pk, by=kirsi(), at=AT)
    paid_on = claim.order.transfers.get().paid_on
    case = support_recover(
        application.pk, cents=500_00, known_on=paid_on, by=kirsi(), at=AT, today=date(2024, 12, 1)
    )
    assert (case.claimed_cents, status(application)) == (500_00, "closed")


def test_the_frame_and_the_years_report_have_what_was_paid_and_released(claim):
    """P-06."""
    frame = BudgetFrame.objects.create(programme_year=2023, allotted_eur=10_000, source="test")
    frame.rounds.set([claim.application.round])
    pay(claim)
    figures = frame_figures(frame)
    assert (figures.committed, figures.paid) == (9_000_00, 2_000_00)
    assert lines("euros")[()]["paid_cents"] == 2_000_00
    grant_close(claim.application_id, by=kirsi(), at=AT)
    assert (frame_figures(frame).committed, frame_figures(frame).left) == (2_000_00, 8_000_00)
    assert lines("frames")["2023",]["committed_cents"] == 2_000_00


def test_a_grant_is_kept_for_ten_years_from_its_closing_and_without_end_until_then(claim):
    """P-14."""
    pay(claim)
    assert matters_ended(date(2099, 1, 1)) == []
    grant_close(claim.application_id, by=kirsi(), at=AT)
    (ended,) = matters_ended(date(2099, 1, 1))
    assert (ended.what, ended.kept_until) == ("granted", date(2034, 11, 20))
