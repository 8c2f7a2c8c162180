"""Faults between approval and file, and while an answer is read: paid once, answered once."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from config.lib.months import Month
from payments.bank.models import Answer, BankDetails, Batch, BatchStatus, PaymentOrder, Transfer
from payments.models import Proposal, Run
from payments.runs.services import run_check_and_approve
from tests.chaos.barriers import Barrier
from tests.chaos.browser import Browser, press_at_once
from tests.chaos.house import ROOT, House, until
from tests.chaos.scene import Scene, member_of_staff
from tests.payments.bank import approved, draw_up, open_accounts, payees_of, status_report
from tests.payments.runs import AT


@pytest.fixture
def batch(house: House) -> Batch:
    """The approved batch of a month that has just been approved; its file is not yet sent."""
    scene = Scene(house, member_of_staff("reviewer"))
    run_check_and_approve(
        scene.run.pk, checker=member_of_staff("reviewer"), approver=member_of_staff("approver"),
        at=AT, accepting="looked at",
    )  # fmt: skip
    return _drawn_up(scene.month)


def _drawn_up(month: Month) -> Batch:
    known = set(BankDetails.objects.values_list("payee", flat=True))
    if new := [payee for payee in payees_of(str(month)) if payee.pk not in known]:
        open_accounts(new)
    today: date = month.first_day + timedelta(days=14)
    return approved(draw_up(month, today=today), today=today)


def command(house: House, *arguments: str) -> subprocess.Popen[bytes]:
    """A command of the service as a process of its own."""
    return subprocess.Popen(
        [sys.executable, "manage.py", *arguments], cwd=ROOT, env=house.environment,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def killed(house: House, process: subprocess.Popen[bytes]) -> None:
    house.faults["command killed"] += 1
    process.kill()
    process.wait()


def files(house: House) -> list[Path]:
    return [path for path in house.bank.iterdir() if path.suffix == ".xml"]


def sent_once(house: House, batch: Batch) -> None:
    """Wait until the batch is sent by itself: one file of its bytes, each order paid once."""
    house.message("payments.bank.tasks.batches_follow")
    until(lambda: Batch.objects.get(pk=batch.pk).status == BatchStatus.SENT, "the batch is sent")
    batch.refresh_from_db()
    ours = [path for path in files(house) if path.stem == batch.message_id]
    assert [path.read_bytes() for path in ours] == [bytes(batch.document)]
    orders = PaymentOrder.objects.filter(transfers__batch=batch)
    assert orders.count() == orders.distinct().count() == batch.count
    run = Run.objects.get(month=batch.month)
    owed = Proposal.objects.filter(run=run, amount_cents__gt=0)
    assert Transfer.objects.filter(order__proposal__in=owed).count() == owed.count()


def is_sending(batch: Batch) -> bool:
    return Batch.objects.get(pk=batch.pk).status == BatchStatus.SENDING


def test_killed_before_the_file_is_there(house, batch):
    """Where the part of a file should be is a pipe that nobody reads."""
    pipe = house.bank / f".{batch.message_id}.xml.part"
    os.mkfifo(pipe)
    sending = command(house, "bank_send")
    until(lambda: is_sending(batch), "the batch is being sent")
    killed(house, sending)
    pipe.unlink()
    sent_once(house, batch)


@pytest.fixture
def marking_held(batch: Batch) -> Iterator[psycopg.Connection]:
    """Hold the rows of a batch's transfers, which are marked after the file is there."""
    with psycopg.connect(**connection.get_connection_params(), application_name="barrier") as held:
        held.execute("SELECT FROM payments_transfer WHERE batch_id = %s FOR UPDATE", [batch.pk])
        yield held


def test_killed_after_the_file_and_before_its_mark(house, batch, marking_held):
    sending = command(house, "bank_send")
    until((house.bank / f"{batch.message_id}.xml").exists, "the file is there")
    killed(house, sending)
    marking_held.close()
    assert is_sending(batch)
    sent_once(house, batch)


def test_the_banks_place_is_away(house, batch):
    house.faults["bank's place away"] += 1
    away = house.bank.rename(house.bank.with_name("away"))
    house.bank.write_text("no folder")
    assert command(house, "bank_send").wait() == 1
    house.bank.unlink()
    away.rename(house.bank)
    sent_once(house, batch)


def test_connections_are_cut_after_the_file(house, batch, marking_held):
    sending = command(house, "bank_send")
    until((house.bank / f"{batch.message_id}.xml").exists, "the file is there")
    house.cut_connections()
    assert sending.wait() != 0
    marking_held.close()
    sent_once(house, batch)


def test_a_batch_is_sent_by_many_at_once(house, batch):
    people = [Browser(house, member_of_staff(role)) for role in ("reviewer", "approver")]
    address = f"/payments/batches/{batch.message_id}/send/"
    house.faults["buttons pressed too often"] += 3
    press_at_once(*((one, address, {}) for one in (*people, *people)))
    sent_once(house, batch)


@pytest.fixture
def answer(house: House, batch: Batch) -> Path:
    """The file in which the bank says that it takes all of a batch."""
    assert command(house, "bank_send").wait() == 0
    sent_once(house, batch)
    path = house.folder / f"{batch.message_id}.pain002.xml"
    path.write_bytes(status_report(batch.message_id))
    return path


def read_once(house: House, batch: Batch, answer: Path) -> None:
    """Have the answer read again: once kept, and every transfer is as it says."""
    assert command(house, "bank_read", str(answer)).wait() == 0
    assert Answer.objects.filter(message_id=f"S-{batch.message_id}").count() == 1
    # "unknown" again when the day these payments were due is long past
    assert set(batch.transfers.values_list("status", flat=True)) <= {"accepted", "unknown"}
    kept = Answer.objects.get(message_id=f"S-{batch.message_id}")
    assert kept.applied == kept.entries.count() == batch.count


# A mode that shuts out readers catches the process before it writes, one that shuts out writers
# when it has kept the answer and comes to its entries.
@pytest.mark.parametrize("mode", ["ACCESS EXCLUSIVE", "SHARE"])
def test_killed_while_an_answer_is_read(house, batch, answer, mode):
    with Barrier("payments_answerentry", mode) as barrier:
        reading = command(house, "bank_read", str(answer))
        barrier.arrived()
        killed(house, reading)
    read_once(house, batch, answer)


def test_an_answer_is_read_by_many_at_once(house, batch, answer):
    house.faults["answer read too often"] += 3
    readers = [command(house, "bank_read", str(answer)) for _ in range(4)]
    assert [reader.wait() for reader in readers] == [0, 0, 0, 0]
    read_once(house, batch, answer)
