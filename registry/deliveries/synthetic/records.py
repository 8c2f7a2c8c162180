"""A person's facts as objects, and as rows of the four files (formats.md)."""

from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from registry.deliveries.synthetic.codes import code_date, permit_number

Row = list[str]


class PersonRows(NamedTuple):
    """One person's rows; an empty row or list where a file does not name the person."""

    person: Row
    permits: list[Row]
    vtj: Row
    residences: list[Row]


HouseholdRows = list[PersonRows]


@dataclass(slots=True)
class Permit:
    """A residence permit in UMA. Booleans keep the file's form: true, false, empty."""

    number: str
    ground: str
    granted_on: date
    valid_from: date
    valid_to: date | None = None
    applied: str = ""
    quota_year: str = ""
    principal: str = ""
    tie_before: str = ""


@dataclass(slots=True)
class Residence:
    """A home-municipality entry of the population register."""

    municipality: str
    moved_in: date
    moved_out: date | None
    registered_on: date


@dataclass(slots=True)
class Person:
    """A person; without a UMA number one whom only the population register knows."""

    uma_number: str
    birth_date: date
    family_name: str = ""
    given_names: str = ""
    nationality: str = ""
    code: str = ""
    rgi_number: str = ""
    unhcr_number: str = ""
    born_here: bool = False
    parents: str = ""
    permits: list[Permit] = field(default_factory=list)
    residences: list[Residence] = field(default_factory=list)
    death_date: date | None = None
    citizen_from: date | None = None
    non_disclosure: bool = False

    def age(self, day: date) -> int:
        """Return completed years on the day."""
        born = self.birth_date
        return day.year - born.year - ((day.month, day.day) < (born.month, born.day))

    def home(self) -> Residence | None:
        """Return the residence the person lives in now, if any."""
        last = self.residences[-1] if self.residences else None
        return last if last and last.moved_out is None and self.death_date is None else None

    def next_permit_number(self) -> str:
        """Return the number of the person's next permit."""
        return permit_number(self.uma_number, len(self.permits) + 1)


def person_render(person: Person) -> PersonRows:
    """Write a person as rows of the four files, columns in the order of formats.md."""
    code = person.code
    uma = person.uma_number
    return PersonRows(
        person=_uma_row(person) if uma else [],
        permits=[_permit_row(uma, p) for p in person.permits],
        vtj=[code, _iso(person.death_date), _iso(person.citizen_from), _bool(person.non_disclosure)]
        if code
        else [],
        residences=[_residence_row(code, r) for r in person.residences],
    )


def person_parse(rows: PersonRows) -> Person:
    """Read back what `person_render` wrote.

    Someone only the population register knows gets a birth date from the identity code.
    """
    person = _uma_parse(rows.person) if rows.person else Person("", code_date(rows.vtj[0]))
    person.permits = [_permit_parse(row) for row in rows.permits]
    if rows.vtj:
        person.code, death, citizen, hidden = rows.vtj
        person.death_date, person.citizen_from = _day(death), _day(citizen)
        person.non_disclosure = hidden == "true"
    person.residences = [
        Residence(town, date.fromisoformat(moved_in), _day(out), date.fromisoformat(registered))
        for _, town, moved_in, out, registered in rows.residences
    ]
    return person


def _uma_row(person: Person) -> Row:
    return [
        person.uma_number,
        person.code,
        person.family_name,
        person.given_names,
        person.birth_date.isoformat(),
        person.nationality,
        person.rgi_number,
        person.unhcr_number,
        _bool(person.born_here),
        person.parents,
    ]


def _uma_parse(row: Row) -> Person:
    uma, code, family, given, born, nationality, rgi, unhcr, born_here, parents = row
    return Person(
        uma_number=uma,
        birth_date=date.fromisoformat(born),
        family_name=family,
        given_names=given,
        nationality=nationality,
        code=code,
        rgi_number=rgi,
        unhcr_number=unhcr,
        born_here=born_here == "true",
        parents=parents,
    )


def _permit_row(uma: str, permit: Permit) -> Row:
    return [
        permit.number,
        uma,
        permit.ground,
        permit.applied,
        permit.granted_on.isoformat(),
        permit.valid_from.isoformat(),
        _iso(permit.valid_to),
        permit.quota_year,
        permit.principal,
        permit.tie_before,
    ]


def _permit_parse(row: Row) -> Permit:
    number, _, ground, applied, granted, start, end, quota_year, principal, tie = row
    return Permit(
        number=number,
        ground=ground,
        granted_on=date.fromisoformat(granted),
        valid_from=date.fromisoformat(start),
        valid_to=_day(end),
        applied=applied,
        quota_year=quota_year,
        principal=principal,
        tie_before=tie,
    )


def _residence_row(code: str, residence: Residence) -> Row:
    return [
        code,
        residence.municipality,
        residence.moved_in.isoformat(),
        _iso(residence.moved_out),
        residence.registered_on.isoformat(),
    ]


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _bool(value: bool) -> str:
    return "true" if value else "false"
