"""The demo's money: accounts opened by two people, months paid, and the bank's answers read.

One payee is held for want of bank details; one payment comes back and is paid anew the month after;
the latest month has a rejected one to look at, and a fee of the bank that fits nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time

from django.utils import timezone

from config.lib.months import Month
from payments.bank.models import BankDetails, Batch, Transfer
from payments.bank.services.details import details_approve, details_propose_all
from payments.bank.services.drawing import batch_draw_up
from payments.bank.services.reading import answer_receive
from payments.bank.services.reviewing import order_release
from payments.bank.services.sending import batch_send
from payments.bank.services.steps import batch_approve, batch_check
from payments.demo import bank
from payments.demo.accounts import artificial_account
from payments.models import Run
from registry.models import Organisation, OrganisationKind, User

FEE_CENTS = 1250


@dataclass(frozen=True)
class Treasury:
    """Who keeps accounts, and who pays."""

    proposer: User
    opener: User
    reviewer: User
    checker: User
    approver: User


def month_pay(
    run: Run, *, treasury: Treasury, at: datetime, returned: bool, rejected: bool
) -> None:
    """Pay an approved run at the moment, and read what the bank answers; once.

    `returned` sends the first payment back, `rejected` refuses it and takes a fee.
    """
    month = Month.of(run.month)
    if Batch.objects.filter(month=month.first_day).exists():
        return
    _accounts_open(run, treasury, at)
    _failures_release(treasury, at)
    batch = batch_draw_up(month, prepared_by=treasury.reviewer, at=at, today=at.date())
    batch_check(batch.pk, checker=treasury.checker, at=at, today=at.date())
    batch_approve(batch.pk, approver=treasury.approver, at=at, today=at.date())
    _answered(batch_send(batch.pk, user=treasury.reviewer, at=at), at, returned, rejected)


def _accounts_open(run: Run, treasury: Treasury, at: datetime) -> None:
    """Open the accounts of the run's payees that have none, but of the one that is held."""
    payees = Organisation.objects.filter(proposals__run=run).exclude(
        pk__in=BankDetails.objects.values("payee")
    )
    accounts = {
        payee: artificial_account(payee.pk, valid_from=run.month)
        for payee in payees.exclude(pk=_held())
    }
    if accounts:
        rows = details_propose_all(accounts, proposer=treasury.proposer, at=at)
        details_approve([row.pk for row in rows], approver=treasury.opener, at=at)


def _held() -> int:
    """The last municipality of the first run."""
    first = Run.objects.approved().earliest("month")
    towns = Organisation.objects.filter(
        proposals__run=first, kind=OrganisationKind.MUNICIPALITY
    ).order_by("code")
    last = towns.last()
    return last.pk if last else 0


def _failures_release(treasury: Treasury, at: datetime) -> None:
    for transfer in Transfer.objects.to_review():
        order_release(
            transfer.order_id, reviewer=treasury.reviewer, note="The payee opened it.", at=at
        )


def _answered(batch: Batch, at: datetime, returned: bool, rejected: bool) -> None:  # noqa: FBT001
    """Have the bank answer: the status at once, the statement of the due day."""
    assert batch.document is not None
    document = bytes(batch.document)
    debits = bank.transfers_in(document)
    first = next(iter(debits))
    refused = {first: "AC04"} if rejected else {}
    status = bank.status_report(document, batch.message_id, refused)
    answer_receive(status, received_by=None, at=at)
    evening = timezone.make_aware(datetime.combine(batch.due_day, time(20)))
    statement = bank.statement(
        batch.debtor_iban,
        batch.due_day,
        debits={one: amount for one, amount in debits.items() if one not in refused},
        returns={first: debits[first]} if returned else {},
        fee_cents=FEE_CENTS if rejected else 0,
    )
    answer_receive(statement, received_by=None, at=min(evening, timezone.now()))
