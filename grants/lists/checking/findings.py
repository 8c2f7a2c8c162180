"""Finding what is wrong with a list: all causes at once, in a few statements (G-11)."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from grants.lists.models import PersonList
from grants.lists.schema import UNHCR_FORM

LONG = 500  # rows of a list that is not looked up row by row
FOLDER = Path(__file__).parent
CLEAR = """
DELETE FROM grants_rowfinding
WHERE list_id = %(list)s AND (%(rows)s::bigint[] IS NULL OR row_id = ANY (%(rows)s))
"""
CHECKS = [
    (FOLDER / f"{name}.sql").read_text("utf-8") for name in ("in_itself", "register", "others")
]
PERSONS = (FOLDER / "persons.sql").read_text("utf-8")
ROWS = """(
    SELECT line, uma_number, unhcr_number, person_id FROM grants_listrow
    WHERE list_id = %(list)s AND (%(rows)s::bigint[] IS NULL OR id = ANY (%(rows)s))
)"""
MATCH = f"""
WITH known AS ({PERSONS.format(rows=ROWS)})
UPDATE grants_listrow r SET person_id = f.person_id
FROM (SELECT l.line, k.person_id FROM {ROWS} l LEFT JOIN known k USING (line)) f
WHERE r.list_id = %(list)s AND f.line = r.line AND r.person_id IS DISTINCT FROM f.person_id
"""
# A table of their own, for of it the database knows about how many they are, also of a list that
# came in this transaction, and each statement reads it instead of looking for them again.
LOOKED_AT = """
CREATE TEMP TABLE looked_at ON COMMIT DROP AS
SELECT id, uma_number, unhcr_number, birth_date, nationality, municipality_id, moved_in, ground_id,
       quota_year, person_id,
       CASE WHEN uma_number <> '' THEN 'uma_number' ELSE 'unhcr_number' END AS place
FROM grants_listrow
WHERE list_id = %(list)s AND NOT is_removed
  AND (%(rows)s::bigint[] IS NULL OR id = ANY (%(rows)s))
"""

# Rows of the list that are the same person as one of these, by either identifier or the register.
PARTNERS = """
SELECT DISTINCT other.id
FROM grants_listrow r JOIN grants_listrow other ON other.list_id = r.list_id AND (
    other.id = r.id
    OR (other.uma_number <> '' AND other.uma_number = r.uma_number)
    OR (other.unhcr_number <> '' AND other.unhcr_number = r.unhcr_number)
    OR other.person_id = r.person_id)
WHERE r.id = ANY (%(rows)s)
"""


@transaction.atomic(savepoint=False)
def findings_store(
    person_list: PersonList, *, rows: Collection[int] | None = None, is_new: bool = False
) -> None:
    """Find anew what is wrong with a list, or with some of its rows, in one transaction.

    A list that `is_new` has just been loaded, its persons with it.
    """
    params = {
        "list": person_list.pk,
        "rows": None if rows is None else sorted(rows),
        "unhcr_form": UNHCR_FORM,
    }
    with connection.cursor() as cursor:
        for statement in () if is_new else (CLEAR, MATCH):
            cursor.execute(statement, params)
        cursor.execute(LOOKED_AT, params)
        with joined_as_sets(cursor, cursor.rowcount):
            for statement in CHECKS:
                cursor.execute(statement, params)
        cursor.execute("DROP TABLE looked_at")


@contextmanager
def joined_as_sets(cursor: CursorWrapper, rows: int) -> Iterator[None]:
    """Join a long list as sets, whatever the database believes of how many they are."""
    if rows > LONG:
        cursor.execute("SET LOCAL enable_nestloop = off")
    yield
    if rows > LONG:
        cursor.execute("SET LOCAL enable_nestloop = on")


def partners(rows: Collection[int]) -> set[int]:
    """Ids of the rows of their list that are the same persons as these, these among them."""
    with connection.cursor() as cursor:
        cursor.execute(PARTNERS, {"rows": sorted(rows)})
        return {pk for (pk,) in cursor.fetchall()}
