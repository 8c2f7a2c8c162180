"""What a row may not be because of other rows or of the register, checked in sets.

Each function runs after `match` of its file and before its facts are merged; in the order of the
calls the first refusal of a row counts.
"""

from __future__ import annotations

from django.db.backends.utils import CursorWrapper

from registry.deliveries.fact_tables import (
    AGREEMENTS,
    PERMITS,
    PERSONS,
    POPULATION,
    RESIDENCES,
    FactTable,
)
from registry.deliveries.layout import CODE
from registry.deliveries.matching import is_fresh, refuse, refuse_duplicates
from registry.deliveries.overlaps import refuse_overlapping
from registry.deliveries.refusals import Refusal

SCRATCH = ("refused_person", "refused_code")


def refuse_with_person(cursor: CursorWrapper, fact: FactTable) -> None:
    """Refuse the rows of persons whose own row is refused."""
    if fact is PERMITS:
        column, refused = "uma_number", "refused_person"
    elif fact in (POPULATION, RESIDENCES):
        column, refused = CODE, "refused_code"
    else:
        return
    lines = f"SELECT s.line FROM incoming_{fact.name} s JOIN {refused} USING ({column})"
    refuse(cursor, fact, Refusal.PERSON_REFUSED, column=column, lines=lines)


def persons_check(cursor: CursorWrapper) -> None:
    """One row for each UMA number, one person for each identity code."""
    refuse_duplicates(cursor, PERSONS, "uma_number")
    reason = Refusal.IDENTITY_CODE_OF_ANOTHER
    refuse(cursor, PERSONS, reason, column=CODE, lines=SECOND_WITH_CODE)
    contested = CODES_HELD_BY_ANOTHER.format(fresh=is_fresh(PERSONS))
    _refuse_contested(cursor, PERSONS, reason, column=CODE, contested=contested)


def permits_check(cursor: CursorWrapper) -> None:
    """The person is known, and the permit number is nobody else's."""
    unknown = PERMITS_OF_UNKNOWN.format(fresh=is_fresh(PERMITS))
    refuse(cursor, PERMITS, Refusal.UNKNOWN_PERSON, column="uma_number", lines=unknown)
    refuse_duplicates(cursor, PERMITS, "permit_number")
    contested = PERMITS_HELD_BY_ANOTHER.format(fresh=is_fresh(PERMITS))
    reason = Refusal.DUPLICATE_KEY
    _refuse_contested(cursor, PERMITS, reason, column="permit_number", contested=contested)


def population_check(cursor: CursorWrapper) -> None:
    """One row for each identity code."""
    refuse_duplicates(cursor, POPULATION, CODE)


def residences_check(cursor: CursorWrapper) -> None:
    """A person lives in one municipality at a time."""
    period = ("moved_in", "moved_out")
    refuse_overlapping(cursor, RESIDENCES, CODE, period, Refusal.OVERLAPPING_RESIDENCE)


def agreements_check(cursor: CursorWrapper) -> None:
    """A municipality has one agreement at a time."""
    period = ("valid_from", "valid_to")
    owner = "municipality_code"
    refuse_overlapping(cursor, AGREEMENTS, owner, period, Refusal.OVERLAPPING_AGREEMENT)


def _refuse_contested(
    cursor: CursorWrapper, fact: FactTable, reason: Refusal, *, column: str, contested: str
) -> None:
    """Refuse what another person holds, unless that person has an accepted row in the file.

    Such a row gives it up, for no two accepted rows have the same. One refused keeps what was
    held until now, which may be what a third asks for: so again, until no more are refused.
    """
    cursor.execute(f"CREATE TEMPORARY TABLE contested ON COMMIT DROP AS {contested}")
    found = cursor.rowcount
    kept = f"""
        SELECT c.line FROM contested c WHERE NOT EXISTS (
            SELECT FROM incoming_{fact.name} a WHERE a.uma_number = c.holder AND a.refusal IS NULL
        )
    """
    while found:
        found = refuse(cursor, fact, reason, column=column, lines=kept)
    cursor.execute("DROP TABLE contested")


# Of two rows with one code the person's who holds it stays, else the first.
SECOND_WITH_CODE = """
    SELECT line FROM (
        SELECT s.line, row_number() OVER (
            PARTITION BY s.personal_identity_code ORDER BY held.id IS NULL, s.line
        ) AS place
        FROM incoming_uma_persons s
        JOIN (
            SELECT personal_identity_code FROM incoming_uma_persons
            WHERE refusal IS NULL AND personal_identity_code IS NOT NULL
            GROUP BY personal_identity_code HAVING count(*) > 1
        ) twice USING (personal_identity_code)
        LEFT JOIN registry_identitycode i ON i.code_hash = s.personal_identity_code
        LEFT JOIN registry_person p ON p.uma_number = s.uma_number
        LEFT JOIN registry_persondetails held
               ON held.identity_id = i.id AND held.person_id = p.id AND held.closed_by_id IS NULL
        WHERE s.refusal IS NULL
    ) ranked WHERE place > 1
"""

# Rows whose code, or permit number, another person of the register holds now, and that person.
CODES_HELD_BY_ANOTHER = """
    SELECT s.line, holder.uma_number AS holder
    FROM incoming_uma_persons s
    JOIN registry_identitycode i ON i.code_hash = s.personal_identity_code
    JOIN registry_persondetails held ON held.identity_id = i.id AND held.closed_by_id IS NULL
    JOIN registry_person holder ON holder.id = held.person_id
    WHERE holder.uma_number <> s.uma_number AND {fresh}
"""
PERMITS_HELD_BY_ANOTHER = """
    SELECT s.line, holder.uma_number AS holder
    FROM incoming_uma_permits s
    JOIN registry_permit held
      ON held.permit_number = s.permit_number AND held.closed_by_id IS NULL
    JOIN registry_person holder ON holder.id = held.person_id
    WHERE holder.uma_number <> s.uma_number AND {fresh}
"""

PERMITS_OF_UNKNOWN = """
    SELECT s.line FROM incoming_uma_permits s
    WHERE {fresh}
      AND NOT EXISTS (SELECT FROM registry_person p WHERE p.uma_number = s.uma_number)
"""

REFUSED_PERSONS = """
    CREATE TEMPORARY TABLE refused_person ON COMMIT DROP AS
    SELECT DISTINCT uma_number FROM incoming_uma_persons r
    WHERE refusal IS NOT NULL AND NOT EXISTS (
        SELECT FROM incoming_uma_persons a
        WHERE a.uma_number = r.uma_number AND a.refusal IS NULL
    )
"""

# Codes of refused rows, but for those of persons the register has.
REFUSED_CODES = """
    CREATE TEMPORARY TABLE refused_code ON COMMIT DROP AS
    SELECT DISTINCT personal_identity_code FROM incoming_uma_persons r
    WHERE refusal IS NOT NULL AND personal_identity_code IS NOT NULL AND NOT EXISTS (
        SELECT FROM registry_persondetails held
        JOIN registry_identitycode i ON i.id = held.identity_id
        WHERE i.code_hash = r.personal_identity_code AND held.closed_by_id IS NULL
    )
"""


def refused_persons_note(cursor: CursorWrapper) -> None:
    """Note whose rows are refused with them, once the persons are merged."""
    cursor.execute(REFUSED_PERSONS)
    cursor.execute(REFUSED_CODES)
