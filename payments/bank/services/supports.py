"""Telling applications for supports what became of their money (P-05)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import override

from config.lib.money import finnish
from config.templatetags.finnish import day
from grants.applications.states import STEPS, ApplicationStatus, Deed
from grants.applications.steps import application_locked, step_take
from payments.bank.models import PaymentOrder, Transfer, TransferStatus

DEEDS: Mapping[str, Deed] = {
    TransferStatus.PAID: Deed.PAID,
    TransferStatus.REJECTED: Deed.HELD,
    TransferStatus.RETURNED: Deed.HELD,
}


def supports_step(changed: Iterable[Transfer], *, at: datetime) -> None:
    """Take the step of each application whose transfer the bank has paid, rejected or returned."""
    told = {one.order_id: one for one in changed if one.status in DEEDS}
    orders = PaymentOrder.objects.filter(pk__in=told, support__isnull=False)
    for order in orders.select_related("support").order_by("pk"):
        assert order.support is not None
        found = application_locked(order.support.application_id)
        transfer = told[order.pk]
        deed = DEEDS[transfer.status]
        if (deed, ApplicationStatus(found.status)) in STEPS:  # not where it is closed
            step_take(found, deed, by=None, at=at, note=_note(order, transfer, found.language))


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
