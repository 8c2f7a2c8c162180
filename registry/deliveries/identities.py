"""Identity codes the register has not met: checked and sealed in a second reading of the file.

The database sees hashes and sealed codes only, so the codes themselves are picked from the file,
on the lines the database asks for.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.backends.utils import CursorWrapper

from config.lib import sealing
from config.lib.bulk import load
from registry.deliveries.fact_tables import PERSONS, FactTable
from registry.deliveries.layout import CODE
from registry.deliveries.matching import is_fresh, refuse
from registry.deliveries.notices import Notices
from registry.deliveries.reading import RowPicker
from registry.deliveries.refusals import Notice, Refusal
from registry.deliveries.staging import Reading, collector_paused
from registry.people.codes import BadIdentityCode, birth_date_in

AT_ONCE = 20_000

# Of persons every row that is new or changed, for its birth date is held against the code.
CHANGED_PERSONS = """
    SELECT line FROM incoming_{name} s
    WHERE {fresh} AND personal_identity_code IS NOT NULL ORDER BY line
"""
UNKNOWN_CODES = """
    SELECT min(line) AS line FROM incoming_{name} s
    WHERE {fresh} AND NOT EXISTS (
        SELECT FROM registry_identitycode i WHERE i.code_hash = s.personal_identity_code
    )
    GROUP BY personal_identity_code ORDER BY line
"""


@dataclass(frozen=True)
class CodeChecker:
    """Checks codes as of a day, and notes birth dates that differ from them."""

    today: date
    allow_artificial: bool
    notices: Notices

    def fault(self, code: str, born: str | None, line: int) -> str:
        """Why a code is refused, or nothing; `born` is the birth date the row tells, if any."""
        try:
            told = birth_date_in(code, today=self.today, allow_artificial=self.allow_artificial)
        except BadIdentityCode as bad:
            return bad.fault.value
        if born is not None and born != told.isoformat():
            self.notices.of_line(PERSONS.file, line, Notice.BIRTH_DATE_DIFFERS)
        return ""


def codes_check(
    cursor: CursorWrapper, fact: FactTable, reading: Reading, checker: CodeChecker
) -> None:
    """Refuse the rows whose codes are bad and put the good ones, sealed, into `judged_<name>`."""
    cursor.execute(
        f"CREATE TEMPORARY TABLE judged_{fact.name} (line integer, sealed bytea, fault text)"
        " ON COMMIT DROP"
    )
    wanted = CHANGED_PERSONS if fact is PERSONS else UNKNOWN_CODES
    faults: set[str] = set()
    picker: RowPicker | None = None
    for lines in lines_wanted(wanted.format(name=fact.name, fresh=is_fresh(fact))):
        picker = picker or RowPicker(reading.rows(fact.file))
        faults |= _judge(cursor, fact, picker, checker, lines)
    for fault in faults:
        bad = BAD_CODES.format(name=fact.name)
        refuse(cursor, fact, Refusal(fault), column=CODE, lines=bad, params=[fault])


BAD_CODES = """
    SELECT s.line FROM judged_{name} bad
    JOIN incoming_{name} first ON first.line = bad.line
    JOIN incoming_{name} s ON s.personal_identity_code = first.personal_identity_code
    WHERE bad.fault = %s
"""


def lines_wanted(query: str) -> Iterator[list[int]]:
    """The lines a query gives, some at a time, so that other statements may come between."""
    with connection.chunked_cursor() as lines:
        lines.execute(query)
        while some := lines.fetchmany(AT_ONCE):
            yield [line for (line, *_rest) in some]


def _judge(
    cursor: CursorWrapper,
    fact: FactTable,
    picker: RowPicker,
    checker: CodeChecker,
    lines: list[int],
) -> set[str]:
    """Check and seal the codes on these lines; return the kinds of faults among them."""
    at = picker.header.index(CODE)
    born_at = picker.header.index("birth_date") if fact is PERSONS else None
    with collector_paused():
        rows = picker.rows(lines)
        codes = [row[at] for row in rows]
        births = [None if born_at is None else row[born_at] for row in rows]
        faults = list(map(checker.fault, codes, births, lines))
        sealed = sealing.seal_all(codes)
    with cursor.copy(f"COPY judged_{fact.name} FROM STDIN (FORMAT csv)") as copy:
        copy.write(
            "".join(
                f"{line},,{fault}\n" if fault else f"{line},\\x{secret.hex()},\n"
                for line, secret, fault in zip(lines, sealed, faults, strict=True)
            )
        )
    return set(filter(None, faults))


def codes_insert(cursor: CursorWrapper, fact: FactTable) -> None:
    """Add the new codes of accepted rows to the register."""
    cursor.execute(f"SELECT count(*) FROM judged_{fact.name}")
    insert = f"""
        INSERT INTO registry_identitycode (code_hash, sealed)
        SELECT s.personal_identity_code, judged.sealed
        FROM judged_{fact.name} judged
        JOIN incoming_{fact.name} s USING (line)
        WHERE s.refusal IS NULL AND NOT EXISTS (
            SELECT FROM registry_identitycode i WHERE i.code_hash = s.personal_identity_code
        )
        ORDER BY line  -- ids as persons', so that those of some persons are read as a range
    """
    load(cursor, "registry_identitycode", insert, expected=cursor.fetchone()[0])
