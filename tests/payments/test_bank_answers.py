"""What the bank answers, and what comes of it: matched in sets, nothing twice (P-05)."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from django.utils import translation

from payments.bank.errors import AnswerRefused, BatchRefused, SamePerson
from payments.bank.models import (
    Answer,
    AnswerEntry,
    Batch,
    BatchStatus,
    Stranger,
    Transfer,
    TransferStatus,
)
from payments.bank.services.reading import answer_receive
from payments.bank.services.reviewing import order_release, stranger_handle
from payments.bank.services.standing import transfers_time_out
from payments.bank.services.steps import batch_check
from payments.demo.accounts import artificial_iban
from tests.payments.bank import (
    AT,
    TODAY,
    approved,
    balance,
    booked,
    draw_up,
    entry,
    month_to_pay,
    read,
    sent,
    status_report,
    transfer_status,
    user,
)
from tests.payments.law import resident

pytestmark = pytest.mark.django_db
TOWN, COUNTY = "KK202411M398-1", "KK202411C09-1"
LATER = AT + timedelta(days=2)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Sentences as they stand in the code."""
    with translation.override("en"):
        yield


@pytest.fixture
def batch() -> Batch:
    """November 2024 with the bank: Lahti 162.92, its county 28.75."""
    resident("A", moved_in="2024-05-10")
    month_to_pay()
    return sent()


def statuses() -> dict[str, str]:
    """Each transfer's status."""
    return dict(Transfer.objects.values_list("end_to_end_id", "status"))


def status(batch: Batch) -> str:
    return Batch.objects.get(pk=batch.pk).status


def strangers() -> list[str]:
    return list(AnswerEntry.objects.strangers().values_list("stranger", flat=True))


def test_a_file_that_is_accepted_whole(batch):
    answer = read(status_report(batch.message_id))
    assert set(statuses().values()) == {TransferStatus.ACCEPTED}
    assert (status(batch), answer.applied) == (BatchStatus.ACKNOWLEDGED, 2)


def test_a_file_that_is_rejected_whole(batch):
    read(status_report(batch.message_id, group="RJCT", reason="FF01"))
    assert set(statuses().values()) == {TransferStatus.REJECTED}
    assert status(batch) == BatchStatus.REJECTED
    assert {t.reason for t in Transfer.objects.to_review()} == {"FF01"}


def test_one_transfer_rejected(batch):
    said = transfer_status(TOWN, "RJCT", "AC04") + transfer_status(COUNTY, "ACSP")
    read(status_report(batch.message_id, group="PART", transfers=said))
    assert statuses() == {TOWN: TransferStatus.REJECTED, COUNTY: TransferStatus.ACCEPTED}
    assert status(batch) == BatchStatus.PARTLY_REJECTED


def test_debits_settle_the_batch(batch):
    read(status_report(batch.message_id))
    read(booked(entry(TOWN, "162.92", reference="R1"), entry(COUNTY, "28.75", reference="R2")))
    assert set(statuses().values()) == {TransferStatus.PAID}
    assert status(batch) == BatchStatus.SETTLED
    assert {t.paid_on for t in Transfer.objects.all()} == {date(2024, 11, 20)}


def test_the_same_file_again_changes_nothing(batch):
    data = booked(entry(TOWN, "162.92"))
    first = read(data)
    again, is_new = answer_receive(data, received_by=None, at=LATER)
    assert (again.pk, is_new, Answer.objects.count()) == (first.pk, False, 1)


def test_a_statement_repeats_what_a_notification_said(batch):
    read(booked(entry(TOWN, "162.92")))
    statement = read(booked(entry(TOWN, "162.92"), kind="camt.053.001.08"))
    assert (statement.applied, statement.repeated, statement.strangers) == (0, 1, 0)


def test_a_payment_booked_under_two_references_is_for_a_person(batch):
    read(booked(entry(TOWN, "162.92", reference="R1")))
    read(booked(entry(TOWN, "162.92", reference="R2")))
    assert strangers() == [Stranger.TWICE]


