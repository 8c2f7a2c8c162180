"""The language of the page among those that lists are written in."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import get_language

from grants.lists.schema import COLUMNS, LANGUAGES, Column


def page_language() -> str:
    """The active language; Finnish where lists have none in it."""
    language = (get_language() or "fi")[:2]
    return language if language in LANGUAGES else "fi"


def header_of(column: str, columns: Mapping[str, Column] = COLUMNS) -> str:
    """The header of a column in the language of the page."""
    return columns[column].header[page_language()]
