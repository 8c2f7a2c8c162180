"""Which incoming rows say what the register says already, and refusing those that may not go in.

`same_<name>` has the line, the fact and the owner of each incoming row that a current fact
equals; the other rows that are not refused are fresh.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.backends.utils import CursorWrapper

from registry.deliveries.fact_tables import FactTable
from registry.deliveries.refusals import Refusal

# From so many rows on sets are joined as wholes. The planner, left alone, takes them for far
# fewer than they are and looks them up one by one.
LARGE = 50_000
LARGE_SETS = "SET LOCAL enable_nestloop = off"
SMALL_SETS = "SET LOCAL enable_nestloop = on"


def match(cursor: CursorWrapper, fact: FactTable, *, rows: int) -> int:
    """Create `same_<name>` of the rows that have no fault of their own; return their number."""
    cursor.execute(LARGE_SETS if rows > LARGE else SMALL_SETS)
    cursor.execute(f"""
        CREATE TEMPORARY TABLE same_{fact.name} ON COMMIT DROP AS
        SELECT s.line, f.id AS fact_id, o.id AS owner_id
        FROM incoming_{fact.name} s
        {fact.joins}
        JOIN {fact.table} f ON {fact.same}
        WHERE s.refusal IS NULL
    """)
    same = int(cursor.rowcount)
    cursor.execute(f"ANALYZE same_{fact.name}")
    return same


def is_fresh(fact: FactTable) -> str:
    """Condition: the incoming row s is accepted and no current fact says the same."""
    return (
        "s.refusal IS NULL"
        f" AND NOT EXISTS (SELECT FROM same_{fact.name} same WHERE same.line = s.line)"
    )


def refuse(
    cursor: CursorWrapper,
    fact: FactTable,
    reason: Refusal,
    *,
    column: str,
    lines: str,
    params: Sequence[Any] = (),
) -> int:
    """Refuse the rows on the lines a query gives, if not refused yet; return how many."""
    cursor.execute(
        f"""
        WITH bad AS ({lines}),
        gone AS (
            UPDATE incoming_{fact.name} s SET refusal = %s, refused_column = %s
            FROM bad WHERE s.line = bad.line AND s.refusal IS NULL
            RETURNING s.line
        ),
        not_same AS (DELETE FROM same_{fact.name} same USING gone WHERE same.line = gone.line)
        SELECT count(*) FROM gone
        """,
        [*params, reason.value, column],
    )
    return int(cursor.fetchone()[0])


def refuse_repeats(cursor: CursorWrapper, fact: FactTable, column: str) -> None:
    """Refuse rows that say what an earlier row says; enough where no row is fresh."""
    refuse(
        cursor,
        fact,
        Refusal.DUPLICATE_KEY,
        column=column,
        lines=f"""
        SELECT same.line
        FROM same_{fact.name} same
        JOIN (
            SELECT fact_id, min(line) AS first FROM same_{fact.name}
            GROUP BY fact_id HAVING count(*) > 1
        ) twice USING (fact_id)
        WHERE same.line > twice.first
        """,
    )


def refuse_duplicates(cursor: CursorWrapper, fact: FactTable, column: str) -> None:
    """Refuse rows with the same value of a column as an earlier row of the file."""
    refuse(
        cursor,
        fact,
        Refusal.DUPLICATE_KEY,
        column=column,
        lines=f"""
        SELECT s.line
        FROM incoming_{fact.name} s
        JOIN (
            SELECT {column}, min(line) AS first FROM incoming_{fact.name}
            WHERE refusal IS NULL GROUP BY {column} HAVING count(*) > 1
        ) twice USING ({column})
        WHERE s.line > twice.first
        """,
    )
