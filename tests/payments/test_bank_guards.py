"""What the database itself refuses on the way of money (P-01, P-05)."""

from datetime import timedelta
from hashlib import sha256

import pytest
from django.db import IntegrityError, transaction

from payments.bank.models import (
    Answer,
    AnswerEntry,
    BankDetails,
    Batch,
    DetailsStatus,
    PaymentOrder,
    Transfer,
    TransferStatus,
)
from payments.demo.accounts import artificial_iban
from tests.payments.bank import AT, SINCE, approved, draw_up, month_to_pay, user
from tests.payments.law import resident
from tests.payments.test_run_guards import another

pytestmark = pytest.mark.django_db


@pytest.fixture
def batch() -> Batch:
    """The batch of November 2024, drawn up: Lahti and its county."""
    resident("A", moved_in="2024-05-10")
    month_to_pay()
    return draw_up()


def refused(sentence: str):
    """The database refuses, in these words."""
    return pytest.raises(IntegrityError, match=sentence)


def proposed(**values) -> BankDetails:
    """A proposal past the service."""
    known = BankDetails.objects.filter(payee__code="398").values("payee_id", "business_id", "bic")
    given = {"iban": artificial_iban(7), "valid_from": SINCE, "source": "letter", "proposed_at": AT}
    return BankDetails.objects.create(
        **known.get() | given | {"proposed_by": user("taimi")} | values
    )


def test_an_order_has_one_live_transfer(batch):
    """Even if somebody has looked at an earlier failure: never two that could both pay."""
    twin = another(batch.transfers.first())
    twin.attempt, twin.end_to_end_id = 2, "KK-2"
    with refused("transfer_one_live"):
        twin.save()


def test_a_transfer_joins_a_batch_only_while_it_is_drawn_up(batch):
    late = another(approved(batch).transfers.first())
    late.attempt, late.end_to_end_id = 2, "KK-2"
    with refused("drawn up with its batch"):
        late.save()


def test_a_proposal_has_one_order(batch):
    order = another(PaymentOrder.objects.first())
    order.reference = "RF1"
    with refused("proposal_id"):
        order.save()


@pytest.mark.parametrize("change", [{"amount_cents": 1}, {"text": "x"}, {"reference": "RF1"}])
def test_an_order_is_never_changed(batch, change):
    with refused("never changed or deleted"), transaction.atomic():
        PaymentOrder.objects.update(**change)
    with refused("never changed or deleted"):
        PaymentOrder.objects.all()._raw_delete("default")


def test_an_order_is_of_its_proposals_sum(batch):
    transfers = Transfer.objects.filter(batch=batch)
    order = another(PaymentOrder.objects.exclude(pk=transfers.first().order_id).first())
    order.amount_cents += 1
    with refused("to its payee and sum"):
        order.save()


@pytest.mark.parametrize(
    "change",
    [
        {"iban": artificial_iban(1)},
        {"amount_cents": 1},
        {"end_to_end_id": "x"},
        {"name": "x"},
        {"status": TransferStatus.PAID, "paid_on": SINCE},
        {"status": TransferStatus.SENT},
    ],
)
def test_a_transfer_stays_as_it_was_drawn_up(batch, change):
    with refused("is as it was drawn up|does not go from|is sent with its batch"):
        Transfer.objects.filter(end_to_end_id="KK202411M398-1").update(**change)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (TransferStatus.PAID, TransferStatus.SENT),
        (TransferStatus.PAID, TransferStatus.REJECTED),
        (TransferStatus.REJECTED, TransferStatus.PAID),
        (TransferStatus.RETURNED, TransferStatus.PAID),
        (TransferStatus.SENT, TransferStatus.CANCELLED),
    ],
)
def test_a_transfer_does_not_go_back(batch, before, after):
    transfers = Transfer.objects.filter(batch=sent_on(batch))
    days = {
        TransferStatus.PAID: {"paid_on": SINCE},
        TransferStatus.RETURNED: {"returned_on": SINCE},
    }
    transfers.update(status=before, **days.get(before, {}))
    with refused(f"from {before} to {after}"):
        transfers.update(status=after, paid_on=SINCE, returned_on=None)


def sent_on(batch: Batch) -> Batch:
    """The same batch, with the bank."""
    from payments.bank.services.sending import batch_send

    return batch_send(approved(batch).pk, user=None, at=AT)