def test_a_returned_payment_reopens_its_order(batch):
    read(booked(entry(TOWN, "162.92"), entry(COUNTY, "28.75", reference="R2")))
    read(booked(entry(TOWN, "162.92", side="CRDT", returned="AC04", reference="R3")))
    transfer = Transfer.objects.to_review().get()
    assert (transfer.end_to_end_id, transfer.status, transfer.reason) == (TOWN, "returned", "AC04")
    assert status(batch) == BatchStatus.SETTLED
    with pytest.raises(BatchRefused, match="Nothing waits to be paid"):
        draw_up()  # somebody looks at it first


def test_a_reopened_order_is_paid_under_a_new_id_and_the_former_stays(batch):
    read(status_report(batch.message_id, group="RJCT", reason="AC04"))
    failed = Transfer.objects.get(end_to_end_id=TOWN)
    order_release(failed.order_id, reviewer=user("katri"), note="A new account.", at=AT)
    (again,) = draw_up().transfers.all()
    assert (again.end_to_end_id, again.order_id) == ("KK202411M398-2", failed.order_id)
    assert statuses()[TOWN] == TransferStatus.REJECTED


def test_who_looked_at_a_failure_does_not_check_its_next_batch(batch):
    """P-01: letting an order be paid anew is a part in the batch that pays it."""
    read(status_report(batch.message_id, group="RJCT", reason="AC04"))
    order = Transfer.objects.get(end_to_end_id=TOWN).order_id
    order_release(order, reviewer=user("katri"), note="A new account.", at=AT)
    with pytest.raises(SamePerson):
        batch_check(draw_up().pk, checker=user("katri"), at=AT, today=TODAY)


def test_an_order_is_looked_at_once(batch):
    read(status_report(batch.message_id, group="RJCT", reason="AC04"))
    order = Transfer.objects.get(end_to_end_id=TOWN).order_id
    order_release(order, reviewer=user("katri"), note="A new account.", at=AT)
    with pytest.raises(BatchRefused, match="does not wait to be looked at"):
        order_release(order, reviewer=user("katri"), note="Again.", at=AT)


@pytest.mark.parametrize("code", ["DUPL", "AM05"])
def test_a_duplicate_rejects_nothing(batch, code):
    """Sending twice is harmless: the bank's refusal of the second is not one of the first."""
    read(status_report(batch.message_id, group="RJCT", reason=code))
    assert set(statuses().values()) == {TransferStatus.SENT}
    assert strangers() == [Stranger.DUPLICATE]


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (status_report("KK209901-1"), Stranger.UNKNOWN),
        (booked(entry("KK209901M398-1", "1.00")), Stranger.UNKNOWN),
        (booked(entry("INV-77", "5.00")), Stranger.NOT_OURS),
        (booked(entry("", "5.00", side="CRDT")), Stranger.NOT_OURS),
        (booked(entry(TOWN, "162.93")), Stranger.AMOUNT),
        (booked(entry(TOWN, "100.00", side="CRDT", returned="AC04")), Stranger.AMOUNT),
        (booked(entry(TOWN, "162.92", side="CRDT")), Stranger.CODE),
        (
            status_report("KK202411-1", group="PART", transfers=transfer_status(TOWN, "WHAT")),
            Stranger.CODE,
        ),
        (
            status_report("KK209901-1", group="PART", transfers=transfer_status(TOWN, "RJCT")),
            Stranger.OTHER_BATCH,
        ),
    ],
)
def test_what_fits_nothing_is_for_a_person(batch, answer, why):
    read(answer)
    assert strangers() == [why]
    assert set(statuses().values()) == {TransferStatus.SENT}


def test_a_debit_after_a_rejection_is_for_a_person(batch):
    """The order may have been paid anew by then: nobody but a person can tell."""
    read(status_report(batch.message_id, group="RJCT", reason="AC04"))
    read(booked(entry(TOWN, "162.92")))
    assert strangers() == [Stranger.CONTRADICTS]


