"""Identity codes the register has not met: checked and sealed in a second reading of the file.

The database sees hashes and sealed codes only, so the codes themselves are picked from the file,
on the lines the database asks for.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.conf import settings
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
from registry.deliveries.staging import Reading
from registry.people.codes import BadIdentityCode, CodeFault, birth_date_in

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
    notices: Notices

    def fault(self, code: str, born: str | None, line: int) -> CodeFault | None:
        """Why a code is refused; `born` is the birth date in the row, if the file has one."""
        try:
            told = birth_date_in(
                code, today=self.today, allow_artificial=settings.ALLOW_ARTIFICIAL_IDENTITY_CODES
            )
        except BadIdentityCode as bad:
            return bad.fault
        if born is not None and born != told.isoformat():
            self.notices.of_line(PERSONS.file, line, Notice.BIRTH_DATE_DIFFERS)
        return None


def codes_check(
    cursor: CursorWrapper, fact: FactTable, reading: Reading, checker: CodeChecker
) -> None:
    """Refuse the rows whose codes are bad and put the good ones, sealed, into `judged_<name>`."""
    cursor.execute(
        f"CREATE TEMPORARY TABLE judged_{fact.name} (line integer, sealed bytea, fault text)"
        " ON COMMIT DROP"
    )
    wanted = CHANGED_PERSONS if fact is PERSONS else UNKNOWN_CODES
    faults: set[CodeFault] = set()
    picker: RowPicker | None = None
    for lines in lines_wanted(wanted.format(name=fact.name, fresh=is_fresh(fact))):
        picker = picker or RowPicker(reading.rows(fact.file))
        faults |= _judge(cursor, fact, picker, checker, lines)
    for fault in faults:
        bad = BAD_CODES.format(name=fact.name)
        refuse(cursor, fact, Refusal(fault.value), column=CODE, lines=bad, params=[fault.value])


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
) -> set[CodeFault]:
    at = picker.header.index(CODE)
    born_at = picker.header.index("birth_date") if fact is PERSONS else None
    rows = [picker.row(line) for line in lines]
    codes = [row[at] for row in rows]
    births = [None if born_at is None else row[born_at] for row in rows]
    faults = list(map(checker.fault, codes, births, lines))
    with cursor.copy(f"COPY judged_{fact.name} FROM STDIN (FORMAT csv)") as copy:
        for line, sealed, fault in zip(lines, sealing.seal_all(codes), faults, strict=True):
            copy.write(f"{line},,{fault}\n" if fault else f"{line},\\x{sealed.hex()},\n")
    return {fault for fault in faults if fault}


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
    """
    load(cursor, "registry_identitycode", insert, expected=cursor.fetchone()[0])
