"""The register as a reader of formats.md would keep it on paper: facts, changed by deliveries.

Nothing here is ever changed in place: applying a delivery gives a new register.
"""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TypeAlias, TypeVar

Row: TypeAlias = dict[str, str]
Delivery: TypeAlias = dict[str, list[Row]]
Fact = TypeVar("Fact")

COLUMNS = {
    "uma_persons.csv": [
        "uma_number",
        "personal_identity_code",
        "family_name",
        "given_names",
        "birth_date",
        "nationality",
        "rgi_number",
        "unhcr_number",
        "born_in_finland",
        "parent_uma_numbers",
    ],
    "uma_permits.csv": [
        "permit_number",
        "uma_number",
        "ground",
        "applied_for_protection",
        "granted_on",
        "valid_from",
        "valid_to",
        "quota_year",
        "principal_uma_number",
        "tie_before_arrival",
    ],
    "vtj_persons.csv": [
        "personal_identity_code",
        "death_date",
        "finnish_citizen_from",
        "non_disclosure",
    ],
    "vtj_residences.csv": [
        "personal_identity_code",
        "municipality_code",
        "moved_in",
        "moved_out",
        "registered_on",
    ],
    "agreements.csv": [
        "municipality_code",
        "valid_from",
        "valid_to",
        "reference",
    ],
}

NOT_MUNICIPALITIES = ("198", "199", "200")
"""Population-register codes that name no municipality; import refuses their rows."""


@dataclass(frozen=True)
class Person:
    """What UMA tells of a person (C-01); an empty identity code is None."""

    uma_number: str
    identity_code: str | None
    birth_date: date
    born_in_finland: bool
    parents: tuple[str, ...]


@dataclass(frozen=True)
class Permit:
    """A residence permit; no valid_to means until further notice (C-07)."""

    permit_number: str
    uma_number: str
    ground: str
    applied_for_protection: bool
    valid_from: date
    valid_to: date | None
    principal: str | None
    tie_before_arrival: bool


@dataclass(frozen=True)
class VtjPerson:
    """What the population register tells of the holder of an identity code."""

    identity_code: str
    death_date: date | None
    finnish_citizen_from: date | None


@dataclass(frozen=True)
class Residence:
    """One home-municipality entry; no moved_out means still there (C-06)."""

    identity_code: str
    municipality_code: str
    moved_in: date
    moved_out: date | None


@dataclass(frozen=True)
class Agreement:
    """A municipality's integration programme and agreement (C-27)."""

    municipality_code: str
    valid_from: date | None
    valid_to: date | None


