"""Loading many rows into a table at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

from django.db.backends.utils import CursorWrapper

WORTH_IT = 20_000  # rows from which a bare load pays for making the indexes again

# (what drops it, what makes it again), foreign keys last, for they lean on unique indexes.
CONSTRAINTS = """
    SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I', conrelid::regclass, conname),
           format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s',
                  conrelid::regclass, conname, pg_get_constraintdef(oid))
    FROM pg_constraint
    WHERE conrelid = %s::regclass AND contype IN ('f', 'u', 'x')
    ORDER BY contype DESC, conname
"""
INDEXES = """
    SELECT format('DROP INDEX %%s', indexrelid::regclass), pg_get_indexdef(indexrelid)
    FROM pg_index i
    WHERE indrelid = %s::regclass AND NOT indisprimary
      AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid
                      AND c.contype IN ('u', 'x', 'p'))
"""


@contextmanager
def loaded_bare(cursor: CursorWrapper, table: str) -> Iterator[None]:
    """Take a table's indexes, unique and foreign keys off while the block loads it.

    They are read from the catalogue and made again in the same transaction, so a row that breaks
    one still undoes everything. The primary key, checks and triggers stay. The table is locked
    for others until the transaction ends.
    """
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # rows waiting to be checked forbid ALTER TABLE
    again = []
    for query in (CONSTRAINTS, INDEXES):
        cursor.execute(query, [table])
        for drop, make in cursor.fetchall():
            again.append(make)
            cursor.execute(drop)
    yield
    for make in sorted(again, key=lambda sql: "FOREIGN KEY" in sql):
        cursor.execute(make)
    cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def load(
    cursor: CursorWrapper, table: str, insert: str, params: Sequence[Any] = (), *, expected: int
) -> int:
    """Run an INSERT of about so many rows, bare if the table holds fewer; return their number."""
    with ExitStack() as stack:
        if expected >= WORTH_IT and _holds_fewer(cursor, table, expected):
            stack.enter_context(loaded_bare(cursor, table))
        cursor.execute(insert, params)
        new = int(cursor.rowcount)
    if new >= WORTH_IT:
        cursor.execute(f"ANALYZE {table}")
    return new


def _holds_fewer(cursor: CursorWrapper, table: str, rows: int) -> bool:
    cursor.execute(f"SELECT count(*) FROM (SELECT FROM {table} LIMIT %s) first_rows", [rows])
    return bool(cursor.fetchone()[0] < rows)
