"""Rows of one owner whose periods overlap: the earlier line stays, a later one is refused."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import groupby, islice
from operator import itemgetter

from django.db import connection
from django.db.backends.utils import CursorWrapper

from registry.deliveries.fact_tables import FactTable
from registry.deliveries.matching import refuse
from registry.deliveries.refusals import Refusal

Entry = tuple[str, int, date, date]  # owner, line, first day, last day
AT_ONCE = 10_000
LISTED = "SELECT unnest(%s::integer[]) AS line"


def refuse_overlapping(
    cursor: CursorWrapper,
    fact: FactTable,
    owner: str,
    period: tuple[str, str],
    refusal: Refusal,
) -> None:
    """Refuse each row that overlaps an accepted earlier row of the same owner.

    Owners with any overlap are found in one set; the rows of these alone are gone through.
    """
    first, last = period
    found = overlapping_lines(_entries(fact, owner, first, last))
    while some := list(islice(found, AT_ONCE)):
        for reason, begin_alike in ((Refusal.DUPLICATE_KEY, True), (refusal, False)):
            lines = [line for line, alike in some if alike is begin_alike]
            refuse(cursor, fact, reason, column=first, lines=LISTED, params=[lines])


def overlapping_lines(entries: Iterable[Entry]) -> Iterator[tuple[int, bool]]:
    """The lines to refuse, of entries that come owner by owner and line by line.

    With each, whether it begins on the day an accepted entry does, which is the same key twice.
    """
    for _owner, rows in groupby(entries, key=itemgetter(0)):
        accepted: list[tuple[date, date]] = []
        for _same_owner, line, first, last in rows:
            place = bisect_left(accepted, (first, date.min))
            if _is_free(accepted, place, first, last):
                accepted.insert(place, (first, last))
            else:
                yield line, place < len(accepted) and accepted[place][0] == first


def _is_free(accepted: list[tuple[date, date]], place: int, first: date, last: date) -> bool:
    """Tell whether the days overlap no accepted period; those before `place` begin earlier."""
    begins_in_earlier = place > 0 and accepted[place - 1][1] >= first
    reaches_later = place < len(accepted) and accepted[place][0] <= last
    return not begins_in_earlier and not reaches_later


def _entries(fact: FactTable, owner: str, first: str, last: str) -> Iterator[Entry]:
    with connection.chunked_cursor() as rows:
        rows.execute(f"""
            WITH ordered AS (
                SELECT {owner}, {first} AS first_day,
                       lag(coalesce({last}, 'infinity'))
                           OVER (PARTITION BY {owner} ORDER BY {first}) AS day_before
                FROM incoming_{fact.name} WHERE refusal IS NULL
            )
            SELECT {owner}::text, line, {first}, {last}
            FROM incoming_{fact.name}
            WHERE refusal IS NULL
              AND {owner} IN (SELECT {owner} FROM ordered WHERE day_before >= first_day)
            ORDER BY {owner}, line
        """)
        for entry_owner, line, begins, ends in rows:
            yield entry_owner, line, begins, ends or date.max
