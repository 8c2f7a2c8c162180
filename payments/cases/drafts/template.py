"""The workbook in which an applicant lists the persons it applies for, in a language (P-08)."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import override

from grants.lists.stamp import Stamp
from grants.lists.writing import Template, template_write
from payments.cases.drafts.columns import COLUMNS
from registry.models import Organisation

NAME, VERSION = "kohdennus", "1"
MADE_ON = date(2025, 1, 1)  # of this version


def stamp_of(applicant: Organisation) -> Stamp:
    """The stamp that the applicant's lists bear."""
    return Stamp.without_round(NAME, VERSION, applicant)


def template_make(applicant: Organisation, language: str) -> bytes:
    """The template of an applicant in a language: the same bytes every time."""
    with override(language):
        return template_write(
            Template(
                title=_("Persons applied for: {applicant}").format(applicant=applicant.name),
                instructions=(
                    _(
                        "Fill in one row for each person on the sheet List, and send the file in the service."
                    ),
                    _(
                        "Say who is meant: a UMA customer number, a permit number, or name and birth date."
                    ),
                    _(
                        "Do not add other data. Personal identity codes are not accepted anywhere in the file."
                    ),
                    _("Use only this file: it is made for this applicant alone."),
                ),
                columns=tuple(COLUMNS.values()),
                language=language,
                stamp=stamp_of(applicant),
                made_on=MADE_ON,
            )
        )
