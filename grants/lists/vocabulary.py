"""Words of a list and what they mean: countries, municipalities and grounds in any language (G-10)."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from babel import Locale

from grants.lists.schema import LANGUAGES, Kind, folded
from grants.rounds.models import Round
from registry.models import Ground, Organisation, OrganisationKind

COUNTRIES = Path(__file__).resolve().parents[2] / "registry" / "data" / "countries.csv"


@dataclass(frozen=True)
class Country:
    """A country of ISO 3166-1 with its names by language."""

    alpha2: str
    alpha3: str
    names: Mapping[str, str]


@cache
def countries() -> Mapping[str, Country]:
    """Countries by their codes of three letters; the English names are Babel's (CLDR)."""
    english = Locale("en").territories
    with COUNTRIES.open(encoding="utf-8", newline="") as file:
        return {
            row["alpha3"]: Country(
                row["alpha2"],
                row["alpha3"],
                {
                    "fi": row["name_fi"],
                    "sv": row["name_sv"],
                    "en": english.get(row["alpha2"], row["name_fi"]),
                },
            )
            for row in csv.DictReader(file)
        }


def country_name(alpha3: str, language: str) -> str:
    """The name of a country in a language; its code where it is unknown."""
    known = countries().get(alpha3)
    return known.names[language if language in LANGUAGES else "fi"] if known else alpha3


@cache
def _country_words() -> Mapping[str, str]:
    """Codes of three letters by everything a country is called."""
    return {
        folded(word): country.alpha3
        for country in countries().values()
        for word in (country.alpha2, country.alpha3, *country.names.values())
    }


@dataclass(frozen=True)
class Vocabulary:
    """What the words of a list's columns mean: keys by folded words, by the kind of the column."""

    words: Mapping[Kind, Mapping[str, str | int]]

    @classmethod
    def of(cls, round_: Round) -> Vocabulary:
        """The words a round's lists may use; two queries."""
        return cls(
            {
                Kind.COUNTRY: _country_words(),
                Kind.MUNICIPALITY: _municipality_words(round_),
                Kind.GROUND: _ground_words(Ground.objects.all()),
            }
        )

    def meaning(self, kind: Kind, text: str) -> str | int | None:
        """The key of what a text names; None if it names nothing known."""
        return self.words[kind].get(folded(text))


def _municipality_words(round_: Round) -> dict[str, str | int]:
    """Ids of municipalities by name and code; of a name twice, the one of the arrivals' time."""
    words: dict[str, str | int] = {}
    for town in Organisation.objects.municipalities().order_by("valid_from", "code"):
        is_then = town.valid_to is None or town.valid_to >= round_.arrivals_from
        names = (town.code, town.code.lstrip("0"), town.name_fi, town.name_sv)
        for word in map(folded, (*names, f"{town.code} {town.name_fi}")):
            if is_then or word not in words:
                words[word] = town.pk
    return words


def _ground_words(grounds: Iterable[Ground]) -> dict[str, str | int]:
    """Codes of grounds by code, name, or both as the template writes them."""
    return {
        folded(word): ground.code
        for ground in grounds
        for name in (ground.name_fi, ground.name_sv, ground.name_en)
        for word in (ground.code, name, f"{ground.code} {name}")
    }


Choices = dict[Kind, list[str]]


def choices_of(round_: Round, applicant: Organisation, language: str) -> Choices:
    """What drop-downs offer: all countries, the applicant's municipalities, the round's grounds.

    In the active language, which is the given one; two queries.
    """
    grounds = Ground.objects.filter(pk__in=round_.grounds.values("ground")).order_by("code")
    return {
        Kind.COUNTRY: sorted(country.names[language] for country in countries().values()),
        Kind.MUNICIPALITY: [town.name for town in municipalities_of(round_, applicant)],
        Kind.GROUND: [str(ground) for ground in grounds],
    }


def municipalities_of(round_: Round, applicant: Organisation) -> list[Organisation]:
    """Municipalities whose arrivals the applicant applies for, of the time of the round's (G-04)."""
    towns = Organisation.objects.municipalities().exclude(valid_to__lt=round_.arrivals_from)
    if applicant.kind == OrganisationKind.MUNICIPALITY:
        own = towns.filter(pk=applicant.pk) | towns.filter(merged_into=applicant)
    elif applicant.kind == OrganisationKind.COUNTY:
        own = towns.filter(county=applicant) | towns.filter(merged_into__county=applicant)
    else:
        own = towns.filter(in_aland=True)
    return sorted(own, key=lambda town: town.name)
