"""Merging the accepted rows into the facts: equal ones stay, others are closed, new ones added.

A file is the full truth for the owners it has an accepted row of. A refused row leaves a current
fact with its key as it is, unless an accepted row takes its place.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.backends.utils import CursorWrapper

from config.lib.bulk import load
from registry.deliveries.fact_tables import PERSONS, FactTable
from registry.deliveries.identities import codes_insert
from registry.deliveries.layout import Layout
from registry.deliveries.matching import LARGE, is_fresh


@dataclass(frozen=True)
class Merged:
    """How many facts a file brought, closed and left as they were."""

    new: int
    closed: int
    unchanged: int


def merge(
    cursor: CursorWrapper, fact: FactTable, layout: Layout, *, delivery_id: int, accepted: int
) -> Merged:
    """Merge a file whose rows have been matched and checked."""
    cursor.execute(f"SELECT count(*) FROM same_{fact.name}")
    (unchanged,) = cursor.fetchone()
    fresh = accepted - unchanged
    closed = 0
    if _has_rows(cursor, fact):
        closed = _close(cursor, fact, layout, delivery_id, large=accepted > LARGE)
    new = _insert(cursor, fact, layout, delivery_id, fresh) if fresh else 0
    return Merged(new=new, closed=closed, unchanged=unchanged)


def _insert(
    cursor: CursorWrapper, fact: FactTable, layout: Layout, delivery_id: int, fresh: int
) -> int:
    """Add the fresh rows, before them the persons and identity codes they need."""
    if fact is PERSONS:
        _persons_insert(cursor, expected=fresh)
    if layout.has_codes:
        codes_insert(cursor, fact)
    columns = fact.columns
    insert = f"""
        INSERT INTO {fact.table} ({", ".join(columns)}, brought_by_id)
        SELECT {", ".join(columns.values())}, %s
        FROM incoming_{fact.name} s
        {fact.joins}
        WHERE {is_fresh(fact)}
    """
    return load(cursor, fact.table, insert, [delivery_id], expected=fresh)


def _persons_insert(cursor: CursorWrapper, *, expected: int) -> None:
    """Add the persons the register has not met."""
    insert = f"""
        INSERT INTO registry_person (uma_number)
        SELECT s.uma_number FROM incoming_uma_persons s
        WHERE {is_fresh(PERSONS)}
          AND NOT EXISTS (SELECT FROM registry_person p WHERE p.uma_number = s.uma_number)
        ORDER BY line
    """
    load(cursor, "registry_person", insert, expected=expected)


def _has_rows(cursor: CursorWrapper, fact: FactTable) -> bool:
    cursor.execute(f"SELECT EXISTS (SELECT FROM {fact.table})")
    return bool(cursor.fetchone()[0])


def _close(
    cursor: CursorWrapper, fact: FactTable, layout: Layout, delivery_id: int, *, large: bool
) -> int:
    """Close the current facts of the owners named that no accepted row says any more.

    For a large file all facts not in it are found first, for a small one those of its owners.
    """
    materialized = "MATERIALIZED" if large else "NOT MATERIALIZED"
    cursor.execute(
        f"""
        WITH not_same AS {materialized} (
            SELECT f.id, f.{fact.owner} AS owner_id FROM {fact.table} f
            WHERE f.closed_by_id IS NULL
              AND NOT EXISTS (SELECT FROM same_{fact.name} same WHERE same.fact_id = f.id)
        )
        UPDATE {fact.table} f SET closed_by_id = %s
        FROM not_same
        WHERE f.id = not_same.id
          AND not_same.owner_id IN (
              SELECT owner_id FROM same_{fact.name}
              UNION ALL
              SELECT o.id FROM incoming_{fact.name} s {fact.joins} WHERE {is_fresh(fact)}
          )
          AND f.id NOT IN ({_protected(fact, layout)})
        """,
        [delivery_id],
    )
    return int(cursor.rowcount)


def _protected(fact: FactTable, layout: Layout) -> str:
    """Current facts with the key of a refused row, in whose place no accepted row stands."""
    key = " AND ".join(f"f.{column} = {value}" for column, value in fact.key.items())
    return f"""
        SELECT f.id FROM incoming_{fact.name} s
        {fact.joins}
        JOIN {fact.table} f ON f.closed_by_id IS NULL AND f.{fact.owner} = o.id AND {key or "true"}
        WHERE s.refusal IS NOT NULL AND NOT EXISTS (
            SELECT FROM incoming_{fact.name} a WHERE a.refusal IS NULL AND {_takes_place(layout)}
        )
    """


def _takes_place(layout: Layout) -> str:
    """Condition: the accepted row a stands in the place of the fact f, of the refused row s."""
    owner = layout.columns[0].name
    if not (layout.one_at_a_time and layout.period):
        return f"a.{owner} = s.{owner}"
    first, last = layout.period
    return f"""a.{owner} = s.{owner}
        AND a.{first} <= coalesce(f.{last}, 'infinity')
        AND coalesce(a.{last}, 'infinity') >= f.{first}"""