@dataclass(frozen=True)
class Register:
    """All facts as known now: UMA's by UMA number, VTJ's by identity code (C-01)."""

    persons: Mapping[str, Person] = field(default_factory=dict)
    permits: Mapping[str, tuple[Permit, ...]] = field(default_factory=dict)
    vtj_persons: Mapping[str, VtjPerson] = field(default_factory=dict)
    residences: Mapping[str, tuple[Residence, ...]] = field(default_factory=dict)
    agreements: Mapping[str, tuple[Agreement, ...]] = field(default_factory=dict)
    allocations: Mapping[str, tuple[Residence, ...]] = field(default_factory=dict)
    joined: Mapping[str, str] = field(default_factory=dict)
    """The number each joined UMA number's person goes on under, in the order they were joined."""

    def apply(self, delivery: Delivery) -> "Register":
        """Give the register after the delivery.

        A file is the full truth for the persons (or municipalities) it names; others are untouched.
        """
        persons = [person_from(row) for row in delivery.get("uma_persons.csv", [])]
        permits = [permit_from(row) for row in delivery.get("uma_permits.csv", [])]
        vtj_persons = [vtj_person_from(row) for row in delivery.get("vtj_persons.csv", [])]
        residences = [
            residence_from(row)
            for row in delivery.get("vtj_residences.csv", [])
            if row["municipality_code"] not in NOT_MUNICIPALITIES
        ]
        agreements = [agreement_from(row) for row in delivery.get("agreements.csv", [])]
        return replace(
            self,
            persons={**self.persons, **{p.uma_number: p for p in persons}},
            permits={**self.permits, **grouped((p.uma_number, p) for p in permits)},
            vtj_persons={**self.vtj_persons, **{v.identity_code: v for v in vtj_persons}},
            residences={**self.residences, **grouped((r.identity_code, r) for r in residences)},
            agreements={**self.agreements, **grouped((a.municipality_code, a) for a in agreements)},
        )

    def allocate(self, uma_number: str, town: str, moved_in: date, moved_out: date) -> "Register":
        """Give the register after a decided allocation, which replaces those it overlaps (C-39)."""
        kept = [
            old
            for old in self.allocations.get(uma_number, ())
            if old.moved_out is not None and (old.moved_out < moved_in or moved_out < old.moved_in)
        ]
        new = Residence("", town, moved_in, moved_out)
        return replace(self, allocations={**self.allocations, uma_number: (*kept, new)})

    def join(self, number: str, person: str) -> "Register":
        """Give the register in which a number is another of a person's."""
        return replace(self, joined={**self.joined, number: person})

    def part(self, number: str) -> "Register":
        """Give the register in which a number is a person's own again."""
        return replace(self, joined={n: p for n, p in self.joined.items() if n != number})

    def numbers_of(self, uma_number: str) -> list[str]:
        """All numbers of the person by whichever of them: the own one first, then as joined."""
        own = self.joined.get(uma_number, uma_number)
        return [own, *(number for number, person in self.joined.items() if person == own)]

    def codes_of(self, person: Person) -> list[str]:
        """The identity codes held under the person's numbers, the own one's first."""
        found = [self.persons.get(number) for number in self.numbers_of(person.uma_number)]
        return [one.identity_code for one in found if one and one.identity_code]

    def permits_of(self, uma_number: str) -> tuple[Permit, ...]:
        """Every permit of a person, in whatever order; none for a person not known."""
        numbers = self.numbers_of(uma_number)
        return tuple(p for number in numbers for p in self.permits.get(number, ()))

    def vtj_person_of(self, person: Person) -> VtjPerson | None:
        """The VTJ person joined by identity code (C-01); of several, who ends the soonest."""
        found = [self.vtj_persons.get(code) for code in self.codes_of(person)]
        return min((one for one in found if one), key=vtj_ends, default=None)

    def residences_of(self, person: Person) -> tuple[Residence, ...]:
        """The home-municipality entries joined by identity code (C-01); the first to cover counts."""
        return tuple(r for code in self.codes_of(person) for r in self.residences.get(code, ()))

    def allocations_of(self, person: Person) -> tuple[Residence, ...]:
        """The decided allocations of a person (C-39); the first to cover a day counts."""
        numbers = self.numbers_of(person.uma_number)
        return tuple(a for number in numbers for a in self.allocations.get(number, ()))


def vtj_ends(record: VtjPerson) -> date:
    """The day on which a death or a citizenship ends the compensation (C-03, C-04)."""
    days = [day for day in (record.death_date, record.finnish_citizen_from) if day]
    return min(days, default=date.max)


def grouped(pairs: Iterable[tuple[str, Fact]]) -> dict[str, tuple[Fact, ...]]:
    """Gather the facts of each key."""
    groups: dict[str, tuple[Fact, ...]] = {}
    for key, fact in pairs:
        groups[key] = (*groups.get(key, ()), fact)
    return groups


def day_or_none(text: str) -> date | None:
    """An ISO date; empty is none."""
    return date.fromisoformat(text) if text else None


def covers(start: date | None, end: date | None, day: date) -> bool:
    """Whether start <= day <= end; an empty end of either side is open, the last day counts."""
    return (start is None or start <= day) and (end is None or day <= end)


def person_from(row: Row) -> Person:
    """Read a row of uma_persons.csv."""
    return Person(
        uma_number=row["uma_number"],
        identity_code=row["personal_identity_code"] or None,
        birth_date=date.fromisoformat(row["birth_date"]),
        born_in_finland=row["born_in_finland"] == "true",
        parents=tuple(row["parent_uma_numbers"].split()),
    )


def permit_from(row: Row) -> Permit:
    """Read a row of uma_permits.csv; an unknown tie or protection claim counts as no (C-14)."""
    return Permit(
        permit_number=row["permit_number"],
        uma_number=row["uma_number"],
        ground=row["ground"],
        applied_for_protection=row["applied_for_protection"] == "true",
        valid_from=date.fromisoformat(row["valid_from"]),
        valid_to=day_or_none(row["valid_to"]),
        principal=row["principal_uma_number"] or None,
        tie_before_arrival=row["tie_before_arrival"] == "true",
    )


def vtj_person_from(row: Row) -> VtjPerson:
    """Read a row of vtj_persons.csv."""
    return VtjPerson(
        identity_code=row["personal_identity_code"],
        death_date=day_or_none(row["death_date"]),
        finnish_citizen_from=day_or_none(row["finnish_citizen_from"]),
    )


def residence_from(row: Row) -> Residence:
    """Read a row of vtj_residences.csv."""
    return Residence(
        identity_code=row["personal_identity_code"],
        municipality_code=row["municipality_code"],
        moved_in=date.fromisoformat(row["moved_in"]),
        moved_out=day_or_none(row["moved_out"]),
    )