@pytest.mark.parametrize(
    "change",
    [
        {"document": b"other", "sha256": sha256(b"other").hexdigest()},
        {"approved_at": AT + timedelta(days=1)},
        {"sum_cents": 1},
        {"due_day": SINCE},
        {"debtor_iban": artificial_iban(1)},
    ],
)
def test_an_approved_batch_keeps_its_bytes(batch, change):
    approved(batch)
    with refused("is as it was drawn up, checked, approved and sent"):
        Batch.objects.update(**change)


def test_the_hash_is_that_of_the_bytes(batch):
    Batch.objects.update(status="checked", checked_by=user("katri"), checked_at=AT)
    with refused("has another SHA-256"):
        Batch.objects.update(
            status="approved", approved_by=user("heikki"), approved_at=AT, document=b"x",
            sha256=sha256(b"y").hexdigest(),
        )  # fmt: skip


@pytest.mark.parametrize(
    ("steps", "status"),
    [(0, "approved"), (0, "sending"), (1, "sent"), (1, "checked"), (2, "approved"), (2, "sending")],
)
def test_no_step_is_left_out_and_none_taken_back(batch, steps, status):
    (lambda same: same, approved, sent_on)[steps](batch)
    with refused("does not go from"):
        Batch.objects.update(status=status)


@pytest.mark.parametrize("who", ["kerttu", "taimi"])
def test_who_had_a_part_does_not_check(batch, who):
    with refused("Whoever has had a part"):
        Batch.objects.update(status="checked", checked_by=user(who), checked_at=AT)


def test_the_checker_does_not_approve(batch):
    Batch.objects.update(status="checked", checked_by=user("katri"), checked_at=AT)
    with refused("Whoever has had a part"):
        Batch.objects.update(
            status="approved", approved_by=user("katri"), approved_at=AT, document=b"x",
            sha256=sha256(b"x").hexdigest(),
        )  # fmt: skip


def test_a_batch_is_never_deleted(batch):
    with refused("never deleted"), transaction.atomic():
        Batch.objects.all()._raw_delete("default")
    with refused("never deleted"):
        Transfer.objects.all()._raw_delete("default")


@pytest.mark.parametrize(
    "change", [{"iban": artificial_iban(9)}, {"valid_from": "2025-01-01"}, {"source": "x"}]
)
def test_decided_details_are_never_changed(batch, change):
    with refused("never changed or deleted"):
        BankDetails.objects.update(**change)


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"iban": "FI2112345600000786"}, "bank_details_iban_digits"),
        ({"iban": "SE4550000000058398257466"[:18]}, "bank_details"),
        ({"bic": "NDEASESS"}, "bank_details_shape"),
        ({"business_id": "1234567"}, "bank_details_shape"),
    ],
)
def test_details_that_cannot_be_right(batch, values, constraint):
    with refused(constraint):
        proposed(**values)


def test_details_are_approved_by_another(batch):
    row = proposed(valid_from="2025-01-01")
    with refused("Whoever has had a part"):
        BankDetails.objects.filter(pk=row.pk).update(
            status=DetailsStatus.APPROVED, decided_by=row.proposed_by, decided_at=AT
        )


def test_details_are_not_born_approved(batch):
    with refused("proposed, then decided once"):
        proposed(status=DetailsStatus.APPROVED, decided_by=user("taavi"), decided_at=AT)


def test_answers_are_kept_as_received(batch):
    answer = Answer.objects.create(
        kind="pain.002.001.10", message_id="x", document=b"x", sha256=sha256(b"x").hexdigest(),
        size=1, received_at=AT, applied=0, repeated=0, strangers=1,
    )  # fmt: skip
    AnswerEntry.objects.create(
        answer=answer, position=1, kind="paid", outcome="stranger", stranger="unknown"
    )
    with refused("kept as they were received"), transaction.atomic():
        Answer.objects.update(size=2)
    with refused("kept as they were received"):
        AnswerEntry.objects.update(kind="rejected")


def test_an_answers_hash_is_that_of_its_bytes():
    with refused("answer_sha256"):
        Answer.objects.create(
            kind="pain.002.001.10", message_id="x", document=b"x", sha256="0" * 64, size=1,
            received_at=AT, applied=0, repeated=0, strangers=0,
        )  # fmt: skip
