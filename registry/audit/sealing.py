"""Sealing what has been logged, in batches, without making writers wait (P-10)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from registry.audit.chain import START, TABLES, seal_hash
from registry.audit.models import Log, Seal

SEAL_LOCK = 0x5EA1  # one sealer at a time; any number will do
BATCH = 10_000

# Entries that are gone stay in the list, where `verify_audit` finds them.
WAITING = """
    SELECT max(u.event_id), array_agg(e.id ORDER BY e.id) FILTER (WHERE e.id IS NOT NULL),
           string_agg({digest}, '' ORDER BY e.id) FILTER (WHERE e.id IS NOT NULL)
    FROM (
        SELECT event_id FROM registry_unsealed
        WHERE log = %s AND event_id > %s ORDER BY event_id LIMIT %s
    ) u LEFT JOIN {table} e ON e.id = u.event_id
"""
TAKE_AWAY = "DELETE FROM registry_unsealed WHERE log = %s AND event_id = ANY(%s)"


@dataclass(frozen=True)
class Sealed:
    """What one sealing did."""

    seals: int
    entries: int


def audit_seal(*, at: datetime, batch: int = BATCH) -> Sealed:
    """Seal every committed entry of both logs that no seal holds yet.

    A second sealer waits for the first's batch. An entry committed later, whatever its id, is in
    a later seal.
    """
    seals = entries = 0
    for log in Log:
        after: int | None = 0
        while after is not None:
            after, count = _batch_seal(log, at, after, batch)
            seals, entries = seals + bool(count), entries + count
    return Sealed(seals, entries)


@transaction.atomic
def _batch_seal(log: Log, at: datetime, after: int, batch: int) -> tuple[int | None, int]:
    """Seal a batch of what waits after an id; its last id (None: nothing waits) and its size."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SEAL_LOCK])
        cursor.execute(WAITING.format(**vars(TABLES[log])), [log, after, batch])
        last, ids, digests = cursor.fetchone()
        if ids:
            _seal_store(log, at, ids, bytes(digests))
            cursor.execute(TAKE_AWAY, [log, ids])
    return last, len(ids or ())


def _seal_store(log: Log, at: datetime, ids: list[int], digests: bytes) -> None:
    last = Seal.objects.order_by("number").last()
    link: dict[str, Any] = {"log": log.value, "sealed_at": at, "digests": digests}
    number, previous = (last.number + 1, bytes(last.hash)) if last else (1, START)
    written = "{" + ",".join(map(str, ids)) + "}"
    Seal.objects.create(
        number=number,
        previous_hash=previous,
        hash=seal_hash(previous=previous, number=number, ids=written, **link),
        event_ids=ids,
        count=len(ids),
        first_event=ids[0],
        last_event=ids[-1],
        **link,
    )
