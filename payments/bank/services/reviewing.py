"""What a person does about payments: looks at what failed, and at what fits nothing (P-05)."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from payments.bank.errors import BatchRefused
from payments.bank.models import AnswerEntry, PaymentOrder, Transfer
from registry.audit.models import Purpose, Verb
from registry.audit.services import attempt
from registry.models import User


def order_release(order_id: int, *, reviewer: User, note: str, at: datetime) -> Transfer:
    """Let the order of a rejected or returned transfer be paid anew, having looked at why.

    Raises BatchRefused if none of its transfers waits to be looked at.
    """
    with attempt(
        BatchRefused,
        verb=Verb.CHANGED,
        actor=reviewer,
        about=PaymentOrder(pk=order_id),
        case_ref="payment",
        purpose=Purpose.COMPENSATION,
    ):
        failed = (
            Transfer.objects.to_review()
            .select_for_update(of=("self",))
            .filter(order=order_id)
            .first()
        )
        if failed is None:
            raise BatchRefused(_("This order does not wait to be looked at."))
        failed.released_by, failed.released_at, failed.note = reviewer, at, note
        failed.save(update_fields=["released_by", "released_at", "note"])
    return failed


def stranger_handle(entry_id: int, *, reviewer: User, note: str, at: datetime) -> AnswerEntry:
    """Note what was found out about an entry that fits nothing. Raises BatchRefused if it has been."""
    with attempt(
        BatchRefused,
        verb=Verb.CHANGED,
        actor=reviewer,
        about=AnswerEntry(pk=entry_id),
        case_ref="bank answer",
        purpose=Purpose.COMPENSATION,
    ):
        entry = AnswerEntry.objects.strangers().select_for_update().filter(pk=entry_id).first()
        if entry is None:
            raise BatchRefused(_("This entry does not wait for anybody."))
        entry.handled_by, entry.handled_at, entry.note = reviewer, at, note
        entry.save(update_fields=["handled_by", "handled_at", "note"])
    return entry
