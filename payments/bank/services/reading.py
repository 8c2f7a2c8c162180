"""Reading an answer of the bank: whole or not at all, the same again changes nothing (P-05)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from hashlib import sha256

from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from config.lib.money import finnish
from payments.bank.bankfile.answers import answer_read
from payments.bank.bankfile.hardened import NotReadable
from payments.bank.bankfile.references import recovery_of, recovery_reference
from payments.bank.bankfile.said import Report, Said, WholeFile
from payments.bank.errors import AnswerRefused
from payments.bank.models import (
    Answer,
    AnswerEntry,
    Batch,
    BatchStatus,
    EntryKind,
    EntryOutcome,
    Stranger,
    Transfer,
    TransferStatus,
)
from payments.bank.services.judging import BOOKINGS, Judged, Known
from payments.bank.services.standing import transfers_change
from payments.bank.services.supports import supports_step
from payments.recovery.selectors.receiving import Receivable, receivable
from payments.recovery.services.receiving import payments_receive
from registry.audit.models import Purpose, Verb
from registry.audit.services import attempt
from registry.models import User

LOCK = 20022  # of reading: answers are read one after another


def answer_receive(data: bytes, *, received_by: User | None, at: datetime) -> tuple[Answer, bool]:
    """Keep an answer as it came and do what it says; return it, and whether it is new.

    Entries are matched by end-to-end id in one set; what fits nothing is kept for a person.
    Raises AnswerRefused if the file cannot be read as a whole: then nothing of it is kept.
    """
    with attempt(
        AnswerRefused,
        verb=Verb.IMPORTED,
        actor=received_by,
        about=Answer,
        case_ref="bank answer",
        purpose=Purpose.COMPENSATION,
    ) as event:
        digest = event.details["sha256"] = sha256(data).hexdigest()
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        before = Answer.objects.filter(sha256=digest).first()
        answer = before or _receive(data, digest, received_by, at)
        event.object_id = str(answer.pk)
    return answer, before is None


def _receive(data: bytes, digest: str, received_by: User | None, at: datetime) -> Answer:
    report = _read(data)
    _refuse_other_accounts(report)
    _arrived(report, at)
    known = _known(report, at)
    answer = Answer(
        kind=report.kind,
        message_id=report.message_id,
        document=data,
        sha256=digest,
        size=len(data),
        received_at=at,
        received_by=received_by,
    )
    recoveries = receivable(report.said)
    entries = [
        _entry(answer, number, said, _judged(said, known, recoveries))
        for number, said in enumerate(_said(report, known), start=1)
    ]
    _save(answer, entries, known)
    return answer


def _read(data: bytes) -> Report:
    try:
        return answer_read(data)
    except NotReadable as wrong:
        raise AnswerRefused(str(wrong)) from wrong


def _refuse_other_accounts(report: Report) -> None:
    """Bookings are of our own accounts, those of today and those that batches were paid from."""
    ours = {settings.BANK_DEBTOR_IBAN, *Batch.objects.values_list("debtor_iban", flat=True)}
    if others := sorted(report.accounts - ours):
        raise AnswerRefused(
            _("The file is of another account, {account}.").format(account=others[0] or "?")
        )


def _arrived(report: Report, at: datetime) -> None:
    """A file that the bank answers has arrived, also if we were interrupted while sending it."""
    named = {report.whole.message_id} if report.whole else set()
    ids = [said.end_to_end_id for said in report.said]
    sending = Batch.objects.filter(status=BatchStatus.SENDING).select_for_update()
    answered = [
        batch
        for batch in sending
        if batch.message_id in named or batch.transfers.filter(end_to_end_id__in=ids).exists()
    ]
    Batch.objects.filter(pk__in=[batch.pk for batch in answered]).update(
        status=BatchStatus.SENT, sent_at=at
    )
    Transfer.objects.filter(batch__in=answered).update(status=TransferStatus.SENT)


def _known(report: Report, at: datetime) -> Known:
    """The transfers that the report names, locked, and how they have been booked; three queries."""
    transfers = Transfer.objects.select_related("batch").defer("batch__document")
    transfers = transfers.select_for_update(of=("self",))
    found = {
        transfer.end_to_end_id: transfer
        for transfer in transfers.filter(
            end_to_end_id__in=[said.end_to_end_id for said in report.said]
        )
    }
    if report.whole and report.whole.kind is not None:
        whole = transfers.filter(batch__message_id=report.whole.message_id)
        found |= {transfer.end_to_end_id: transfer for transfer in whole.order_by("pk")}
    bookings = AnswerEntry.objects.filter(
        transfer__in=found.values(), outcome=EntryOutcome.APPLIED, kind__in=BOOKINGS
    ).values_list("transfer", "kind", "entry_reference")
    return Known(
        transfers=found,
        bookings={(transfer, kind): reference for transfer, kind, reference in bookings},
        today=timezone.localdate(at),
    )


def _said(report: Report, known: Known) -> Iterator[Said]:
    """Everything said of a payment: by name, and of the rest of a file that was judged whole."""
    yield from report.said
    if report.whole is not None:
        yield from _said_of_whole(report.whole, {said.end_to_end_id for said in report.said}, known)


def _said_of_whole(whole: WholeFile, named: set[str], known: Known) -> Iterator[Said]:
    batch = Batch.objects.filter(message_id=whole.message_id).first()
    if batch is not None:
        _refuse_other_sums(batch, whole)
    if whole.kind is None:
        return
    if batch is None or whole.kind in (EntryKind.DUPLICATE, EntryKind.OTHER):
        if not named:
            yield Said(kind=whole.kind, reason=whole.reason, of_batch=whole.message_id)
        return
    for end_to_end_id, transfer in known.transfers.items():
        if end_to_end_id not in named and transfer.batch_id == batch.pk:
            yield Said(whole.kind, end_to_end_id, reason=whole.reason, of_batch=whole.message_id)


def _refuse_other_sums(batch: Batch, whole: WholeFile) -> None:
    """A bank that took a file must have the sums that were sent; one that rejected it need not."""
    if whole.kind == EntryKind.REJECTED:
        return
    if whole.count not in (None, batch.count) or whole.sum_cents not in (None, batch.sum_cents):
        raise AnswerRefused(
            _(
                "The bank answers {count} transfers of {sum} in {batch}, which has {ours} of {our_sum}."
            ).format(
                count=whole.count,
                sum=finnish(whole.sum_cents or 0),
                batch=batch,
                ours=batch.count,
                our_sum=finnish(batch.sum_cents),
            )
        )


def _judged(said: Said, known: Known, recoveries: Receivable) -> Judged:
    """What comes of an entry: money for a recovery, or something about a transfer."""
    if received := recoveries.judge(said):
        return received, None, None
    outcome, stranger, transfer = known.judge(said)
    if stranger == Stranger.NOT_OURS and _recovery_named(said):
        stranger = Stranger.RECOVERY
    return outcome, stranger, transfer


def _entry(answer: Answer, position: int, said: Said, judged: Judged) -> AnswerEntry:
    outcome, stranger, transfer = judged
    return AnswerEntry(
        answer=answer,
        position=position,
        kind=said.kind,
        end_to_end_id=said.end_to_end_id,
        amount_cents=said.amount_cents,
        booked_on=said.booked_on,
        entry_reference=said.entry_reference,
        reason=said.reason,
        reference=_recovery_named(said),
        outcome=outcome,
        stranger=stranger or "",
        transfer=transfer,
    )


def _recovery_named(said: Said) -> str:
    """The reference of money received, where it is a recovery's: others' references are not kept."""
    case_id = recovery_of(said.reference) if said.kind == EntryKind.CREDITED else None
    return recovery_reference(case_id) if case_id else ""


def _save(answer: Answer, entries: Sequence[AnswerEntry], known: Known) -> None:
    outcomes = Counter(entry.outcome for entry in entries)
    answer.applied = outcomes[EntryOutcome.APPLIED] + outcomes[EntryOutcome.RECOVERY]
    answer.repeated = outcomes[EntryOutcome.REPEATED]
    answer.strangers = outcomes[EntryOutcome.STRANGER]
    answer.save()
    AnswerEntry.objects.bulk_create(entries)
    transfers_change(known.changed.values())
    payments_receive(entries, at=answer.received_at)
    supports_step(known.changed.values(), at=answer.received_at)
