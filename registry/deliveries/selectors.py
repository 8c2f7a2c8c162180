"""What the pages show of deliveries."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db.models import Q

from config.lib.paging import Page, page_of
from config.lib.sealing import CannotUnseal
from registry.deliveries.masking import masked
from registry.deliveries.models import Delivery, DeliveryQuerySet, RejectedRow
from registry.deliveries.refusals import Notice, Refusal

SHOWN_LINES = 5
ROW_KEY = re.compile(r"(\w+\.csv):(\d{1,9})", re.ASCII)


def deliveries_page(deliveries: DeliveryQuerySet, before: int | None) -> Page[Delivery]:
    """Those deliveries, the newest first, from before the given number; one query."""
    rows = deliveries.select_related("received_by").defer("notices")
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return page_of(rows.order_by("-pk"), after=before, key=lambda delivery: delivery.pk, size=50)


def rows_in(delivery: Delivery) -> int:
    """Rows of all files of the delivery."""
    return _total(delivery, "rows")


def rows_refused(delivery: Delivery) -> int:
    """Refused rows of all files of the delivery."""
    return _total(delivery, "refused")


def _total(delivery: Delivery, count: str) -> int:
    return sum(counts.get(count, 0) for counts in delivery.counts.values())


@dataclass(frozen=True)
class NoticeGroup:
    """Notices of one kind about one file: how many, the first lines, the columns."""

    file: str
    sentence: str
    number: int
    lines: list[int]
    columns: list[str]


def notices_grouped(delivery: Delivery) -> list[NoticeGroup]:
    """The delivery's notices by file and kind; no query."""
    return [
        _notice_group(file, code, list(notices))
        for (file, code), notices in groupby(sorted(delivery.notices, key=_kind), key=_kind)
    ]


def _kind(notice: dict[str, Any]) -> tuple[str, str]:
    return notice.get("file") or "", notice.get("code") or ""


def _notice_group(file: str, code: str, notices: list[dict[str, Any]]) -> NoticeGroup:
    lines = sorted(notice["line"] for notice in notices if "line" in notice)
    return NoticeGroup(
        file=file,
        sentence=str(Notice(code).label) if code in Notice else code,
        number=sum(notice.get("count", 1) for notice in notices),
        lines=lines[:SHOWN_LINES],
        columns=[notice["column"] for notice in notices if "column" in notice],
    )


@dataclass(frozen=True)
class RefusedRow:
    """A refused row as it may be shown: identity codes masked, the reason as a sentence."""

    file: str
    line: int
    column: str
    value: str
    sentence: str


@dataclass(frozen=True, order=True)
class RowKey:
    """Where a row stands in its delivery, written `file:line` in addresses."""

    file: str
    line: int

    @classmethod
    def parse(cls, text: str) -> RowKey:
        """Read `file:line`. Raises ValueError."""
        written = ROW_KEY.fullmatch(text)
        if written is None:
            raise ValueError
        return cls(written[1], int(written[2]))

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


def refused_page(delivery: Delivery, after: RowKey | None) -> Page[RejectedRow]:
    """Refused rows in the order of the files; one query."""
    rows = delivery.rejected_rows.order_by("file", "line")
    if after is not None:
        rows = rows.filter(Q(file__gt=after.file) | Q(file=after.file, line__gt=after.line))
    return page_of(rows, after=after, key=lambda row: RowKey(row.file, row.line))


def refused_shown(row: RejectedRow) -> RefusedRow:
    """A refused row for the page; a value whose key is gone is shown as nothing."""
    try:
        value = row.value
    except CannotUnseal:
        value = ""
    return RefusedRow(
        file=row.file,
        line=row.line,
        column=row.column,
        value=masked(row.column, value),
        sentence=str(Refusal(row.reason).label) if row.reason in Refusal else row.reason,
    )
