"""An extract as JSON, in a stream, and as a document."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import Any

from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from config.lib.pdf import pdf_document
from config.templatetags.finnish import day
from payments.extracts.selectors import Held
from payments.extracts.values import Section, for_machines, for_people

TEMPLATE = "payments/extracts/extract.typ"
MOST_ROWS = 2000  # of a section in a document; JSON has them all


def extract_json(head: dict[str, Any], sections: Iterable[Section]) -> Iterator[str]:
    """The extract as JSON text, piece by piece, each section's rows read as they are written."""
    yield "{" + f'"extract": {_json(head)}'
    for section in sections:
        yield f',\n"{section.key}": ['
        for number, row in enumerate(section.rows):
            told = {field.key: for_machines(field.of(row)) for field in section.fields}
            yield (",\n  " if number else "\n  ") + _json(told)
        yield "]"
    yield "}\n"


def in_language(pieces: Iterable[str], language: str) -> Iterator[str]:
    """The pieces, each made in a language: a stream is read when the page's own has ended."""
    making = iter(pieces)
    while True:
        with translation.override(language):
            piece = next(making, None)
        if piece is None:
            return
        yield piece


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def extract_pdf(
    held: Held, sections: Iterable[Section], *, sender: str, language: str, at: datetime
) -> bytes:
    """The extract as a document in the active language."""
    context = {
        "title": _("Extract of the data held on one person"),
        "sender": sender,
        "day": day(at.date()),
        "mark": _("Secret – Openness Act (621/1999) section 24.1, 24 and 32"),
        "landscape": True,
        "introduction": introduction(held),
        "sections": [_section(section) for section in sections],
        "nothing": _("Nothing is held."),
    }
    return pdf_document(TEMPLATE, context, language=language, at=at)


def introduction(held: Held) -> list[str]:
    """What an extract says of itself: the source, its limits, rectification."""
    said = [
        _("UMA customer number: {number}.").format(number=held.person.uma_number),
        _("This is everything that the service holds on the person (GDPR, article 15)."),
        _(
            "Facts come from the UMA register (Finnish Immigration Service) and the population information system (Digital and Population Data Services Agency). A wrong fact is rectified there, and comes here with the next delivery."
        ),
        _(
            "Other people are named by their relation, and by their UMA customer number only where a decision rests on them."
        ),
        _("A refused row of a delivery can be found only if its number or identity code was kept."),
    ]
    if held.shared_identities:
        said.append(
            _(
                "Facts under an identity code that another person has had too are left out: {count}."
            ).format(count=held.shared_identities)
        )
    return said


def _section(section: Section) -> dict[str, Any]:
    rows = iter(section.rows)
    shown = [[for_people(f.of(row)) for f in section.fields] for row in islice(rows, MOST_ROWS)]
    return {
        "title": section.title,
        "labels": [capfirst(str(field.label)) for field in section.fields],
        "rows": shown,
        "as_facts": section.as_facts,
        "rest": _rest(sum(1 for _row in rows)),
    }


def _rest(count: int) -> str | None:
    if not count:
        return None
    return _("{count} more rows are in the machine-readable extract.").format(count=count)
