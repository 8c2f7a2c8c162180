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
from benchmarks.measure import Results
from benchmarks.to_file import accounts_open, batch_made
from config.lib.months import Month
from payments.bank.models import Batch
from payments.bank.services.reading import answer_receive
from payments.bank.services.sending import batch_send
from payments.bank.services.steps import document_of
from payments.demo import bank

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
    batch = Batch.objects.filter(status="approved").first()
    if batch is None:
        accounts_open(approved_run(month))
        batch = batch_made(month)
    return batch_send(batch.pk, user=None, at=timezone.now())


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
