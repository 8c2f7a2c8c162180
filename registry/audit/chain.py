"""The form in which entries are hashed, and the hash of a seal.

The form lies here and not in the database, so that nobody changes it there. It is written once:
a column added later needs a new form beside this one, and seals that say which they hold.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from registry.audit.models import Log

DIGEST_BYTES = 32
START = bytes(DIGEST_BYTES)  # the hash before the first seal

_COMMON = """
    e.id, (extract(epoch FROM e.at) * 1000000)::bigint, e.actor_id, e.acting_for_id, e.case_ref,
    e.persons
"""


@dataclass(frozen=True)
class LogTable:
    """A log's table and the SQL of an entry's digest; the entry is called `e`."""

    table: str
    digest: str


def _digest(form: str, columns: str) -> str:
    return f"sha256(convert_to(ROW('{form}', {_COMMON}, {columns})::text, 'UTF8'))"


TABLES = {
    Log.AUDIT: LogTable(
        "registry_auditevent",
        _digest(
            "audit/1", "e.verb, e.outcome, e.object_type, e.object_id, e.purpose, e.details::text"
        ),
    ),
    Log.DISCLOSURE: LogTable(
        "registry_disclosureevent",
        _digest("disclosure/1", "e.recipient, e.content_class, e.ground"),
    ),
}


def seal_hash(
    *, previous: bytes, number: int, log: str, sealed_at: datetime, ids: str, digests: bytes
) -> bytes:
    """SHA-256 of a seal; `ids` as PostgreSQL writes an array, `{1,2,3}`."""
    moment = int(sealed_at.timestamp() * 1_000_000)
    head = f"seal/1 {number} {log} {moment} {ids} ".encode()
    return sha256(previous + head + digests).digest()
