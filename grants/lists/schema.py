"""The columns of a person list, one schema for all that knows them (G-10).

From it come the template, the recognition of headers, the rows' table and grid, the messages and
`docs/person-lists.md`. It imports nothing of Django: the process that reads workbooks has none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

LANGUAGES = ("fi", "sv", "en")
STAMP_SHEET = "kuntakorvaus"  # the hidden one
MAX_FILE_BYTES = 10 * 1024 * 1024
MAX_ROWS = 20_000
IDENTIFIER_LENGTHS = (3, 40)
NAME_LENGTH = 200
UNHCR_FORM = r"^[0-9]{3}-[0-9]{2}(C[0-9]{5}|-[0-9]{5})$"

Texts = Mapping[str, str]  # by language


class Kind(StrEnum):
    """What a column holds: how its cells are read, drawn and compared."""

    IDENTIFIER = "identifier"
    TEXT = "text"
    DATE = "date"
    COUNTRY = "country"
    MUNICIPALITY = "municipality"
    GROUND = "ground"
    YEAR = "year"
    MONTH = "month"


@dataclass(frozen=True)
class Column:
    """A column: the row's field it fills, its header and help by language, its drop-down if any."""

    name: str
    kind: Kind
    header: Texts
    help: Texts
    required: bool = True
    width: int = 18
    longest: int = 400  # characters of a cell that are read

    @property
    def has_choices(self) -> bool:
        """Whether the template offers its values in a drop-down."""
        return self.kind in (Kind.COUNTRY, Kind.MUNICIPALITY, Kind.GROUND)


def texts(fi: str, sv: str, en: str) -> Texts:
    """A text in the languages of lists."""
    return {"fi": fi, "sv": sv, "en": en}


UMA_NUMBER = Column(
    "uma_number",
    Kind.IDENTIFIER,
    texts("UMA-asiakasnumero", "UMA-kundnummer", "UMA customer number"),
    texts(
        "Henkilön asiakasnumero ulkomaalaisasioiden asiankäsittelyjärjestelmässä. Anna tämä tai RGI- tai UNHCR-numero.",
        "Personens kundnummer i ärendehanteringssystemet för utlänningsärenden. Ange detta eller RGI- eller UNHCR-numret.",
        "The person's customer number in the case management system for immigration. Give this or the RGI or UNHCR number.",
    ),
    required=False,
)
UNHCR_NUMBER = Column(
    "unhcr_number",
    Kind.IDENTIFIER,
    texts("RGI- tai UNHCR-numero", "RGI- eller UNHCR-nummer", "RGI or UNHCR number"),
    texts(
        "Esimerkiksi 123-45C67890. Tarvitaan, jos UMA-asiakasnumeroa ei ole.",
        "Till exempel 123-45C67890. Behövs om UMA-kundnumret saknas.",
        "For example 123-45C67890. Needed where there is no UMA customer number.",
    ),
    required=False,
)
NAME = Column(
    "name",
    Kind.TEXT,
    texts("Nimi", "Namn", "Name"),
    texts("Sukunimi ja etunimet.", "Efternamn och förnamn.", "Family name and given names."),
    required=False,
    width=30,
)
BIRTH_DATE = Column(
    "birth_date",
    Kind.DATE,
    texts("Syntymäaika", "Födelsedatum", "Date of birth"),
    texts(
        "Päivä, esimerkiksi 5.3.2015. Älä kirjoita henkilötunnusta.",
        "Datum, till exempel 5.3.2015. Skriv inte personbeteckningen.",
        "A day, for example 5.3.2015. Do not write the personal identity code.",
    ),
    width=14,
)
NATIONALITY = Column(
    "nationality",
    Kind.COUNTRY,
    texts("Kansalaisuus", "Medborgarskap", "Nationality"),
    texts(
        "Valitse luettelosta, tai kirjoita maan nimi tai kolmikirjaiminen tunnus.",
        "Välj i listan, eller skriv landets namn eller kod med tre bokstäver.",
        "Choose from the list, or write the country's name or code of three letters.",
    ),
)
MUNICIPALITY = Column(
    "municipality",
    Kind.MUNICIPALITY,
    texts("Kotikunta", "Hemkommun", "Home municipality"),
    texts(
        "Henkilön ensimmäinen kotikunta Suomessa.",
        "Personens första hemkommun i Finland.",
        "The person's first home municipality in Finland.",
    ),
)
MOVED_IN = Column(
    "moved_in",
    Kind.DATE,
    texts("Kuntaan muuttopäivä", "Datum för flytt till kommunen", "Date of moving in"),
    texts(
        "Päivä, josta alkaen kunta on henkilön kotikunta.",
        "Den dag från vilken kommunen är personens hemkommun.",
        "The day from which the municipality is the person's home municipality.",
    ),
    width=14,
)
GROUND = Column(
    "ground",
    Kind.GROUND,
    texts("Oleskeluluvan peruste", "Grund för uppehållstillståndet", "Ground of the permit"),
    texts(
        "Valitse luettelosta tai kirjoita perusteen tunnus.",
        "Välj i listan eller skriv grundens kod.",
        "Choose from the list or write the code of the ground.",
    ),
    width=32,
)
QUOTA_YEAR = Column(
    "quota_year",
    Kind.YEAR,
    texts("Kiintiövuosi", "Kvotår", "Quota year"),
    texts(
        "Vuosi, jonka pakolaiskiintiössä henkilö on valittu.",
        "Det år i vars flyktingkvot personen har valts.",
        "The year in whose refugee quota the person was chosen.",
    ),
    width=12,
)

