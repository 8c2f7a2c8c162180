"""A batch of every payee to a file, and the bank's answers back, against lxml on the bare bytes.

Seconds are CPU of this process, the best of some tries: "well under a second each".
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from django.db import transaction
from django.test import override_settings
from django.utils import timezone
from lxml import etree

from benchmarks.compensation import approved_run
from benchmarks.measure import Results, timed
from config.lib.months import Month
from payments.bank.models import Batch
from payments.bank.services.details import details_approve, details_propose_all
from payments.bank.services.drawing import batch_draw_up
from payments.bank.services.reading import answer_receive
from payments.bank.services.sending import batch_send
from payments.bank.services.steps import batch_approve, batch_check, document_of
from payments.demo import bank
from payments.demo.accounts import artificial_account
from registry.models import Organisation, User

TIMES = 5


def bank_benchmark(results: Results, month: Month, folder: Path) -> None:
    """Draw up, write and send a batch, and read a status report and a statement of all of it."""
    with override_settings(BANK_FOLDER=folder):
        batch = _batch(month)
    document = bytes(batch.document or b"")
    written = _cpu(lambda: document_of(batch))
    bare = _cpu(lambda: etree.tostring(etree.fromstring(document)))
    what = f"{batch.count} transfers to a file, checked against its schema"
    results.ratio(f"{what}, to lxml's bare copy", written, bare, "under 1 s")
    debits = bank.transfers_in(document)
    answers = {
        "status report": bank.status_report(document, batch.message_id, {}),
        "statement": bank.statement(batch.debtor_iban, batch.due_day, debits=debits, returns={}),
    }
    for name, data in answers.items():
        read = _cpu(lambda data=data: _read_and_undone(data))
        bare = _cpu(lambda data=data: etree.fromstring(data))
        results.ratio(f"a {name} of them read and matched, to lxml", read, bare, "under 1 s")
    for data in answers.values():
        answer_receive(data, received_by=None, at=timezone.now())
    assert Batch.objects.get(pk=batch.pk).status == "settled"


def _batch(month: Month) -> Batch:
    """A batch of the month's run with the bank, all its payees' accounts opened."""
    run, at, today = approved_run(month), timezone.now(), timezone.localdate()
    names = ("proposer", "opener", "checker", "approver")
    people = {name: User.objects.create_user(f"bank-{name}") for name in names}
    accounts = {
        payee: artificial_account(payee.pk, valid_from=run.month)
        for payee in Organisation.objects.filter(proposals__run=run)
    }
    rows = details_propose_all(accounts, proposer=people["proposer"], at=at)
    details_approve([row.pk for row in rows], approver=people["opener"], at=at)
    with timed(f"a batch of {len(accounts)} payees drawn up"):
        batch = batch_draw_up(month, prepared_by=None, at=at, today=today)
    with timed("it checked"):
        batch_check(batch.pk, checker=people["checker"], at=at, today=today)
    with timed("it approved, its file made and kept"):
        batch_approve(batch.pk, approver=people["approver"], at=at, today=today)
    return batch_send(batch.pk, user=None, at=at)


def _read_and_undone(data: bytes) -> None:
    with transaction.atomic():
        answer_receive(data, received_by=None, at=timezone.now())
        transaction.set_rollback(True)


def _cpu(work: Callable[[], object]) -> float:
    """CPU seconds of this process, the best of some tries; the first one warms up."""
    taken = []
    for _try in range(TIMES + 1):
        start = time.process_time()
        work()
        taken.append(time.process_time() - start)
    return min(taken[1:])
