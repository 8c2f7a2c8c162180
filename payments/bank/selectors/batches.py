"""Batches, what waits to be paid, and what a person has to look at."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import Max, Prefetch, QuerySet

from config.lib.months import Month
from payments.bank.models import (
    AnswerEntry,
    Batch,
    BatchStatus,
    PaymentOrder,
    Transfer,
)
from payments.bank.models.batches import UNSENT
from payments.bank.selectors.unpaid import Owed, owed
from payments.models import Run
from registry.models import Organisation

# What a page says of an order.
OF_ORDER = (
    "order__payee",
    "order__proposal__run",
    "order__support__decision",
    "order__cost__decision",
)


@dataclass(frozen=True)
class Waiting:
    """What waits: to be paid, held without bank details, to be looked at; amounts in cents."""

    month: Month | None  # the latest approved run's or this, up to which a batch is drawn up
    payable: int
    payable_cents: int
    held: int
    held_cents: int
    to_review: int
    strangers: int


@dataclass(frozen=True)
class Held:
    """A payee without bank details, and what it waits for; in cents."""

    payee: Organisation
    orders: int
    cents: int
    since: date


def waiting(today: date) -> Waiting:
    """Count what waits; four queries."""
    rows = owed(today)
    held = [row for row in rows if row.is_held]
    payable = [row.cents for row in rows if not row.is_held]
    last = Run.objects.approved().aggregate(month=Max("month"))["month"]
    return Waiting(
        month=Month.of(last or today) if last or rows else None,
        payable=len(payable),
        payable_cents=sum(payable),
        held=len({row.payee for row in held}),
        held_cents=sum(row.cents for row in held),
        to_review=Transfer.objects.to_review().count(),
        strangers=AnswerEntry.objects.strangers().count(),
    )


def held_payees(today: date) -> int:
    """How many payees cannot be paid for want of bank details; one query."""
    return len({row.payee for row in owed(today) if row.is_held})


def batches_to_work_on() -> list[Batch]:
    """Batches that wait for somebody's step or whose transfers are unknown; one query."""
    statuses = (*UNSENT, BatchStatus.SENDING, BatchStatus.UNKNOWN)
    return list(Batch.objects.filter(status__in=statuses).defer("document").order_by("pk"))


def held_list(today: date) -> list[Held]:
    """Payees that cannot be paid, with what waits for them; two queries."""
    by_payee: dict[int, list[Owed]] = defaultdict(list)
    for row in owed(today):
        if row.is_held:
            by_payee[row.payee].append(row)
    payees = Organisation.objects.filter(pk__in=by_payee).order_by("kind", "code")
    return [
        Held(
            payee=payee,
            orders=len(by_payee[payee.pk]),
            cents=sum(row.cents for row in by_payee[payee.pk]),
            since=min(row.since for row in by_payee[payee.pk]),
        )
        for payee in payees
    ]


def batch_transfers(batch: Batch) -> QuerySet[Transfer]:
    """The transfers of a batch with their orders and payees, in the file's order."""
    return batch.transfers.select_related(*OF_ORDER).order_by("pk")


def transfers_to_review() -> QuerySet[Transfer]:
    """Failed transfers that a reviewer has to look at, the earliest first."""
    failed = Transfer.objects.to_review().select_related(*OF_ORDER, "batch")
    return failed.defer("batch__document").order_by("pk")


def order_history(order: PaymentOrder) -> list[Transfer]:
    """Every attempt to pay an order, with what the bank said of each; two queries."""
    said = AnswerEntry.objects.select_related("answer").defer("answer__document")
    return list(
        order.transfers.select_related("batch", "released_by")
        .defer("batch__document")
        .prefetch_related(Prefetch("entries", queryset=said))
        .order_by("attempt")
    )
