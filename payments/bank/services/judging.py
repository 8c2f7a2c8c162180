"""What an entry of an answer does to its transfer: changes it, repeats it, or needs a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from payments.bank.bankfile.references import PREFIX
from payments.bank.bankfile.said import Said
from payments.bank.models import EntryKind, EntryOutcome, Stranger, Transfer, TransferStatus
from payments.bank.models.orders import PENDING

REFUSING = (TransferStatus.DRAWN, TransferStatus.CANCELLED)
# What a transfer becomes by what is said, from which statuses, and in which it is known already.
BECOMES: Mapping[EntryKind, tuple[TransferStatus, tuple[str, ...], tuple[str, ...]]] = {
    EntryKind.ACCEPTED: (
        TransferStatus.ACCEPTED,
        (TransferStatus.SENT, TransferStatus.UNKNOWN),
        (TransferStatus.ACCEPTED, TransferStatus.PAID, TransferStatus.RETURNED),
    ),
    EntryKind.REJECTED: (TransferStatus.REJECTED, PENDING, (TransferStatus.REJECTED,)),
    EntryKind.PAID: (
        TransferStatus.PAID,
        PENDING,
        (TransferStatus.PAID, TransferStatus.RETURNED),
    ),
    EntryKind.RETURNED: (
        TransferStatus.RETURNED,
        (*PENDING, TransferStatus.PAID),
        (TransferStatus.RETURNED,),
    ),
}
BOOKINGS = (EntryKind.PAID, EntryKind.RETURNED)
# What comes of an entry, why a person must look at it if so, and the transfer it is about.
Judged = tuple[EntryOutcome, Stranger | None, Transfer | None]


@dataclass
class Known:
    """What is known while an answer is read: transfers by end-to-end id, references of bookings."""

    transfers: Mapping[str, Transfer]
    bookings: dict[tuple[int, str], str]
    today: date
    changed: dict[int, Transfer] = field(default_factory=dict)

    def judge(self, said: Said) -> Judged:
        """Say what comes of an entry, and change its transfer if that is it."""
        transfer = self.transfers.get(said.end_to_end_id)
        stranger = _stranger(said, transfer)
        if stranger is not None or transfer is None:
            return EntryOutcome.STRANGER, stranger, transfer
        if said.kind == EntryKind.PENDING:
            return EntryOutcome.REPEATED, None, transfer
        becomes, before, known = BECOMES[said.kind]
        if transfer.status in before:
            self._change(transfer, said, becomes)
            return EntryOutcome.APPLIED, None, transfer
        if transfer.status not in known:
            return EntryOutcome.STRANGER, Stranger.CONTRADICTS, transfer
        if self._is_another_booking(transfer, said):
            return EntryOutcome.STRANGER, Stranger.TWICE, transfer
        return EntryOutcome.REPEATED, None, transfer

    def _change(self, transfer: Transfer, said: Said, becomes: TransferStatus) -> None:
        transfer.status = becomes
        if said.kind == EntryKind.PAID:
            transfer.paid_on = said.booked_on or self.today
        elif said.kind == EntryKind.RETURNED:
            transfer.returned_on = said.booked_on or self.today
        if said.kind in (EntryKind.REJECTED, EntryKind.RETURNED):
            transfer.reason = said.reason
        if said.kind in BOOKINGS:
            self.bookings[transfer.pk, said.kind] = said.entry_reference
        self.changed[transfer.pk] = transfer

    def _is_another_booking(self, transfer: Transfer, said: Said) -> bool:
        """Whether the bank has booked the same thing under two references of its own."""
        before = self.bookings.get((transfer.pk, said.kind), "")
        return bool(said.kind in BOOKINGS and before and said.entry_reference not in ("", before))


def _stranger(said: Said, transfer: Transfer | None) -> Stranger | None:
    """Why an entry needs a person whatever its transfer has come to; None if it does not."""
    if transfer is None:
        return _unknown(said)
    if said.of_batch and said.of_batch != transfer.batch.message_id:
        return Stranger.OTHER_BATCH
    if transfer.status in REFUSING:
        return Stranger.NOT_SENT
    if said.kind == EntryKind.DUPLICATE:
        return Stranger.DUPLICATE
    if said.kind not in (*BECOMES, EntryKind.PENDING):
        return Stranger.CODE
    return Stranger.AMOUNT if _is_other_amount(said, transfer) else None


def _unknown(said: Said) -> Stranger:
    """Why an entry without a transfer is for a person: lost, or nothing to do with payments."""
    if said.kind == EntryKind.DUPLICATE:
        return Stranger.DUPLICATE
    is_of_account = said.kind in (*BOOKINGS, EntryKind.CREDITED, EntryKind.OTHER)
    if is_of_account and not said.end_to_end_id.startswith(PREFIX):
        return Stranger.NOT_OURS
    return Stranger.UNKNOWN


def _is_other_amount(said: Said, transfer: Transfer) -> bool:
    """Whether what was booked is not what was ordered; a status may leave the amount out."""
    told = said.kind in BOOKINGS or said.amount_cents is not None
    return told and said.amount_cents != transfer.amount_cents
