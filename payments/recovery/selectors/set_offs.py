"""What a payee's month was reduced by."""

from __future__ import annotations

from django.db.models import Sum

from payments.models import Proposal, RecoveryEntry
from payments.recovery.models import EntryKind


def set_offs_decided(proposal: Proposal) -> list[RecoveryEntry]:
    """What was set off against the proposal when it was decided; one query.

    Later reversals are not in it: documents made early and late say the same.
    """
    entries = proposal.set_offs.filter(kind=EntryKind.SET_OFF).select_related("case")
    return list(entries.order_by("pk"))


def set_off_cents(proposal: Proposal) -> int:
    """How much that is, in cents; one query."""
    entries = proposal.set_offs.filter(kind=EntryKind.SET_OFF)
    return -int(entries.aggregate(cents=Sum("amount_cents", default=0))["cents"])


def set_offs_standing(proposal: Proposal) -> list[RecoveryEntry]:
    """What is set off against the proposal now, reversed ones left out; one query."""
    entries = proposal.set_offs.filter(kind=EntryKind.SET_OFF, reversal=None)
    return list(entries.select_related("case").order_by("pk"))
