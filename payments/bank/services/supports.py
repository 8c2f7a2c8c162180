"""Telling applications for supports what became of their money (P-05)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

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
    deeds = {one.order_id: DEEDS[one.status] for one in changed if one.status in DEEDS}
    orders = PaymentOrder.objects.filter(pk__in=deeds, support__isnull=False)
    for order, application in orders.order_by("pk").values_list("pk", "support__application"):
        found = application_locked(application)
        if (deeds[order], ApplicationStatus(found.status)) in STEPS:  # not where it is closed
            step_take(found, deeds[order], by=None, at=at)
