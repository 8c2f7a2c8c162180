"""Sending an approved batch: once, and harmlessly the same if it happens twice (P-05).

The claim is committed first, then the file is put where the bank takes it, under a name made of
its message id, then the batch is marked as sent. Whoever dies in between leaves a batch that is
"being sent"; sending it again puts the same bytes under the same name.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from django.conf import settings
from django.utils.module_loading import import_string

from payments.bank.errors import BankRefused
from payments.bank.models import Batch, BatchStatus, Transfer, TransferStatus
from payments.bank.outbound import Outbound
from payments.bank.services.steps import batch_attempt, batch_locked
from registry.audit.models import Verb
from registry.models import User


def batch_send(batch_id: int, *, user: User | None, at: datetime) -> Batch:
    """Send an approved batch, or finish sending one that was interrupted.

    Raises BatchRefused if it is not approved or has been sent, NotDelivered if the file did not
    reach its place: the batch then stays "being sent" and can be sent again.
    """
    with batch_attempt(Verb.CHANGED, user, batch_id) as event:
        event.details = {"step": BatchStatus.SENDING}
        _claim(batch_id, at)
    with batch_attempt(Verb.CHANGED, user, batch_id) as event:
        event.details = {"step": BatchStatus.SENT}
        return _deliver(batch_id, at)


def batches_send(*, user: User | None, at: datetime) -> list[Batch]:
    """Send everything that is approved or was interrupted while being sent; raises as one does."""
    waiting = Batch.objects.filter(status__in=[BatchStatus.APPROVED, BatchStatus.SENDING])
    return [
        batch_send(pk, user=user, at=at)
        for pk in waiting.order_by("pk").values_list("pk", flat=True)
    ]


def batches_finish(*, at: datetime) -> None:
    """Finish sending what was interrupted; what does not reach the bank stays, logged as refused."""
    for pk in Batch.objects.filter(status=BatchStatus.SENDING).values_list("pk", flat=True):
        with suppress(BankRefused):
            batch_send(pk, user=None, at=at)


def outbound() -> Outbound:
    """The way to the bank that the settings name."""
    way: Outbound = import_string(settings.BANK_OUTBOUND)()
    return way


def _claim(batch_id: int, at: datetime) -> None:
    """From here on nobody can cancel it: the file may be on its way."""
    batch = batch_locked(batch_id, BatchStatus.APPROVED, BatchStatus.SENDING)
    if batch.status == BatchStatus.APPROVED:
        batch.status = BatchStatus.SENDING
        batch.sending_at = max(at, batch.approved_at or at)
        batch.save(update_fields=["status", "sending_at"])


def _deliver(batch_id: int, at: datetime) -> Batch:
    """Put the file where the bank takes it while holding the batch, then mark it as sent."""
    batch = batch_locked(batch_id, BatchStatus.SENDING)
    assert batch.document is not None
    outbound().deliver(f"{batch.message_id}.xml", bytes(batch.document))
    batch.status, batch.sent_at = BatchStatus.SENT, max(at, batch.sending_at or at)
    batch.save(update_fields=["status", "sent_at"])
    Transfer.objects.filter(batch=batch).update(status=TransferStatus.SENT)
    return batch
