"""Orders of what approved runs and decisions on supports owe and nobody has ordered yet (P-05)."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import override

from config.lib.months import Month
from grants.models import CostClaim, SupportProposal
from payments.bank.bankfile import references
from payments.bank.models import PaymentOrder
from payments.bank.selectors.unpaid import costs_to_order, left_to_order, supports_to_order
from payments.models import Proposal
from registry.models import Organisation
from registry.organisations.models import Language

SWEDISH = (Language.SWEDISH, Language.BILINGUAL_SWEDISH)


def orders_create(month: Month, *, at: datetime) -> int:
    """Make the orders that runs up to the month and decisions still lack; return their number.

    One a proposal of which something is left to pay after its set-offs, one a decision that grants
    more than those before it, one a claim of costs that is accepted, whatever happens at once
    (unique keys); zero and below get none.
    """
    _lock(month)
    cents = left_to_order(month)
    proposals = Proposal.objects.filter(pk__in=cents).select_related("run", "payee")
    orders = [_of_run(proposal, cents[proposal.pk], at) for proposal in proposals.order_by("pk")]
    orders += [_of_support(decided, at) for decided in supports_to_order()]
    orders += [_of_cost(claim, at) for claim in costs_to_order()]
    PaymentOrder.objects.bulk_create(orders)
    return len(orders)


def _lock(month: Month) -> None:
    """Wait for whoever is setting off or reversing against the months that lack an order."""
    lacking = Proposal.objects.filter(
        order=None, run__month__lte=month.first_day, amount_cents__gt=0
    )
    list(lacking.select_for_update(of=("self",), no_key=True).order_by("pk").values_list("pk"))


def is_swedish(payee: Organisation) -> bool:
    """Whether a payee's own language is Swedish."""
    return payee.language in SWEDISH


def end_to_end_id(order: PaymentOrder, attempt: int) -> str:
    """The id of an attempt to pay the order."""
    if order.proposal is not None:
        return references.end_to_end_id(Month.of(order.proposal.run.month), order.payee, attempt)
    decision = order.decision
    return references.decision_end_to_end_id(decision.year, decision.serial, attempt)


def _of_run(proposal: Proposal, cents: int, at: datetime) -> PaymentOrder:
    month = Month.of(proposal.run.month)
    with override("sv" if is_swedish(proposal.payee) else "fi"):
        text = _("Calculated compensation {month}").format(month=f"{month.number}/{month.year}")
    return PaymentOrder(
        proposal=proposal,
        payee=proposal.payee,
        amount_cents=cents,
        reference=references.reference(month, proposal.payee),
        text=text,
        created_at=at,
    )


def _of_support(decided: SupportProposal, at: datetime) -> PaymentOrder:
    order = PaymentOrder(support=decided, amount_cents=decided.difference_cents, created_at=at)
    return _of_decision(order)


def _of_cost(claim: CostClaim, at: datetime) -> PaymentOrder:
    assert claim.accepted_cents is not None
    return _of_decision(PaymentOrder(cost=claim, amount_cents=claim.accepted_cents, created_at=at))


def _of_decision(order: PaymentOrder) -> PaymentOrder:
    """The order with what the payee sees: its application's support, and its decision's number."""
    application, decision = order.application, order.decision
    assert application is not None
    order.payee = application.applicant
    with override("sv" if is_swedish(order.payee) else "fi"):
        text = _("{support}, decision {number}").format(
            support=application.get_support_display().capitalize(), number=decision.number
        )
    order.reference = references.decision_reference(decision.year, decision.serial)
    order.text = text[:140]
    return order
