"""New keys for what is sealed: sealing again under the newest, hashing again (P-12)."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from config.lib import sealing

AT_ONCE = 5000
SEALED_COLUMNS = (
    ("registry_identitycode", "sealed"),
    ("registry_rejectedrow", "sealed_value"),
    ("registry_subject", "sealed"),
)
HASHED_COLUMNS = (("registry_identitycode", "code_hash"), ("registry_subject", "subject_hash"))
Sealed = tuple[int, bytes]


def sealed_rotate() -> int:
    """Seal under the newest key what an older key sealed; return how many values.

    Works in small transactions, so it may be stopped and run again. Raises CannotUnseal.
    """
    rotated = 0
    with connection.cursor() as cursor:
        for table, column in SEALED_COLUMNS:
            old = f"get_byte({column}, 0) <> {sealing.newest_version()}"
            for rows in _batches(cursor, table, column, old):
                _seal_again(cursor, table, column, rows)
                rotated += len(rows)
    return rotated


@transaction.atomic
def codes_rehash() -> int:
    """Hash what is looked up under a new IDENTITY_HASH_KEY; return how many hashes changed.

    All or nothing: with some of the hashes old, codes would not be found. Raises CannotUnseal.
    """
    with connection.cursor() as cursor:
        return sum(_rehash(cursor, table, column) for table, column in HASHED_COLUMNS)


def _rehash(cursor: CursorWrapper, table: str, column: str) -> int:
    changed = 0
    cursor.execute(f"LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE")
    for rows in _batches(cursor, table, "sealed", "true"):
        hashes = [sealing.keyed_hash(sealing.unseal(sealed)) for _pk, sealed in rows]
        cursor.execute(
            f"UPDATE {table} t SET {column} = new.hash"
            " FROM unnest(%s::bigint[], %s::uuid[]) AS new (id, hash)"
            f" WHERE t.id = new.id AND t.{column} <> new.hash",
            [[pk for pk, _sealed in rows], hashes],
        )
        changed += cursor.rowcount
    return changed


def _batches(
    cursor: CursorWrapper, table: str, column: str, condition: str
) -> Iterator[list[Sealed]]:
    last = 0
    while True:
        cursor.execute(
            f"SELECT id, {column} FROM {table} WHERE id > %s AND {condition} ORDER BY id LIMIT %s",
            [last, AT_ONCE],
        )
        rows = cursor.fetchall()
        if not rows:
            return
        yield rows
        last = rows[-1][0]


def _seal_again(cursor: CursorWrapper, table: str, column: str, rows: list[Sealed]) -> None:
    values = sealing.seal_all([sealing.unseal(sealed) for _pk, sealed in rows])
    cursor.execute(
        f"UPDATE {table} t SET {column} = new.sealed"
        " FROM unnest(%s::bigint[], %s::bytea[]) AS new (id, sealed) WHERE t.id = new.id",
        [[pk for pk, _sealed in rows], values],
    )