# By support: what the rule lists, and nothing else (G-10).
SUPPORTS: Mapping[str, tuple[Column, ...]] = {
    "lisaosa": (
        UMA_NUMBER, UNHCR_NUMBER, NAME, BIRTH_DATE, NATIONALITY, MUNICIPALITY, MOVED_IN, GROUND,
    ),
    "kiireellinen": (
        UMA_NUMBER, UNHCR_NUMBER, BIRTH_DATE, NATIONALITY, MUNICIPALITY, MOVED_IN, QUOTA_YEAR,
    ),
}  # fmt: skip

# Every column of any support, by name: the fields of a row.
COLUMNS: Mapping[str, Column] = {
    column.name: column for columns in SUPPORTS.values() for column in columns
}


def columns_of(support: str) -> tuple[Column, ...]:
    """The columns of a support's list, in the template's order; none for one without a list."""
    return SUPPORTS.get(support, ())


# \s has the non-breaking ones; control characters no database takes count as blanks too.
BLANKS = re.compile(r"[\s\x00-\x1f\x7f\u200b\u200c\u200d\ufeff]+")


def folded(text: str) -> str:
    """A text as it is compared: blanks of any kind as one, capitals as small letters."""
    return BLANKS.sub(" ", text).strip().casefold()


def headers_of(columns: Iterable[Column]) -> dict[str, str]:
    """Names of columns by each of their headers, folded."""
    return {folded(text): column.name for column in columns for text in column.header.values()}


TITLES = {"lisaosa": "Supplement (lisäosa)", "kiireellinen": "Urgent support (kiireellinen)"}


def documentation(lists: Mapping[str, tuple[Column, ...]]) -> Iterator[str]:
    """Lines of `docs/person-lists.md`, the part that the columns of lists write, by title."""
    for title, columns in lists.items():
        yield f"## {title}"
        yield ""
        yield "| Suomeksi | På svenska | In English | Holds | Required | What it is |"
        yield "|---|---|---|---|---|---|"
        for column in columns:
            headers = " | ".join(column.header[language] for language in LANGUAGES)
            required = "yes" if column.required else "no"
            yield f"| {headers} | {column.kind} | {required} | {column.help['en']} |"
        yield ""
