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
    SELECT array_agg(e.id ORDER BY e.id), string_agg({digest}, '' ORDER BY e.id)
    FROM (
        SELECT e.* FROM registry_unsealed u JOIN {table} e ON e.id = u.event_id
        WHERE u.log = %s ORDER BY u.event_id LIMIT %s
    ) e
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
        while count := _batch_seal(log, at, batch):
            seals, entries = seals + 1, entries + count
    return Sealed(seals, entries)


@transaction.atomic
def _batch_seal(log: Log, at: datetime, batch: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SEAL_LOCK])
        cursor.execute(WAITING.format(**vars(TABLES[log])), [log, batch])
        ids, digests = cursor.fetchone()
        if ids is None:
            return 0
        _seal_store(log, at, ids, bytes(digests))
        cursor.execute(TAKE_AWAY, [log, ids])
    return len(ids)


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
