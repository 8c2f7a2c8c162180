"""The workbook an applicant fills in, made for its round, applicant and language (G-09, G-10)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import override

from config.templatetags.finnish import day
from grants.lists.schema import columns_of
from grants.lists.stamp import Stamp
from grants.lists.vocabulary import choices_of
from grants.lists.writing import Template, template_write
from grants.rounds.models import Round
from registry.models import Organisation


def template_make(
    round_: Round,
    applicant: Organisation,
    language: str,
    *,
    rows: Iterable[Sequence[object]] = (),
) -> bytes:
    """The template of a round for an applicant, in a language: the same bytes every time.

    With rows it is a list again: their values by column, and at the end what was found in each.
    """
    with override(language):
        title = _("List of persons, round {round}: {applicant}")
        return template_write(
            Template(
                title=title.format(round=round_.code, applicant=applicant.name),
                instructions=_instructions(round_),
                columns=columns_of(round_.support),
                language=language,
                stamp=Stamp.of(round_, applicant),
                made_on=round_.opens,
                choices=choices_of(round_, applicant, language),
                windows={"moved_in": (round_.arrivals_from, round_.arrivals_to)},
                rows=list(rows),
            )
        )


def _instructions(round_: Round) -> Sequence[str]:
    window = {"first": day(round_.arrivals_from), "last": day(round_.arrivals_to)}
    return (
        _("Fill in one row for each person on the sheet List, and send the file in the service."),
        _("The date of moving in must be from {first} to {last}.").format(**window),
        _("Give each person's UMA customer number, or their RGI or UNHCR number."),
        _("Do not add other data. Personal identity codes are not accepted anywhere in the file."),
        _("Use only this file: it is made for this round and this applicant alone."),
    )
