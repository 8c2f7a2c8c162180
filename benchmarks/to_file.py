"""From a month not yet computed to a file ready to send, against the run alone."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from benchmarks.measure import Results, timed
from config.lib.months import Month
from payments.bank.models import Batch
from payments.bank.services.details import details_approve, details_propose_all
from payments.bank.services.drawing import batch_draw_up
from payments.bank.services.steps import batch_approve, batch_check
from payments.demo.accounts import artificial_account
from payments.models import Run
from payments.runs.services import run_check_and_approve, run_compute
from registry.models import Organisation, User


def to_file_benchmark(results: Results, month: Month) -> None:
    """Compute, check and approve a month, draw up its batch and have its file made."""
    with timed("run_month") as alone:
        run = run_compute(month, at=timezone.now())
    accounts_open(run)
    with timed("the run checked and approved") as approval:
        run_check_and_approve(
            run.pk,
            checker=_person("file-checks"),
            approver=_person("file-approves"),
            at=timezone.now() + timedelta(seconds=1),
            accepting="benchmark",
        )
    with timed("its batch drawn up, checked and approved, its file made") as paying:
        batch_made(month)
    whole = alone.value + approval.value + paying.value
    results.ratio("from run_month to a file ready to send, to the run", whole, alone.value, "2×")


def accounts_open(run: Run) -> None:
    """Propose and approve an account for every payee of the run that has none."""
    payees = Organisation.objects.filter(proposals__run=run, bank_details=None)
    accounts = {payee: artificial_account(payee.pk, valid_from=run.month) for payee in payees}
    rows = details_propose_all(accounts, proposer=_person("proposes"), at=timezone.now())
    details_approve([row.pk for row in rows], approver=_person("opens"), at=timezone.now())


def batch_made(month: Month) -> Batch:
    """A batch of everything that waits up to the month, approved, with its file."""
    at, today = timezone.now(), timezone.localdate()
    batch = batch_draw_up(month, prepared_by=None, at=at, today=today)
    batch_check(batch.pk, checker=_person("batch-checks"), at=at, today=today)
    return batch_approve(batch.pk, approver=_person("batch-approves"), at=at, today=today)


def _person(name: str) -> User:
    return User.objects.get_or_create(username=name)[0]
