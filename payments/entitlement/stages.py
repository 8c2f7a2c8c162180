"""Run the stages of the law over a set of person-months.

    work ─▶ 1 facts ─▶ 2 scope ─▶ 3 clock ─▶ 4 outcome ─▶ 5 payees ─▶ 6 lines

Each stage is a file of `stages/` and leaves temporary tables for the next; the last two leave
`assessment` (one row a person-month, C-28) and `expected` (one row a payee and component).
"""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from pathlib import Path

from django.db.backends.utils import CursorWrapper

FOLDER = Path(__file__).parent / "stages"

# Temporary tables of one assessment, dropped before the next in the same transaction.
TABLES = (
    "work", "joined", "booked_route", "manual_residence", "details", "joined_number", "named_parent", "parent", "other_parent", "permit",
    "principal_permit", "residence", "population_record", "ground_scope", "principal_scope",
    "scope", "person_group", "clock", "parent_scope", "permit_on_day", "parent_on_day", "outcome",
    "rate_on_day", "without_agreement", "payees_of", "payee", "assessment", "expected",
)  # fmt: skip

# Ranges of ids to read: those of the persons in `work`, and of their identity codes.
BOUNDS = """
    SELECT first, last, min(d.identity_id), max(d.identity_id)
    FROM (SELECT min(person_id) AS first, max(person_id) AS last FROM work) persons
    LEFT JOIN registry_persondetails d ON d.person_id BETWEEN first AND last
    GROUP BY first, last
"""


@cache
def statements() -> tuple[tuple[str, str], ...]:
    """The stages in order: name and SQL."""
    return tuple((path.stem, path.read_text()) for path in sorted(FOLDER.glob("*.sql")))


@cache
def rules_hash() -> str:
    """Version of the rules: a hash of the stages' text (C-36)."""
    return sha256("\0".join(sql for _, sql in statements()).encode()).hexdigest()


def begin(cursor: CursorWrapper) -> None:
    """Make the empty input tables, in a transaction: whom to assess, and what no delivery brings."""
    cursor.execute("".join(f"DROP TABLE IF EXISTS pg_temp.{table};" for table in TABLES))
    cursor.execute(
        "CREATE TEMP TABLE work (person_id bigint, day date) ON COMMIT DROP;"
        "CREATE TEMP TABLE joined (place bigint, number_id bigint, person_id bigint) ON COMMIT DROP;"
        "CREATE TEMP TABLE booked_route"
        " (person_id bigint, day date, payee_id bigint, route text, at_reduced_rates boolean)"
        " ON COMMIT DROP;"
        "CREATE TEMP TABLE manual_residence (manual_residence_id bigint, person_id bigint,"
        "  municipality_id bigint, moved_in date, moved_out date) ON COMMIT DROP;"
        # Tables are in memory, statistics a means only: cheap look-ups, small samples.
        "SET LOCAL random_page_cost = 1.1; SET LOCAL jit = off; SET LOCAL work_mem = '128MB';"
        "SET LOCAL default_statistics_target = 10;"
    )


def know_links(cursor: CursorWrapper) -> None:
    """Fill `joined` with the links of numbers that stand today."""
    cursor.execute(
        "INSERT INTO joined SELECT id, number_id, person_id FROM registry_personlink"
        " WHERE status IN ('standing', 'ending')"
    )


def know_allocations(cursor: CursorWrapper) -> None:
    """Fill `manual_residence` with the allocations that stand today (C-39)."""
    cursor.execute(
        "INSERT INTO manual_residence SELECT id, person_id, municipality_id, moved_in, moved_out"
        " FROM payments_manualresidence WHERE is_standing"
    )


def run(cursor: CursorWrapper, *, known_at: int) -> None:
    """Assess the person-months in `work` on the register as known after delivery `known_at`."""
    cursor.execute("ANALYZE work, joined, booked_route, manual_residence")
    cursor.execute(BOUNDS)
    bounds = dict(
        zip(("first", "last", "first_identity", "last_identity"), cursor.fetchone(), strict=True)
    )
    for _, sql in statements():
        cursor.execute(sql, {"known_at": known_at, **bounds})
