"""The anchor file: a line a day outside the database, of the seal the chain had reached (P-10).

`2026-11-23 17 <hash> <entries sealed so far>`. Whoever rewrites the whole chain would have to
rewrite this file too, and every copy taken of it.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.conf import settings
from django.db.models import Sum

from registry.audit.models import Seal

FILE = "anchors.txt"


class BadAnchor(ValueError):
    """A line of the anchor file that is no anchor; the message names it."""


@dataclass(frozen=True)
class Anchor:
    """The chain as it stood on a day: the last seal, its hash, the entries sealed up to it."""

    day: date
    number: int
    hash: str
    count: int

    def __str__(self) -> str:
        return f"{self.day} {self.number} {self.hash} {self.count}"

    @classmethod
    def parse(cls, line: str) -> Anchor:
        """Read a line of the file. Raises ValueError."""
        day, number, digest, count = line.split()
        return cls(date.fromisoformat(day), int(number), digest, int(count))


def anchor_path() -> Path:
    """The anchor file."""
    return Path(settings.AUDIT_ANCHOR_FOLDER) / FILE


def anchors_read() -> list[Anchor]:
    """The anchors in the order they were written; none if there is no file. Raises BadAnchor."""
    path = anchor_path()
    anchors = []
    lines = path.read_text(encoding="ascii", errors="replace") if path.exists() else ""
    for number, line in enumerate(lines.splitlines(), start=1):
        try:
            anchors.append(Anchor.parse(line))
        except ValueError:
            raise BadAnchor(f"{FILE}:{number}") from None
    return anchors


def anchor_write(*, today: date, always: bool = False) -> Anchor | None:
    """Append the day's anchor unless it is there; `always` appends another. Raises BadAnchor."""
    last = Seal.objects.order_by("number").last()
    written = anchors_read()
    if last is None or (written and written[-1].day >= today and not always):
        return None
    sealed = Seal.objects.filter(number__lte=last.number)  # others may be sealing meanwhile
    count = sealed.aggregate(sum=Sum("count"))["sum"]
    anchor = Anchor(today, last.number, bytes(last.hash).hex(), count)
    path = anchor_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="ascii") as file:
        file.write(f"{anchor}\n")
        file.flush()
        os.fsync(file.fileno())
    return anchor
