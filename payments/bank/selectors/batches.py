"""Batches, what waits to be paid, and what a person has to look at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Max, Min, Prefetch, Q, QuerySet, Sum

from config.lib.months import Month
from payments.bank.models import (
    AnswerEntry,
    BankDetails,
    Batch,
    BatchStatus,
    PaymentOrder,
    Transfer,
)
from payments.bank.models.batches import UNSENT
from payments.models import Proposal, Run, RunStatus
from payments.recovery.models import to_pay
from registry.models import Organisation


@dataclass(frozen=True)
class Waiting:
    """What waits: to be paid, held without bank details, to be looked at; amounts in cents."""

    month: Month | None  # the latest approved run's, up to which a batch is drawn up
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
    proposals = unpaid_proposals()
    held = Q(~Q(payee__in=_payees_with_details(today)))
    sums = proposals.aggregate(
        payable=Count("pk", filter=~held),
        payable_cents=Sum("to_pay_cents", filter=~held, default=0),
        held=Count("payee", filter=held, distinct=True),
        held_cents=Sum("to_pay_cents", filter=held, default=0),
    )
    last = Run.objects.approved().aggregate(month=Max("month"))["month"]
    return Waiting(
        month=Month.of(last) if last else None,
        to_review=Transfer.objects.to_review().count(),
        strangers=AnswerEntry.objects.strangers().count(),
        **sums,
    )


def held_payees(today: date) -> int:
    """How many payees of approved runs cannot be paid for want of bank details; one query."""
    held = unpaid_proposals().exclude(payee__in=_payees_with_details(today))
    return held.values("payee").distinct().count()


def batches_to_work_on() -> list[Batch]:
    """Batches that wait for somebody's step or whose transfers are unknown; one query."""
    statuses = (*UNSENT, BatchStatus.SENDING, BatchStatus.UNKNOWN)
    return list(Batch.objects.filter(status__in=statuses).defer("document").order_by("pk"))


def held_list(today: date) -> list[Held]:
    """Payees that cannot be paid, with what waits for them; two queries."""
    rows = list(
        unpaid_proposals()
        .exclude(payee__in=_payees_with_details(today))
        .values("payee")
        .annotate(orders=Count("pk"), cents=Sum("to_pay_cents"), since=Min("run__month"))
        .order_by("payee__kind", "payee__code")
    )
    payees = Organisation.objects.in_bulk([row["payee"] for row in rows])
    return [Held(payees[row["payee"]], row["orders"], row["cents"], row["since"]) for row in rows]


def left_to_order(month: Month) -> dict[int, int]:
    """Approved proposals up to the month without an order, by id: what is left after set-offs.

    In cents; one query.
    """
    lacking = Proposal.objects.filter(
        run__status=RunStatus.APPROVED, run__month__lte=month.first_day, order=None
    ).annotate(to_pay_cents=to_pay())
    return dict(lacking.filter(to_pay_cents__gt=0).values_list("pk", "to_pay_cents"))


def unpaid_proposals() -> QuerySet[Proposal]:
    """Approved proposals of which something is left after set-offs, that no transfer pays.

    Nobody has to look at them first either. `to_pay_cents` is what is left.
    """
    waiting = Q(order=None) | Q(order__in=PaymentOrder.objects.waiting())
    positive = Proposal.objects.filter(waiting, run__status=RunStatus.APPROVED, amount_cents__gt=0)
    return positive.annotate(to_pay_cents=to_pay()).filter(to_pay_cents__gt=0)


def _payees_with_details(today: date) -> QuerySet[BankDetails, Any]:
    return BankDetails.objects.in_force(today).values("payee")


def batch_transfers(batch: Batch) -> QuerySet[Transfer]:
    """The transfers of a batch with their orders and payees, in the file's order."""
    return batch.transfers.select_related("order__payee", "order__proposal__run").order_by("pk")


def transfers_to_review() -> QuerySet[Transfer]:
    """Failed transfers that a reviewer has to look at, the earliest first."""
    related = ("order__payee", "order__proposal__run", "batch")
    failed = Transfer.objects.to_review().select_related(*related)
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
