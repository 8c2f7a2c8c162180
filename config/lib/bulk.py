"""Loading many rows into a table at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

from django.db.backends.utils import CursorWrapper

WORTH_IT = 20_000  # rows from which a bare load pays for making the indexes again
IDS_AT_ONCE = 10_000

# Each query gives what takes something off and what puts it back. Order: what leans on nothing
# first, to be put back first; a primary key stays if foreign keys of other tables lean on it.
INDEXES = """
    SELECT format('DROP INDEX %%s', indexrelid::regclass), pg_get_indexdef(indexrelid)
    FROM pg_index i
    WHERE indrelid = %s::regclass
      AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid
                      AND c.contype IN ('p', 'u', 'x'))
"""
CONSTRAINTS = """
    SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I', conrelid::regclass, conname),
           format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s',
                  conrelid::regclass, conname, pg_get_constraintdef(oid))
    FROM pg_constraint c
    WHERE conrelid = %s::regclass AND contype IN ('p', 'u', 'x', 'f')
      AND NOT EXISTS (SELECT FROM pg_constraint r
                      WHERE c.contype IN ('p', 'u') AND r.contype = 'f' AND r.confrelid = c.conrelid
                        AND r.conindid = c.conindid)
    ORDER BY contype = 'f'
"""
SEQUENCES = """
    SELECT format('ALTER SEQUENCE %%s CACHE %%s', seqrelid::regclass, '{at_once}'),
           format('ALTER SEQUENCE %%s CACHE %%s', seqrelid::regclass, seqcache)
    FROM pg_sequence JOIN pg_depend ON objid = seqrelid AND classid = 'pg_class'::regclass
    WHERE refobjid = %s::regclass AND deptype IN ('a', 'i')
""".replace("{at_once}", str(IDS_AT_ONCE))


def load(
    cursor: CursorWrapper, table: str, insert: str, params: Sequence[Any] = (), *, expected: int
) -> int:
    """Run an INSERT of about so many rows, bare if the table holds fewer; return their number.

    Only the owner of a table can load it bare: for another role the keys stay on, which is slower.
    """
    with ExitStack() as stack:
        if (
            expected >= WORTH_IT
            and _is_owned(cursor, table)
            and _holds_fewer(cursor, table, expected)
        ):
            stack.enter_context(loaded_bare(cursor, table))
        cursor.execute(insert, params)
        new = int(cursor.rowcount)
    if new >= WORTH_IT:
        cursor.execute(f"ANALYZE {table}")
    return new


@contextmanager
def loaded_bare(cursor: CursorWrapper, table: str) -> Iterator[None]:
    """Take a table's indexes and keys off while the block loads it.

    They are read from the catalogue and put back in the same transaction, so a row that breaks
    one still undoes everything. Checks and triggers stay, and a primary key that other tables'
    foreign keys need. The table is locked for others until the transaction ends.
    """
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # rows waiting for a check forbid ALTER TABLE
    again: list[str] = []
    for query in (SEQUENCES, INDEXES, CONSTRAINTS):
        cursor.execute(query, [table])
        for take_off, put_back in cursor.fetchall():
            cursor.execute(take_off)
            again.append(put_back)
    yield
    for put_back in again:
        cursor.execute(put_back)
    cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _is_owned(cursor: CursorWrapper, table: str) -> bool:
    cursor.execute(
        "SELECT pg_has_role(relowner, 'USAGE') FROM pg_class WHERE oid = %s::regclass", [table]
    )
    return bool(cursor.fetchone()[0])


def _holds_fewer(cursor: CursorWrapper, table: str, rows: int) -> bool:
    cursor.execute(f"SELECT count(*) FROM (SELECT FROM {table} LIMIT %s) first_rows", [rows])
    return bool(cursor.fetchone()[0] < rows)
