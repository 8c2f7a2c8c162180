"""How a batch stands by its transfers, and what has waited for an answer too long (P-05)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import connection, transaction

from payments.bank.banking_days import banking_days_after
from payments.bank.models import Batch, Transfer, TransferStatus
from registry.audit.models import Purpose, Verb
from registry.audit.services import audit_record

RESTATE = """
UPDATE payments_batch b SET status = standing.status
FROM (
    SELECT batch_id, CASE
        WHEN bool_and(status = 'rejected') THEN 'rejected'
        WHEN bool_and(status IN ('paid', 'rejected', 'returned')) THEN 'settled'
        WHEN bool_or(status = 'unknown') THEN 'unknown'
        WHEN bool_or(status = 'rejected') THEN 'partly_rejected'
        WHEN bool_and(status <> 'sent') THEN 'acknowledged'
    END AS status
    FROM payments_transfer
    WHERE batch_id = ANY (%s)
    GROUP BY batch_id
) standing
WHERE b.id = standing.batch_id AND b.status <> standing.status
  AND b.status IN ('sent', 'acknowledged', 'partly_rejected', 'unknown')
"""

CHANGE = """
UPDATE payments_transfer t
SET status = said.status, paid_on = said.paid_on, returned_on = said.returned_on,
    reason = said.reason
FROM unnest(%s::bigint[], %s::text[], %s::date[], %s::date[], %s::text[])
     AS said (id, status, paid_on, returned_on, reason)
WHERE t.id = said.id
"""


def transfers_change(transfers: Iterable[Transfer]) -> None:
    """Store what was said of transfers, and how their batches stand by it; two statements."""
    rows = list(transfers)
    columns = ("pk", "status", "paid_on", "returned_on", "reason")
    with connection.cursor() as cursor:
        cursor.execute(CHANGE, [[getattr(row, column) for row in rows] for column in columns])
    batches_restate({row.batch_id for row in rows})


def batches_restate(batches: Collection[int]) -> None:
    """Give batches the status that their transfers amount to; one statement."""
    with connection.cursor() as cursor:
        cursor.execute(RESTATE, [list(batches)])


@transaction.atomic
def transfers_time_out(*, at: datetime, today: date) -> int:
    """Mark as unknown what the bank has not answered in time; return how many transfers.

    In time is BANK_ANSWER_HOURS for the first answer, and BANK_BOOKING_DAYS banking days after the
    due day for the booking. Whatever is answered later still counts.
    """
    late: list[int] = []
    for batch in Batch.objects.awaiting().select_for_update():
        waiting = [TransferStatus.SENT] if _is_unanswered(batch, at) else []
        if today > banking_days_after(batch.due_day, settings.BANK_BOOKING_DAYS):
            waiting = [TransferStatus.SENT, TransferStatus.ACCEPTED]
        late += Transfer.objects.filter(batch=batch, status__in=waiting).values_list(
            "pk", flat=True
        )
    Transfer.objects.filter(pk__in=late).update(status=TransferStatus.UNKNOWN)
    batches_restate(set(Transfer.objects.filter(pk__in=late).values_list("batch_id", flat=True)))
    if late:
        audit_record(
            verb=Verb.CHANGED,
            actor=None,
            about=Transfer,
            case_ref="bank answer",
            purpose=Purpose.COMPENSATION,
            details={"step": TransferStatus.UNKNOWN, "rows": late},
        )
    return len(late)


def _is_unanswered(batch: Batch, at: datetime) -> bool:
    assert batch.sent_at is not None
    return at > batch.sent_at + timedelta(hours=settings.BANK_ANSWER_HOURS)
