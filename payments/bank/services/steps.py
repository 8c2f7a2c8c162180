"""The steps of a batch before it leaves: checked, approved by two persons, or cancelled (§ 38)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import date, datetime
from hashlib import sha256

from django.utils.translation import gettext as _

from payments.bank.bankfile import pain001
from payments.bank.errors import BankRefused, BatchRefused, SamePerson
from payments.bank.models import BankDetails, Batch, BatchStatus, Transfer, TransferStatus
from registry.access.hands import objection
from registry.access.models import Part
from registry.audit.models import AuditEvent, Purpose, Verb
from registry.audit.services import attempt
from registry.models import User


def batch_check(batch_id: int, *, checker: User, at: datetime, today: date) -> Batch:
    """Mark a batch as checked (P-01, P-10).

    Raises SamePerson if the checker drew it up, BatchRefused if it is not drawn up or bank
    details have changed since.
    """
    with batch_attempt(Verb.CHECKED, checker, batch_id):
        batch = batch_locked(batch_id, BatchStatus.DRAWN_UP)
        _refuse_hand(batch, checker, Part.CHECKED)
        _refuse_changed_details(batch, today)
        batch.status, batch.checked_by = BatchStatus.CHECKED, checker
        batch.checked_at = max(at, batch.created_at)
        batch.save(update_fields=["status", "checked_by", "checked_at"])
    return batch


def batch_approve(batch_id: int, *, approver: User, at: datetime, today: date) -> Batch:
    """Approve a checked batch and store its file, which never changes again (P-05).

    Raises SamePerson if the approver had a part in it, BatchRefused if it is not checked or bank
    details have changed since it was drawn up.
    """
    with batch_attempt(Verb.APPROVED, approver, batch_id) as event:
        batch = batch_locked(batch_id, BatchStatus.CHECKED)
        _refuse_hand(batch, approver, Part.APPROVED)
        _refuse_changed_details(batch, today)
        batch.status, batch.approved_by = BatchStatus.APPROVED, approver
        batch.approved_at = max(at, batch.checked_at or at)
        batch.document = document_of(batch)
        batch.sha256 = sha256(batch.document).hexdigest()
        event.details = {"sha256": batch.sha256}
        batch.save(update_fields=["status", "approved_by", "approved_at", "document", "sha256"])
    return batch


def batch_cancel(batch_id: int, *, user: User, at: datetime) -> Batch:
    """Cancel a batch that has not begun to leave; its orders wait again. Raises BatchRefused."""
    with batch_attempt(Verb.DELETED, user, batch_id):
        batch = batch_locked(batch_id, *[s for s in BatchStatus if Batch(status=s).is_cancellable])
        Transfer.objects.filter(batch=batch).update(status=TransferStatus.CANCELLED)
        batch.status, batch.cancelled_by, batch.cancelled_at = BatchStatus.CANCELLED, user, at
        batch.save(update_fields=["status", "cancelled_by", "cancelled_at"])
    return batch


def document_of(batch: Batch) -> bytes:
    """The file of a batch as its rows give it; equal rows, equal bytes."""
    return pain001.document(
        message_id=batch.message_id,
        at=batch.created_at,
        due_day=batch.due_day,
        payer=pain001.Payer(batch.debtor_name, batch.debtor_iban, batch.debtor_bic),
        transfers=_credits(batch),
    )


def _credits(batch: Batch) -> Iterator[pain001.Credit]:
    for transfer in batch.transfers.select_related("order").order_by("pk"):
        yield pain001.Credit(
            end_to_end_id=transfer.end_to_end_id,
            amount_cents=transfer.amount_cents,
            name=transfer.name,
            business_id=transfer.business_id,
            iban=transfer.iban,
            bic=transfer.bic,
            reference=transfer.order.reference,
            text=transfer.order.text,
        )


def batch_attempt(
    verb: Verb, actor: User | None, batch_id: int
) -> AbstractContextManager[AuditEvent]:
    """A step of a batch in one transaction with its event, or its refusal (P-10)."""
    batch = Batch.objects.filter(pk=batch_id).only("message_id").first()
    return attempt(
        BankRefused,
        verb=verb,
        actor=actor,
        about=batch,
        case_ref=f"batch {batch}" if batch else "",
        purpose=Purpose.COMPENSATION,
    )


def batch_locked(batch_id: int, *expected: str) -> Batch:
    """The batch, locked, in one of the states. Raises BatchRefused."""
    batch = Batch.objects.select_for_update().get(pk=batch_id)
    if batch.status not in expected:
        raise BatchRefused(
            _("Batch {batch} is {status}: this step is not possible.").format(
                batch=batch, status=batch.get_status_display()
            )
        )
    return batch


def _refuse_hand(batch: Batch, user: User, part: Part) -> None:
    if reason := objection(batch, user, part):
        raise SamePerson(reason)


def _refuse_changed_details(batch: Batch, today: date) -> None:
    """An account that has been changed since is not paid to: the batch is drawn up anew."""
    current = set(BankDetails.objects.in_force(today).values_list("pk", flat=True))
    transfers = batch.transfers.only("name", "details").order_by("pk")
    changed = next((one for one in transfers if one.details_id not in current), None)
    if changed is not None:
        raise BatchRefused(
            _(
                "The bank details of {payee} have changed. Cancel the batch and draw it up anew."
            ).format(payee=changed.name)
        )