def agreement_from(row: Row) -> Agreement:
    """Read a row of agreements.csv."""
    return Agreement(
        municipality_code=row["municipality_code"],
        valid_from=day_or_none(row["valid_from"]),
        valid_to=day_or_none(row["valid_to"]),
    )


def read_rows(path: Path) -> list[Row]:
    """The rows of one CSV file, by column name; a byte-order mark is accepted."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [dict(row) for row in csv.DictReader(file)]


def read_delivery(folder: Path | str) -> Delivery:
    """Read the known files of a folder, agreements.csv among them when it is there."""
    paths = [Path(folder) / name for name in COLUMNS]
    return {path.name: read_rows(path) for path in paths if path.exists()}


def write_delivery(delivery: Delivery, folder: Path | str) -> None:
    """Write a delivery as files; a file without rows is not written (an empty file is refused)."""
    Path(folder).mkdir(parents=True, exist_ok=True)
    for name, rows in delivery.items():
        if not rows:
            continue
        with (Path(folder) / name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS[name], lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)


@dataclass(frozen=True)
class Municipality:
    """A municipality, in force valid_from ... valid_to, the last day included (C-21)."""

    code: str
    county: str | None
    in_aland: bool
    valid_from: date
    valid_to: date | None
    merged_into: str | None


@dataclass(frozen=True)
class Ground:
    """A permit ground and the days it is in scope (C-10)."""

    code: str
    scope: str
    in_scope_from: date | None
    in_scope_to: date | None


@dataclass(frozen=True)
class Rate:
    """A yearly amount in euros (C-23); ages are completed years, both ends included."""

    route: str
    payee_kind: str
    region: str
    component: str
    min_age: int
    max_age: int | None
    annual_eur: Decimal
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True)
class Duration:
    """A length of compensation time in years, by the day the clock started (C-18)."""

    group: str
    clock_from: date
    clock_to: date | None
    years: int


@dataclass(frozen=True)
class Reference:
    """The tables of the law."""

    municipalities: Mapping[str, Municipality]
    grounds: Mapping[str, Ground]
    rates: tuple[Rate, ...]
    durations: tuple[Duration, ...]

    @staticmethod
    def load(*folders: Path | str) -> "Reference":
        """Load the four tables, each from the first folder that has it."""
        towns = map(municipality_from, table("municipalities.csv", folders))
        grounds = map(ground_from, table("grounds.csv", folders))
        rates = [r for r in table("rates.csv", folders) if r["benefit"] == "calculated"]
        return Reference(
            municipalities={town.code: town for town in towns},
            grounds={ground.code: ground for ground in grounds},
            rates=tuple(map(rate_from, rates)),
            durations=tuple(map(duration_from, table("durations.csv", folders))),
        )


def table(name: str, folders: tuple[Path | str, ...]) -> list[Row]:
    """The rows of a table, from the first folder that has it."""
    for folder in folders:
        if (Path(folder) / name).exists():
            return read_rows(Path(folder) / name)
    raise FileNotFoundError(f"{name} is in none of {[str(folder) for folder in folders]}")


def municipality_from(row: Row) -> Municipality:
    """Read a row of municipalities.csv."""
    return Municipality(
        code=row["code"],
        county=row["wellbeing_county_code"] or None,
        in_aland=row["in_aland"] == "true",
        valid_from=date.fromisoformat(row["valid_from"]),
        valid_to=day_or_none(row["valid_to"]),
        merged_into=row["merged_into"] or None,
    )


def ground_from(row: Row) -> Ground:
    """Read a row of grounds.csv."""
    return Ground(
        code=row["code"],
        scope=row["scope"],
        in_scope_from=day_or_none(row["in_scope_from"]),
        in_scope_to=day_or_none(row["in_scope_to"]),
    )


def rate_from(row: Row) -> Rate:
    """Read a row of rates.csv."""
    return Rate(
        route=row["route"],
        payee_kind=row["payee_kind"],
        region=row["region"],
        component=row["component"],
        min_age=int(row["min_age"]),
        max_age=int(row["max_age"]) if row["max_age"] else None,
        annual_eur=Decimal(row["annual_eur"]),
        valid_from=date.fromisoformat(row["valid_from"]),
        valid_to=day_or_none(row["valid_to"]),
    )


def duration_from(row: Row) -> Duration:
    """Read a row of durations.csv."""
    return Duration(
        group=row["group"],
        clock_from=date.fromisoformat(row["clock_from"]),
        clock_to=day_or_none(row["clock_to"]),
        years=int(row["years"]),
    )
