"""Load organisations and authorities from the repository's data files."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from django.db import transaction

from config.lib.reference import Loaded, Values, typed_rows, upsert
from registry.organisations.models import (
    Authority,
    AuthorityName,
    Language,
    Organisation,
    OrganisationKind,
)

DATA = Path(__file__).resolve().parents[1] / "data"
KEY = ("kind", "code")
COUNTIES_BEGAN = date(2023, 1, 1)  # act 611/2021: the counties' duties began
SWEDISH_MAJORITY = (Language.SWEDISH, Language.BILINGUAL_SWEDISH)

ALAND_HEALTH: Values = {
    "kind": OrganisationKind.ALAND_HEALTH,
    "code": "AHS",
    "name_fi": "Ahvenanmaan terveys- ja sairaanhoito",
    "name_sv": "Ålands hälso- och sjukvård",
    "language": Language.SWEDISH,
    "in_aland": True,
    "valid_from": date(1994, 1, 1),
}


@transaction.atomic
def reference_load() -> dict[str, Loaded]:
    """Load counties, municipalities, ÅHS and the authorities' dated names.

    Raises BadReference, and IntegrityError where the database refuses a change.
    """
    municipalities = typed_rows(DATA / "municipalities.csv", Organisation)
    standing = [row for row in municipalities if not row["merged_into"]]
    ended = [row for row in municipalities if row["merged_into"]]
    organisations = (
        upsert(Organisation, [ALAND_HEALTH, *_counties(municipalities)], key=KEY)
        + upsert(Organisation, _municipalities(standing), key=KEY)
        + upsert(Organisation, _municipalities(ended), key=KEY)
    )
    return {"organisations": organisations, "authorities": _authority_names_load()}


def _counties(municipalities: list[Values]) -> Iterator[Values]:
    languages = defaultdict(list)
    for municipality in municipalities:
        languages[municipality["wellbeing_county_code"]].append(municipality["language"])
    for row in typed_rows(DATA / "wellbeing_counties.csv", Organisation):
        yield {
            **row,
            "kind": OrganisationKind.COUNTY,
            "language": _language_of(languages[row["code"]]),
            "valid_from": COUNTIES_BEGAN,
        }


def _language_of(languages: list[str]) -> Language:
    """Language of a county by its municipalities': one that is bilingual makes it so (423/2003)."""
    swedish = sum(language in SWEDISH_MAJORITY for language in languages)
    if set(languages) == {Language.FINNISH}:
        return Language.FINNISH
    if swedish * 2 > len(languages):
        return Language.BILINGUAL_SWEDISH
    return Language.BILINGUAL_FINNISH


def _municipalities(rows: list[Values]) -> Iterator[Values]:
    """Municipalities with their county and successor, both loaded before them."""
    ids = {(kind, code): pk for kind, code, pk in Organisation.objects.values_list(*KEY, "id")}
    for row in rows:
        county, successor = row.pop("wellbeing_county_code"), row.pop("merged_into")
        yield {
            **row,
            "kind": OrganisationKind.MUNICIPALITY,
            "county_id": ids[OrganisationKind.COUNTY, county] if county else None,
            "merged_into_id": (
                ids[OrganisationKind.MUNICIPALITY, successor] if successor else None
            ),
        }


def _authority_names_load() -> Loaded:
    rows = typed_rows(DATA / "authorities.csv", AuthorityName)
    codes = sorted({row["code"] for row in rows})
    upsert(Authority, [{"code": code} for code in codes], key=("code",))
    ids = dict(Authority.objects.values_list("code", "id"))
    names = [{"authority_id": ids[row.pop("code")], **row} for row in rows]
    return upsert(AuthorityName, names, key=("authority_id", "valid_from"))
