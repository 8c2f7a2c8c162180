"""Proving that the logs are as they were sealed, or naming the first place where not (P-10)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from registry.audit.anchors import Anchor, BadAnchor, anchors_read
from registry.audit.chain import DIGEST_BYTES, START, TABLES, seal_hash
from registry.audit.models import Log

SEALS = """
    SELECT number, log, sealed_at, event_ids::text, digests, previous_hash, hash, count,
           first_event, last_event,
           CASE log {cases} END
    FROM registry_seal s WHERE number > %s ORDER BY number LIMIT %s
"""
ANCHOR_GRACE = timedelta(minutes=10)  # from a seal to the anchor of its day
AT_ONCE = 4  # seals; each is some hundreds of kilobytes
CASE = """
    WHEN '{log}' THEN (SELECT string_agg({digest}, '' ORDER BY e.id) FROM {table} e
                       WHERE e.id = ANY (s.event_ids))
"""
FOUND = "SELECT e.id, {digest} FROM {table} e WHERE e.id = ANY(%s)"

# An entry is in a seal or waits for one; what waits is there. One statement, one moment.
STRAYS = """
    SELECT min(id) FROM (
        SELECT id FROM {table}
        EXCEPT (
            SELECT unnest(event_ids) FROM registry_seal WHERE log = %(log)s
            UNION ALL SELECT event_id FROM registry_unsealed WHERE log = %(log)s
        )
    ) stray
"""
GONE = """
    SELECT min(u.event_id) FROM registry_unsealed u
    WHERE u.log = %(log)s AND NOT EXISTS (SELECT FROM {table} e WHERE e.id = u.event_id)
"""


class Broken(Exception):
    """The log is not as it was; the message names the first broken link."""


@dataclass(frozen=True)
class Link:
    """A seal as stored, and the digests of its entries as they are now."""

    number: int
    log: str
    sealed_at: datetime
    ids: str
    digests: bytes
    previous: bytes
    hash: bytes
    count: int
    first_event: int
    last_event: int
    now: bytes | None

    def event_ids(self) -> list[int]:
        """The ids of its entries."""
        return [int(number) for number in self.ids.strip("{}").split(",")]


@dataclass(frozen=True)
class Verified:
    """What was proved: seals, their entries, entries that wait for a seal, anchors."""

    seals: int
    entries: int
    waiting: int
    anchors: int


def audit_verify(*, at: datetime) -> Verified:
    """Recompute the whole chain and compare it with the anchors. Raises Broken.

    `at` is now: a seal younger than a few minutes need not have the anchor of its day yet.
    """
    anchors = _anchors()
    previous, number, entries, settled_at = START, 0, 0, None
    for link in _links():
        _check_link(link, expected=number + 1, previous=previous)
        previous, number, entries = link.hash, link.number, entries + link.count
        if link.sealed_at < at - ANCHOR_GRACE:
            settled_at = link.sealed_at
        _check_anchors(anchors.get(number, []), link, entries)
    _check_anchored(anchors, number, settled_at)
    for log in Log:
        _check_strays(log)
    return Verified(number, entries, _waiting(), sum(map(len, anchors.values())))


def _links() -> Iterator[Link]:
    cases = "".join(CASE.format(log=log.value, **vars(TABLES[log])) for log in Log)
    query, rows = SEALS.format(cases=cases), [(-1,)]
    while rows:
        with connection.cursor() as cursor:
            cursor.execute(query, [rows[-1][0], AT_ONCE])
            rows = cursor.fetchall()
        yield from (Link(*row) for row in rows)


def _check_link(link: Link, *, expected: int, previous: bytes) -> None:
    """Raise Broken if the seal does not follow, is not as it was, or an entry of it is not."""
    if link.number != expected:
        raise Broken(_("Seal {number} is missing.").format(number=expected))
    if bytes(link.previous) != previous:
        raise Broken(_("Seal {number} does not follow the one before.").format(number=link.number))
    ids = link.event_ids()
    stored = (link.count, link.first_event, link.last_event, len(link.digests) // DIGEST_BYTES)
    if _hash(link) != link.hash or stored != (len(ids), ids[0], ids[-1], len(ids)):
        raise Broken(_("Seal {number} has been altered.").format(number=link.number))
    if link.now != link.digests:
        raise Broken(_first_wrong(link))


def _hash(link: Link) -> bytes:
    return seal_hash(
        previous=link.previous,
        number=link.number,
        log=link.log,
        sealed_at=link.sealed_at,
        ids=link.ids,
        digests=link.digests,
    )


def _first_wrong(link: Link) -> str:
    """The first entry of the seal that is missing or not as it was sealed."""
    log, ids = Log(link.log), link.event_ids()
    with connection.cursor() as cursor:
        cursor.execute(FOUND.format(**vars(TABLES[log])), [ids])
        found = {number: bytes(digest) for number, digest in cursor.fetchall()}
    for place, number in enumerate(ids):
        digest = link.digests[place * DIGEST_BYTES : (place + 1) * DIGEST_BYTES]
        if found.get(number) != digest:
            text = (
                _("Seal {number}: entry {entry} of the {log} has been altered.")
                if number in found
                else _("Seal {number}: entry {entry} of the {log} is missing.")
            )
            return text.format(number=link.number, entry=number, log=log.label)
    raise AssertionError("the digests differ, so an entry does")


def _check_anchors(anchors: list[Anchor], link: Link, entries: int) -> None:
    for anchor in anchors:
        if (anchor.hash, anchor.count) != (link.hash.hex(), entries):
            raise Broken(
                _("Seal {number} is not the one anchored on {day}.").format(
                    number=link.number, day=anchor.day
                )
            )


def _check_anchored(
    anchors: dict[int, list[Anchor]], seals: int, settled_at: datetime | None
) -> None:
    """Raise Broken if an anchor is past the chain's end, or the last day of sealing has none."""
    if beyond := [number for number in anchors if number > seals or number < 1]:
        raise Broken(_("Seal {number} is anchored but missing.").format(number=min(beyond)))
    days = [anchor.day for same in anchors.values() for anchor in same]
    if settled_at and not days:
        raise Broken(_("There are seals but no anchor."))
    if settled_at and max(days) < localdate(settled_at):
        raise Broken(_("The anchor of {day} is missing.").format(day=localdate(settled_at)))


def _anchors() -> dict[int, list[Anchor]]:
    """The anchors by the seal they name. Raises Broken."""
    by_seal: dict[int, list[Anchor]] = {}
    try:
        for anchor in anchors_read():
            by_seal.setdefault(anchor.number, []).append(anchor)
    except BadAnchor as bad:
        raise Broken(_("{place} is not an anchor.").format(place=bad)) from None
    return by_seal


def _check_strays(log: Log) -> None:
    """Raise Broken for an entry past every seal, or one gone before its seal."""
    with connection.cursor() as cursor:
        for query, text in (
            (STRAYS, _("Entry {entry} of the {log} is in no seal: it came in behind the service.")),
            (GONE, _("Entry {entry} of the {log} went missing before it was sealed.")),
        ):
            cursor.execute(query.format(**vars(TABLES[log])), {"log": log.value})
            if (entry := cursor.fetchone()[0]) is not None:
                raise Broken(text.format(entry=entry, log=log.label))


def _waiting() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM registry_unsealed")
        return int(cursor.fetchone()[0])
