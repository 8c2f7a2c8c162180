"""From approved runs to a batch in two persons' hands: P-01, P-05, C-34, § 38 of 1243/1992."""

from collections.abc import Iterator
from datetime import date

import pytest
from django.utils import translation

from config.lib.months import Month
from payments.bank.errors import BatchRefused, SamePerson
from payments.bank.models import Batch, BatchStatus, PaymentOrder, Transfer, TransferStatus
from payments.bank.services.steps import batch_approve, batch_cancel, batch_check
from registry.models import Organisation
from tests.payments.bank import (
    AT,
    TODAY,
    approved,
    draw_up,
    month_to_pay,
    open_accounts,
    payees_of,
    sent,
    user,
)
from tests.payments.law import home, person_rows, resident
from tests.payments.runs import compute, deliver, settle

pytestmark = pytest.mark.django_db
SINCE = "2024-05-10"


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Sentences as they stand in the code."""
    with translation.override("en"):
        yield


@pytest.fixture
def to_pay() -> None:
    """November 2024 of one person in Lahti: the town and its county are paid."""
    resident("A", moved_in=SINCE)
    month_to_pay()


def test_a_batch_pays_every_positive_proposal(to_pay):
    batch = draw_up()
    transfers = batch.transfers.order_by("end_to_end_id")
    assert [(t.end_to_end_id, t.amount_cents) for t in transfers] == [
        ("KK202411C09-1", 2875), ("KK202411M398-1", 16292),
    ]  # fmt: skip
    assert (batch.message_id, batch.count, batch.sum_cents) == ("KK202411-1", 2, 19167)


def test_a_transfer_carries_the_details_as_approved(to_pay):
    transfer = draw_up().transfers.get(end_to_end_id="KK202411M398-1")
    copied = (transfer.iban, transfer.bic, transfer.business_id)
    assert copied == (transfer.details.iban, transfer.details.bic, transfer.details.business_id)
    assert (transfer.name, transfer.order.text) == ("Lahti", "Laskennallinen korvaus 11/2024")
    assert transfer.order.reference == "RF7320241113985"


@pytest.mark.parametrize(
    ("today", "due"),
    [
        ("2024-11-13", "2024-11-20"),
        ("2024-11-20", "2024-11-20"),
        ("2024-12-06", "2024-12-09"),  # Independence Day, then a weekend
    ],
)
def test_it_is_due_on_the_day_of_payment_or_the_next_banking_day(to_pay, today, due):
    assert draw_up(today=date.fromisoformat(today)).due_day == date.fromisoformat(due)


def test_zero_and_negative_proposals_are_never_ordered(to_pay):
    """C-34: what was paid for somebody who had died is to be recovered, not paid."""
    sent()
    deliver(person_rows("A", moved_in=SINCE, died="2024-10-15"))
    run = settle("2024-12")
    assert {p.recovery_cents for p in run.proposals.all()} == {2875, 16292}
    with pytest.raises(BatchRefused, match="Nothing waits to be paid"):
        draw_up(Month(2024, 12))
    assert PaymentOrder.objects.count() == 2


def test_a_payee_without_bank_details_is_held(to_pay):
    deliver(person_rows("B", moved_in=SINCE, homes=[home("091", SINCE)]))
    settle("2024-12")
    paid = draw_up(Month(2024, 12)).transfers.values_list("order__payee__code", flat=True)
    assert sorted(paid) == ["09", "09", "398", "398"]  # November's and December's
    held = PaymentOrder.objects.held(TODAY)
    assert {order.payee.code for order in held} == {"091", "90"}


def test_a_held_order_is_paid_once_its_payee_has_details(to_pay):
    deliver(person_rows("B", moved_in=SINCE, homes=[home("091", SINCE)]))
    settle("2024-12")
    approved(draw_up(Month(2024, 12)))
    open_accounts(Organisation.objects.filter(code__in=["091", "90"]))
    second = draw_up(Month(2024, 12))
    assert {t.order.payee.code for t in second.transfers.all()} == {"091", "90"}
    assert second.message_id == "KK202412-2"


def test_details_that_begin_later_do_not_pay_yet():
    resident("A", moved_in=SINCE)
    settle("2024-11")
    open_accounts(payees_of("2024-11"), valid_from=date(2024, 11, 14))
    with pytest.raises(BatchRefused, match="Nothing waits"):
        draw_up()
    assert draw_up(today=date(2024, 11, 14)).count == 2


def test_a_run_that_is_not_approved_is_not_paid():
    resident("A", moved_in=SINCE)
    compute("2024-11")
    with pytest.raises(BatchRefused, match="The run of 2024-11 has not been approved"):
        draw_up()


def test_there_is_one_batch_in_preparation(to_pay):
    draw_up()
    with pytest.raises(BatchRefused, match="Batch KK202411-1 is being prepared"):
        draw_up()


def test_what_is_in_a_batch_is_in_no_other(to_pay):
    approved(draw_up())
    with pytest.raises(BatchRefused, match="Nothing waits to be paid"):
        draw_up()


@pytest.mark.parametrize("checker", ["kerttu", "taimi", "taavi"])
def test_who_drew_it_up_or_opened_an_account_does_not_check(to_pay, checker):
    """P-01: kerttu drew it up, taimi proposed and taavi approved the bank details."""
    batch = draw_up()
    with pytest.raises(SamePerson):
        batch_check(batch.pk, checker=user(checker), at=AT, today=TODAY)


@pytest.mark.parametrize("approver", ["kerttu", "katri", "taimi", "taavi"])
def test_who_had_a_part_does_not_approve(to_pay, approver):
    batch = draw_up()
    batch_check(batch.pk, checker=user("katri"), at=AT, today=TODAY)
    with pytest.raises(SamePerson):
        batch_approve(batch.pk, approver=user(approver), at=AT, today=TODAY)


def test_a_batch_is_checked_before_it_is_approved(to_pay):
    batch = draw_up()
    with pytest.raises(BatchRefused, match="is drawn up: this step is not possible"):
        batch_approve(batch.pk, approver=user("heikki"), at=AT, today=TODAY)


def test_details_changed_meanwhile_stop_the_batch(to_pay):
    """A change after the drawing up voids it: nobody is paid to an account that was given up."""
    batch = draw_up()
    open_accounts(payees_of("2024-11")[:1], valid_from=TODAY)
    with pytest.raises(BatchRefused, match=r"The bank details of .+ have changed"):
        batch_check(batch.pk, checker=user("katri"), at=AT, today=TODAY)


def test_a_cancelled_batch_gives_its_orders_back(to_pay):
    first = approved(draw_up())
    batch_cancel(first.pk, user=user("katri"), at=AT)
    second = draw_up()
    assert Batch.objects.get(pk=first.pk).status == BatchStatus.CANCELLED
    assert first.transfers.filter(status=TransferStatus.CANCELLED).count() == 2
    assert [t.end_to_end_id for t in second.transfers.order_by("pk")] == [
        "KK202411C09-2", "KK202411M398-2",
    ]  # fmt: skip


def test_what_was_sent_is_not_cancelled(to_pay):
    batch = sent()
    with pytest.raises(BatchRefused, match="is sent: this step is not possible"):
        batch_cancel(batch.pk, user=user("katri"), at=AT)
    assert not Transfer.objects.filter(status=TransferStatus.CANCELLED).exists()
