"""The persons behind a step of a payee, page by page (P-10, P-11)."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

from config.lib.paging import PAGE_SIZE, Page
from payments.changes.models import Change
from payments.changes.storing import compared, statement
from payments.runs.models import Run

# Persons who can be behind a step of the payee: only they are compared.
OF_PAYEE = """
AND person_id IN (
    SELECT person_id FROM payments_line
    WHERE run_id IN (%(run)s, %(last)s) AND payee_id = ANY (%(payees)s)
    UNION ALL
    SELECT person_id FROM payments_claimableentry
    WHERE opened_by_id = %(run)s AND payee_id = ANY (%(payees)s)
)
"""
CHANGED = """
, found AS (
    SELECT person_id, cents FROM change WHERE kind = %(kind)s AND payee_id = %(payee)s
)
"""
LINES = """
WITH found AS (
    SELECT person_id, sum(amount_cents) AS cents FROM payments_line
    WHERE run_id = {run} AND payee_id = ANY (%(payees)s) AND kind = {kind}
    GROUP BY person_id
)
"""
STAYED = """
, found AS (
    SELECT person_id, sum(amount_cents) AS cents FROM payments_line
    WHERE run_id = %(last)s AND payee_id = ANY (%(payees)s) AND kind = 'regular'
      AND person_id NOT IN (
          SELECT person_id FROM change WHERE kind = 'touched' AND payee_id = %(payee)s
      )
    GROUP BY person_id
)
"""
PREDECESSORS = """
SELECT array_agg(organisation_id) FROM registry_succession
WHERE payee_id = %s AND %s BETWEEN from_day AND to_day
"""


@dataclass(frozen=True)
class ChangedPerson:
    """A person and the cents of the step; without an id those under non-disclosure, together."""

    person_id: int | None
    uma_number: str | None
    persons: int
    cents: int


@dataclass(frozen=True)
class ChangedPersons:
    """A page of persons, and those under non-disclosure of the whole list in one row."""

    page: Page[ChangedPerson]
    secret: ChangedPerson | None


def change_persons(run: Run, kind: Change, payee: int, after: int | None) -> ChangedPersons:
    """Persons behind a step of a payee, from after a person; three queries."""
    params = compared(run) | {"kind": kind, "payee": payee, "after": after or 0}
    with connection.cursor() as cursor:
        cursor.execute(PREDECESSORS, [payee, run.month])
        params |= {"payees": cursor.fetchone()[0] or [payee], "size": PAGE_SIZE + 1}
        found = _found(kind, is_first=params["last"] is None)
        cursor.execute(found + statement("persons"), params)
        rows = [ChangedPerson(*row) for row in cursor.fetchall()]
    secret = next((row for row in rows if row.person_id is None), None)
    named = [row for row in rows if row.person_id is not None]
    shown = named[:PAGE_SIZE]
    following = shown[-1].person_id if len(named) > PAGE_SIZE else None
    return ChangedPersons(Page(shown, following, is_first=after is None), secret)


def _found(kind: Change, *, is_first: bool) -> str:
    if kind == Change.CORRECTION:
        return LINES.format(run="%(run)s", kind="'correction'")
    if kind == Change.LAST:
        return LINES.format(run="%(last)s", kind="'regular'")
    if is_first:
        return LINES.format(run="%(run)s", kind="'regular'")
    changes = "WITH change AS MATERIALIZED (\n{}\n)".format(
        statement("changes").format(persons=OF_PAYEE)
    )
    return changes + (STAYED if kind == Change.STAYED else CHANGED)