def test_an_answer_about_what_was_never_sent_is_for_a_person():
    resident("A", moved_in="2024-05-10")
    month_to_pay()
    approved(draw_up())
    read(booked(entry(TOWN, "162.92")))
    assert strangers() == [Stranger.NOT_SENT]


def test_a_person_notes_what_an_entry_was(batch):
    read(booked(entry("INV-77", "5.00")))
    (waiting,) = AnswerEntry.objects.strangers()
    stranger_handle(waiting.pk, reviewer=user("katri"), note="The bank's own fee.", at=AT)
    assert strangers() == []
    with pytest.raises(BatchRefused):
        stranger_handle(waiting.pk, reviewer=user("katri"), note="Again.", at=AT)


def test_what_is_pending_changes_nothing(batch):
    read(booked(entry(TOWN, "162.92", status="PDNG")))
    assert statuses()[TOWN] == TransferStatus.SENT


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (b"", "The file is not XML"),
        (b"\xff\xfe<", "not in UTF-8"),
        (b"<a/>", "no ISO 20022 document"),
        (b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "document type or entities"),
        (
            b'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pacs.004.001.09"/>',
            "pacs.004.001.09 is not read here",
        ),
        (booked(entry(TOWN, "1.00"), account=artificial_iban(3)), "of another account"),
        (booked(entry(TOWN, "1.00").replace("DBIT", "UP")), "does not follow the schema"),
        (booked(entry(TOWN, "1.00").replace(">1.00<", ">2.00<", 1)), "An entry of"),
        (
            status_report("KK202411-1", sums="<OrgnlNbOfTxs>3</OrgnlNbOfTxs>"),
            "The bank answers 3 transfers",
        ),
        (
            status_report("KK202411-1", sums="<OrgnlCtrlSum>1.00</OrgnlCtrlSum>"),
            "The bank answers .* of 1,00",
        ),
    ],
)
def test_a_file_that_is_refused_leaves_nothing(batch, answer, sentence):
    with pytest.raises(AnswerRefused, match=sentence):
        answer_receive(answer, received_by=None, at=AT)
    assert not Answer.objects.exists()
    assert set(statuses().values()) == {TransferStatus.SENT}


def test_a_statement_whose_balances_do_not_fit_is_refused(batch):
    balances = balance("OPBD", "1000.00") + balance("CLBD", "900.00")
    with pytest.raises(AnswerRefused, match=r"do not fit entries"):
        read(booked(entry(TOWN, "162.92"), kind="camt.053.001.08", balances=balances))
    balances = balance("OPBD", "1000.00") + balance("CLBD", "837.08")
    assert read(booked(entry(TOWN, "162.92"), kind="camt.053.001.08", balances=balances)).applied


def time_out(at: datetime) -> None:
    transfers_time_out(at=at, today=at.date())


def test_what_is_not_answered_in_time_is_unknown_until_it_is(batch):
    time_out(AT + timedelta(hours=24))
    assert status(batch) == BatchStatus.SENT
    time_out(AT + timedelta(hours=25))
    assert (status(batch), set(statuses().values())) == (BatchStatus.UNKNOWN, {"unknown"})
    read(status_report(batch.message_id))
    assert status(batch) == BatchStatus.ACKNOWLEDGED


def test_a_lost_booking_is_unknown_after_three_banking_days(batch):
    """Due on Wednesday the 20th: Thursday, Friday and Monday pass."""
    read(status_report(batch.message_id))
    read(booked(entry(COUNTY, "28.75")))
    time_out(datetime(2024, 11, 25, 12, tzinfo=AT.tzinfo))
    assert statuses()[TOWN] == TransferStatus.ACCEPTED
    time_out(datetime(2024, 11, 26, 12, tzinfo=AT.tzinfo))
    assert (statuses()[TOWN], status(batch)) == (TransferStatus.UNKNOWN, BatchStatus.UNKNOWN)


def test_an_unknown_transfer_is_not_paid_anew(batch):
    time_out(LATER)
    with pytest.raises(BatchRefused, match="Nothing waits to be paid"):
        draw_up(today=TODAY)
