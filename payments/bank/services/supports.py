"""Telling applications for supports what became of their money (P-05)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import override

from config.lib.money import finnish
from config.templatetags.finnish import day
from grants.applications.models import Application
from grants.applications.states import STEPS, ApplicationStatus, Deed
from grants.applications.steps import application_locked, step_take
from grants.costs.services.paying import cost_settle
from grants.costs.states import CostDeed
from grants.decisions.services.paying import support_paid, support_returned
from payments.bank.models import PaymentOrder, Transfer, TransferStatus

DEEDS: Mapping[str, Deed] = {
    TransferStatus.PAID: Deed.PAID,
    TransferStatus.REJECTED: Deed.HELD,
    TransferStatus.RETURNED: Deed.HELD,
}


def supports_step(changed: Iterable[Transfer], *, at: datetime) -> None:
    """Take the step of each application and claim of costs whose transfer the bank has settled."""
    told = {one.order_id: one for one in changed if one.status in DEEDS}
    orders = PaymentOrder.objects.filter(pk__in=told, proposal=None)
    related = ("support__application", "cost__application")
    for order in orders.select_related(*related).order_by("pk"):
        assert order.application is not None
        found = application_locked(order.application.pk)
        transfer = told[order.pk]
        deed = DEEDS[transfer.status]
        _keep(found, transfer)
        if (deed, ApplicationStatus(found.status)) in STEPS:  # not where it is closed
            step_take(found, deed, by=None, at=at, note=_note(order, transfer, found.language))
        if order.cost is not None:
            cost_settle(order.cost, CostDeed(deed.value), at=at)


def _keep(application: Application, transfer: Transfer) -> None:
    """What the frame of the round has paid (P-06), also where the application is closed."""
    if transfer.status == TransferStatus.PAID:
        assert transfer.paid_on
        support_paid(
            application,
            transfer=transfer.end_to_end_id,
            cents=transfer.amount_cents,
            day=transfer.paid_on,
        )
    elif transfer.status == TransferStatus.RETURNED:
        assert transfer.returned_on
        support_returned(application, transfer=transfer.end_to_end_id, day=transfer.returned_on)


def _note(order: PaymentOrder, transfer: Transfer, language: str) -> str:
    """What the applicant reads of the payment, in its language."""
    facts = {"sum": finnish(transfer.amount_cents), "reference": order.reference_shown}
    with override(language):
        if transfer.status == TransferStatus.PAID:
            text = _("{sum} on {day}, reference {reference}")
            return text.format(**facts, day=day(transfer.paid_on))
        return _("{sum}, reference {reference}: the bank did not pay it to the account").format(
            **facts
        )
