"""The files of a delivery and their columns (interfaces: registry delivery, agreements)."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from registry.deliveries.refusals import Refusal
from registry.deliveries.values import Check, Day, Flag, IdentityCode, OneOf, Pattern, Text, Words

PERSONS = "uma_persons.csv"
PERMITS = "uma_permits.csv"
POPULATION = "vtj_persons.csv"
RESIDENCES = "vtj_residences.csv"
AGREEMENTS = "agreements.csv"
REGISTRY_FILES = (PERSONS, PERMITS, POPULATION, RESIDENCES)

NUMBER = 40  # characters of UMA customer, permit, RGI and UNHCR numbers
NAME = 200
CODE = "personal_identity_code"
YEAR = re.compile(r"(?:(?:19|20|21)\d\d)?", re.ASCII)
COUNTRIES = Path(__file__).resolve().parents[1] / "data" / "countries.csv"


@dataclass(frozen=True)
class Column:
    """A column, the check of its values, and the values that call for no notice."""

    name: str
    check: Check
    expected: frozenset[str] | None = None


@dataclass(frozen=True)
class Layout:
    """A file: its columns, its key (all that is kept of a refused row), and its period if it has one."""

    file: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    period: tuple[str, str] | None = None
    one_at_a_time: bool = False  # periods of one owner, the first column's, may not overlap

    @property
    def name(self) -> str:
        """The file's name without its ending, part of the names of its temporary tables."""
        return self.file.removesuffix(".csv")

    @property
    def column_names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    @property
    def has_codes(self) -> bool:
        """Tell whether its rows have a personal identity code."""
        return CODE in self.column_names


@dataclass(frozen=True)
class Known:
    """The codes the register knows, asked for once for each import."""

    grounds: frozenset[str]
    municipalities: frozenset[str]


def registry_layouts(known: Known) -> tuple[Layout, ...]:
    """The four files of a registry delivery, in the order they are read."""
    return (_persons(), _permits(known), _population(), _residences(known))


def agreements_layout(known: Known) -> Layout:
    """The coordinator's file of agreements."""
    return Layout(
        AGREEMENTS,
        (
            Column("municipality_code", _municipality(known)),
            Column("valid_from", Day(required=True)),
            Column("valid_to", Day()),
            Column("reference", Text(100)),
        ),
        key=("municipality_code", "valid_from"),
        period=("valid_from", "valid_to"),
        one_at_a_time=True,
    )


def _persons() -> Layout:
    return Layout(
        PERSONS,
        (
            Column("uma_number", Text(NUMBER, required=True)),
            Column(CODE, IdentityCode()),
            Column("family_name", Text(NAME)),
            Column("given_names", Text(NAME)),
            Column("birth_date", Day(required=True)),
            Column("nationality", Text(3), expected=countries()),
            Column("rgi_number", Text(NUMBER)),
            Column("unhcr_number", Text(NUMBER)),
            Column("born_in_finland", Flag()),
            Column("parent_uma_numbers", Words(NUMBER)),
        ),
        key=(CODE, "uma_number"),
    )


def _permits(known: Known) -> Layout:
    return Layout(
        PERMITS,
        (
            Column("permit_number", Text(NUMBER, required=True)),
            Column("uma_number", Text(NUMBER, required=True)),
            Column("ground", OneOf(known.grounds, Refusal.UNKNOWN_GROUND)),
            Column("applied_for_protection", Flag()),
            Column("granted_on", Day()),
            Column("valid_from", Day(required=True)),
            Column("valid_to", Day()),
            Column("quota_year", Pattern(YEAR, Refusal.BAD_NUMBER, "smallint")),
            Column("principal_uma_number", Text(NUMBER)),
            Column("tie_before_arrival", Flag()),
        ),
        key=("uma_number", "permit_number"),
        period=("valid_from", "valid_to"),
    )


def _population() -> Layout:
    return Layout(
        POPULATION,
        (
            Column(CODE, IdentityCode(required=True)),
            Column("death_date", Day()),
            Column("finnish_citizen_from", Day()),
            Column("non_disclosure", Flag()),
        ),
        key=(CODE,),
    )


def _residences(known: Known) -> Layout:
    return Layout(
        RESIDENCES,
        (
            Column(CODE, IdentityCode(required=True)),
            Column("municipality_code", _municipality(known)),
            Column("moved_in", Day(required=True)),
            Column("moved_out", Day()),
            Column("registered_on", Day()),
        ),
        key=(CODE, "moved_in"),
        period=("moved_in", "moved_out"),
        one_at_a_time=True,
    )


def _municipality(known: Known) -> OneOf:
    return OneOf(known.municipalities, Refusal.UNKNOWN_MUNICIPALITY)


@cache
def countries() -> frozenset[str]:
    """The nationalities of ISO 3166-1 alpha-3, and none."""
    with COUNTRIES.open(encoding="utf-8", newline="") as file:
        rows: Iterable[dict[str, str]] = csv.DictReader(file)
        return frozenset(("", *(row["alpha3"] for row in rows)))
