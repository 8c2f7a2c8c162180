"""What is wrong with the rows of a list, all of it at once: errors and warnings (G-11, P-08, P-09).

It compares the list with itself and with the applicant's own applications, never with the register.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from grants.lists.languages import header_of
from grants.lists.schema import IDENTIFIER_LENGTHS, Kind
from payments.cases.drafts.columns import COLUMNS
from payments.cases.drafts.reading import Row, Value
from payments.cases.models import last_day_to_apply
from payments.cases.repeats import Mark, SentBefore, marks, repeated, sent_before
from registry.models import Organisation


class Code(models.TextChoices):
    """Findings, each with its sentence."""

    WHO_MISSING = (
        "who_missing",
        _("Say who is meant: a UMA customer number, a permit number, or name and birth date."),
    )
    NUMBER_LENGTH = (
        "number_length",
        _("An identifier has 3 to 40 characters: look whether it was cut off."),
    )
    TOO_LONG = "too_long", _("The text is too long.")
    DATE_UNREADABLE = "date_unreadable", _("Write a day of the calendar, for example 5.3.2022.")
    BORN_AFTER = "born_after", _("The birth date is after the months applied for.")
    MONTH_UNREADABLE = "month_unreadable", _("Write the month like 1/2025.")
    MONTHS_TURNED = "months_turned", _("The last month is before the first.")
    NOT_BEGUN = "not_begun", _("Months that have not begun cannot be applied for.")
    LATE = (
        "late",
        _(
            "The months can no longer be applied for: their last day was at the end of the second calendar year after them."
        ),
    )
    EVIDENCE_MISSING = "evidence_missing", _("Say what shows that the person lived with you.")
    TWICE = "twice", _("The same person is in the list twice.")
    WAITS = "waits", _("You have applied for this person and these months; the application waits.")
    LATE_PARTLY = (
        "late_partly",
        _("The first of these months can no longer be applied for and will be refused."),
    )
    DECIDED = (
        "decided",
        _("You have applied for this person and these months before, and it has been decided."),
    )


WARNINGS = frozenset({Code.LATE_PARTLY, Code.DECIDED})


@dataclass(frozen=True)
class Finding:
    """One cause in one column of a row, with what the file says there."""

    line: int
    column: str
    value: str
    code: Code

    @property
    def is_error(self) -> bool:
        """Whether the row must be mended or removed."""
        return self.code not in WARNINGS

    @property
    def header(self) -> str:
        """The header of the column in the language of the page."""
        return header_of(self.column, COLUMNS)

    @property
    def sentence(self) -> str:
        """What is wrong, in the language of the page."""
        return str(self.code.label)


def findings_of(rows: Sequence[Row], *, applicant: Organisation, today: date) -> list[Finding]:
    """All that is wrong with the rows, by row and column; one query."""
    found = [
        *(Finding(row.line, *cause) for row in rows for cause in _in_itself(row, today)),
        *_twice(rows),
        *_applied(rows, sent_before(applicant, today)),
    ]
    place = {name: number for number, name in enumerate(COLUMNS)}
    return sorted(found, key=lambda finding: (finding.line, place[finding.column]))


Cause = tuple[str, str, Code]  # column, how it was written, what is wrong


def _in_itself(row: Row, today: date) -> Iterator[Cause]:
    for name, column in COLUMNS.items():
        value, text = row.values[name], row.texts[name]
        if code := _unreadable(column.kind, value, text, column.longest):
            yield name, text, code
    if not _marks_of(row):
        yield "uma_number", row.texts["uma_number"], Code.WHO_MISSING
    if not row.values["evidence"]:
        yield "evidence", "", Code.EVIDENCE_MISSING
    yield from _periods(row, today)


def _unreadable(kind: Kind, value: Value, text: str, longest: int) -> Code | None:
    match kind:
        case Kind.IDENTIFIER:
            first, last = IDENTIFIER_LENGTHS
            return Code.NUMBER_LENGTH if text and not first <= len(text) <= last else None
        case Kind.DATE:
            return Code.DATE_UNREADABLE if text and value is None else None
        case Kind.MONTH:
            return Code.MONTH_UNREADABLE if value is None else None
    return Code.TOO_LONG if len(text) >= longest else None


def _periods(row: Row, today: date) -> Iterator[Cause]:
    first, last, born = (row.values[n] for n in ("first_month", "last_month", "birth_date"))
    if not isinstance(first, date) or not isinstance(last, date):
        return
    written = row.texts["last_month"]
    if last < first:
        yield "last_month", written, Code.MONTHS_TURNED
    elif last > today:
        yield "last_month", written, Code.NOT_BEGUN
    elif last_day_to_apply(last) < today:
        yield "last_month", written, Code.LATE
    elif last_day_to_apply(first) < today:
        yield "first_month", row.texts["first_month"], Code.LATE_PARTLY
    if isinstance(born, date) and born.replace(day=1) > last:
        yield "birth_date", row.texts["birth_date"], Code.BORN_AFTER


def _marks_of(row: Row) -> frozenset[Mark]:
    said, born = row.texts, row.values["birth_date"]
    return marks(
        said["uma_number"],
        said["permit_number"],
        said["family_name"],
        said["given_names"],
        born if isinstance(born, date) else None,
    )


def _twice(rows: Sequence[Row]) -> Iterator[Finding]:
    counted = Counter(mark for row in rows for mark in _marks_of(row))
    for row in rows:
        names = sorted(name for name, said in _marks_of(row) if counted[name, said] > 1)
        if names:
            yield Finding(row.line, names[-1], row.texts[names[-1]], Code.TWICE)


def _applied(rows: Sequence[Row], before: SentBefore) -> Iterator[Finding]:
    for row in rows:
        first, last = row.values["first_month"], row.values["last_month"]
        if not isinstance(first, date) or not isinstance(last, date):
            continue
        if found := repeated(_marks_of(row), first, last, before):
            name, _sent = found[0]
            code = Code.WAITS if any(sent.is_waiting for _name, sent in found) else Code.DECIDED
            yield Finding(row.line, name, row.texts[name], code)
