"""Keeping what payments tell of a support: that its money was booked, or came back (P-05, P-06)."""

from __future__ import annotations

from datetime import date

from grants.applications.models import Application
from grants.decisions.models import SupportPayment


def support_paid(application: Application, *, transfer: str, cents: int, day: date) -> None:
    """Keep that the bank has booked a transfer, once; cents."""
    kept = SupportPayment.objects.filter(transfer=transfer, cents__gt=0)
    if not kept.exists():
        SupportPayment.objects.create(
            application=application, transfer=transfer, cents=cents, day=day
        )


def support_returned(application: Application, *, transfer: str, day: date) -> None:
    """Keep that a transfer came back, once, if it was booked before."""
    kept = SupportPayment.objects.filter(application=application, transfer=transfer)
    booked = list(kept.values_list("cents", flat=True))
    if len(booked) == 1:
        SupportPayment.objects.create(
            application=application, transfer=transfer, cents=-booked[0], day=day
        )
