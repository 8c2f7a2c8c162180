"""What waits to be paid: of approved runs, of decisions on supports and on their costs (P-05)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from config.lib.months import Month
from grants.models import CostClaim, SupportProposal
from payments.bank.models import BankDetails, PaymentOrder
from payments.models import Proposal, RunStatus
from payments.recovery.models import to_pay


@dataclass(frozen=True)
class Owed:
    """A payee (id) that is owed something in cents, since a day, and has bank details or not."""

    payee: int
    cents: int
    since: date
    is_held: bool


def owed(today: date) -> list[Owed]:
    """All that waits and that nobody has to look at first; one query."""
    details = BankDetails.objects.in_force(today)
    of_runs = unpaid_proposals().values_list(
        "payee", "to_pay_cents", "run__month", ~Exists(details.filter(payee=OuterRef("payee")))
    )
    payee = OuterRef("application__applicant")
    of_supports = unpaid_supports().values_list(
        "application__applicant",
        "difference_cents",
        "decision__decided_on",
        ~Exists(details.filter(payee=payee)),
    )
    of_costs = unpaid_costs().values_list(
        "application__applicant",
        "accepted_cents",
        "decision__decided_on",
        ~Exists(details.filter(payee=payee)),
    )
    others = (of_supports.order_by(), of_costs.order_by())
    return [Owed(*row) for row in of_runs.order_by().union(*others, all=True)]


def unpaid_proposals() -> QuerySet[Proposal]:
    """Approved proposals of which something is left after set-offs, that no transfer pays.

    Nobody has to look at them first either. `to_pay_cents` is what is left.
    """
    positive = Proposal.objects.filter(
        _unpaid(), run__status=RunStatus.APPROVED, amount_cents__gt=0
    )
    return positive.annotate(to_pay_cents=to_pay()).filter(to_pay_cents__gt=0)


def unpaid_supports() -> QuerySet[SupportProposal]:
    """Decisions that grant a support which no transfer pays and nobody has to look at first."""
    return SupportProposal.objects.payable().filter(_unpaid())


def unpaid_costs() -> QuerySet[CostClaim]:
    """Accepted claims of costs which no transfer pays and nobody has to look at first."""
    return CostClaim.objects.payable().filter(_unpaid())


def _unpaid() -> Q:
    return Q(order=None) | Q(order__in=PaymentOrder.objects.waiting())


def left_to_order(month: Month) -> dict[int, int]:
    """Approved proposals up to the month without an order, by id: what is left after set-offs.

    In cents; one query.
    """
    lacking = Proposal.objects.filter(
        run__status=RunStatus.APPROVED, run__month__lte=month.first_day, order=None
    ).annotate(to_pay_cents=to_pay())
    return dict(lacking.filter(to_pay_cents__gt=0).values_list("pk", "to_pay_cents"))


def supports_to_order() -> QuerySet[SupportProposal]:
    """Decisions that grant a support and have no order yet, the earliest first."""
    lacking = SupportProposal.objects.payable().filter(order=None)
    return lacking.select_related("application__applicant", "decision").order_by("decided_at", "pk")


def costs_to_order() -> QuerySet[CostClaim]:
    """Accepted claims of costs that have no order yet, the earliest decided first."""
    lacking = CostClaim.objects.payable().filter(order=None)
    return lacking.select_related("application__applicant", "decision").order_by("decision", "pk")
