"""One schema of the list's columns; what is said of it elsewhere is written from it (G-10)."""

from __future__ import annotations

from pathlib import Path

import pytest

from grants.lists.schema import (
    COLUMNS,
    LANGUAGES,
    SUPPORTS,
    TITLES,
    Kind,
    documentation,
    headers_of,
)
from grants.lists.vocabulary import countries
from payments.cases.drafts.columns import COLUMNS as APPLIED_FOR
from registry.deliveries.layout import countries as nationalities

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "person-lists.md"
START = "<!-- from grants/lists/schema.py; `pytest tests/grants/test_list_schema.py` says what to put here -->"

LISTS = {TITLES[support]: columns for support, columns in SUPPORTS.items()} | {
    "Persons applied for (manual allocation)": tuple(APPLIED_FOR.values())
}


def test_the_document_says_what_the_schema_says():
    written = DOCUMENT.read_text(encoding="utf-8").partition(START)[2]
    assert written.strip() == "\n".join(documentation(LISTS)).strip()


@pytest.mark.parametrize("title", LISTS)
def test_no_header_means_two_columns(title):
    headers = [text for column in LISTS[title] for text in set(column.header.values())]
    assert len(headers_of(LISTS[title])) == len(headers)


def test_every_column_has_its_texts_in_every_language():
    for column in (*COLUMNS.values(), *APPLIED_FOR.values()):
        assert set(column.header) == set(column.help) == set(LANGUAGES)


def test_nothing_but_what_the_rule_lists_is_collected():
    """G-10."""
    assert not {Kind.TEXT, Kind.GROUND} & {column.kind for column in SUPPORTS["kiireellinen"]}
    assert "identity" not in " ".join([*COLUMNS, *APPLIED_FOR])


def test_the_countries_are_those_of_the_register():
    assert countries().keys() == nationalities() - {""}
    assert len({country.names["en"] for country in countries().values()}) == len(countries())
