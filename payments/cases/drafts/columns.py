"""The columns of a list of persons applied for: what the form asks, and nothing else (P-08)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from grants.lists.schema import BIRTH_DATE, NAME_LENGTH, UMA_NUMBER, Column, Kind, texts

EVIDENCE_LENGTH = 1000

_FROM_FORM = (
    replace(
        UMA_NUMBER,
        help=texts(
            "Henkilön asiakasnumero ulkomaalaisasioiden asiankäsittelyjärjestelmässä. Anna tämä, oleskeluluvan numero tai nimi ja syntymäaika.",
            "Personens kundnummer i ärendehanteringssystemet för utlänningsärenden. Ange detta, uppehållstillståndets nummer eller namn och födelsedatum.",
            "The person's customer number in the case management system for immigration. Give this, the permit number, or the name and date of birth.",
        ),
    ),
    Column(
        "permit_number",
        Kind.IDENTIFIER,
        texts("Oleskeluluvan numero", "Uppehållstillståndets nummer", "Permit number"),
        texts(
            "Tarvitaan, jos UMA-asiakasnumeroa ei ole.",
            "Behövs om UMA-kundnumret saknas.",
            "Needed where there is no UMA customer number.",
        ),
        required=False,
    ),
    Column(
        "family_name",
        Kind.TEXT,
        texts("Sukunimi", "Efternamn", "Family name"),
        texts("Sukunimi.", "Efternamn.", "Family name."),
        required=False,
        longest=NAME_LENGTH + 1,
    ),
    Column(
        "given_names",
        Kind.TEXT,
        texts("Etunimet", "Förnamn", "Given names"),
        texts("Kaikki etunimet.", "Alla förnamn.", "All given names."),
        required=False,
        longest=NAME_LENGTH + 1,
    ),
    replace(BIRTH_DATE, required=False),
    Column(
        "first_month",
        Kind.MONTH,
        texts("Alkaen kuukaudesta", "Från och med månaden", "From month"),
        texts(
            "Ensimmäinen haettava kuukausi, esimerkiksi 1/2025.",
            "Den första månaden som söks, till exempel 1/2025.",
            "The first month applied for, for example 1/2025.",
        ),
        width=14,
    ),
    Column(
        "last_month",
        Kind.MONTH,
        texts("Kuukauteen asti", "Till och med månaden", "To month"),
        texts(
            "Viimeinen haettava kuukausi, esimerkiksi 3/2025.",
            "Den sista månaden som söks, till exempel 3/2025.",
            "The last month applied for, for example 3/2025.",
        ),
        width=14,
    ),
    Column(
        "evidence",
        Kind.TEXT,
        texts("Selvitys asumisesta", "Utredning om boendet", "Evidence of living there"),
        texts(
            "Mikä osoittaa asumisen ja missä se on: vuokrasopimus, rekisteröinti, asiakastieto.",
            "Vad som visar boendet och var det finns: hyresavtal, registrering, klientuppgift.",
            "What shows it and where it can be seen: lease, registration, client record.",
        ),
        width=50,
        longest=EVIDENCE_LENGTH + 1,  # one more, so that what is too long is seen
    ),
)
COLUMNS: Mapping[str, Column] = {column.name: column for column in _FROM_FORM}
