"""Why a file is no list: one sentence each, said in the language of whoever reads it (G-09)."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from grants.lists.languages import header_of
from grants.lists.schema import COLUMNS, MAX_FILE_BYTES, MAX_ROWS, Column


class Refusal(StrEnum):
    """What is wrong with a file as a whole."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    OLD_EXCEL = "old_excel"
    PASSWORD = "password"  # noqa: S105 # a refusal's name
    CSV = "csv"
    OTHER_FORMAT = "other_format"
    BROKEN = "broken"
    UNPACKS_TOO_LARGE = "unpacks_too_large"
    UNSAFE = "unsafe"
    MACROS = "macros"
    EXTERNAL = "external"
    UNREADABLE = "unreadable"
    FAR_CELLS = "far_cells"
    TOO_MANY_ROWS = "too_many_rows"
    NO_ROWS = "no_rows"
    IDENTITY_CODE = "identity_code"
    NO_TEMPLATE = "no_template"
    ALTERED_TEMPLATE = "altered_template"
    OTHER_SUPPORT = "other_support"
    OTHER_ROUND = "other_round"
    OTHER_APPLICANT = "other_applicant"
    OTHER_VERSION = "other_version"
    NO_HEADER = "no_header"
    MISSING_COLUMNS = "missing_columns"
    SENT_MEANWHILE = "sent_meanwhile"


SENTENCES: Mapping[Refusal, str | Promise] = {
    Refusal.EMPTY: _("The file is empty. Send the Excel workbook (.xlsx) that you filled in."),
    Refusal.TOO_LARGE: _(
        "The file is over {megabytes} MB. A list of {rows} persons is far smaller: remove "
        "pictures and other sheets, and send it again."
    ),
    Refusal.OLD_EXCEL: _(
        "The file is an Excel file of the old kind (.xls). Save it as an Excel workbook (.xlsx) "
        "and send it again."
    ),
    Refusal.PASSWORD: _(
        "The file is protected by a password. Take the password off in Excel and send the file "
        "again."
    ),
    Refusal.CSV: _(
        "The file is plain text (.csv). Send the list as an Excel workbook (.xlsx), in the "
        "template that you find below."
    ),
    Refusal.OTHER_FORMAT: _(
        "The file is not an Excel workbook. Open the list in your spreadsheet, save it as an "
        "Excel workbook (.xlsx) and send it again."
    ),
    Refusal.BROKEN: _(
        "The file is cut off or broken. Open it in Excel; if it opens, save it again and send "
        "the new file."
    ),
    Refusal.UNPACKS_TOO_LARGE: _(
        "The workbook unpacks to more than a list can be. Copy the rows into an empty template "
        "and send that."
    ),
    Refusal.UNSAFE: _(
        "The workbook is not built as spreadsheets build them, so it was not opened. Copy the "
        "rows into an empty template and send that."
    ),
    Refusal.MACROS: _(
        "The workbook has macros, which are not accepted. Save it as an Excel workbook without "
        "macros (.xlsx) and send it again."
    ),
    Refusal.EXTERNAL: _(
        "The workbook takes data from other files or from the network. Copy the rows as values "
        "into an empty template and send that."
    ),
    Refusal.UNREADABLE: _(
        "The workbook could not be read. Copy the rows into an empty template and send that."
    ),
    Refusal.FAR_CELLS: _(
        "The workbook has cells filled in far outside the list, at {cell} for one. Remove them, "
        "or copy the rows into an empty template, and send it again."
    ),
    Refusal.TOO_MANY_ROWS: _(
        "The list has more than {rows} rows, which is the most one list can have."
    ),
    Refusal.NO_ROWS: _("The list has no persons. Fill in a row for each and send it again."),
    Refusal.IDENTITY_CODE: _(
        "There is a personal identity code in row {line}. Identity codes are not collected, and "
        "nothing of the file was kept: remove them all and send the list again."
    ),
    Refusal.NO_TEMPLATE: _(
        "The file was not made in the service's template. Download the template of round {round} "
        "below, copy your rows into it and send that."
    ),
    Refusal.ALTERED_TEMPLATE: _(
        "The marks in the template by which it is known have been altered. Download the template "
        "of round {round} again, copy your rows into it and send that."
    ),
    Refusal.OTHER_SUPPORT: _(
        "The file is a template of another support. This application is for round {round}: "
        "download its template below."
    ),
    Refusal.OTHER_ROUND: _(
        "The file is a template of round {given}. This application is for round {round}: "
        "download its template below."
    ),
    Refusal.OTHER_APPLICANT: _(
        "The file is a template of another applicant. Download the template of {applicant} below."
    ),
    Refusal.OTHER_VERSION: _(
        "The template of round {round} has changed since you downloaded it. Download it again "
        "below, copy your rows into it and send that."
    ),
    Refusal.SENT_MEANWHILE: _(
        "The application was sent before the list was read. It stands as it was sent."
    ),
    Refusal.NO_HEADER: _(
        "The header row was not found. Keep the template's header above the rows, in Finnish or "
        "in Swedish."
    ),
    Refusal.MISSING_COLUMNS: _(
        "These columns are missing: {columns}. Put their headers back as they are in the template."
    ),
}

# What is said of the template of a list that no round asks for.
WITHOUT_ROUND: Mapping[Refusal, str | Promise] = {
    Refusal.NO_TEMPLATE: _(
        "The file was not made in the service's template. Download the template below, copy your "
        "rows into it and send that."
    ),
    Refusal.ALTERED_TEMPLATE: _(
        "The marks in the template by which it is known have been altered. Download the template "
        "below again, copy your rows into it and send that."
    ),
    Refusal.OTHER_SUPPORT: _(
        "The file is a template of another list. Download the template below, copy your rows into "
        "it and send that."
    ),
    Refusal.OTHER_VERSION: _(
        "The template has changed since you downloaded it. Download it again below, copy your "
        "rows into it and send that."
    ),
}


class ListRefused(ValueError):
    """The file is not read; `refusal` says why, `details` what its sentence names."""

    def __init__(self, refusal: Refusal, **details: str | int) -> None:
        super().__init__(refusal.value)
        self.refusal = refusal
        self.details = details


def sentence(
    refusal: str, details: Mapping[str, Any], columns: Mapping[str, Column] = COLUMNS
) -> str:
    """Why a file was refused, in the language of the page."""
    known = {"megabytes": MAX_FILE_BYTES // (1024 * 1024), "rows": MAX_ROWS, **details}
    if missing := known.get("columns"):
        known["columns"] = ", ".join(header_of(name, columns) for name in missing.split())
    text = None if "round" in known else WITHOUT_ROUND.get(Refusal(refusal))
    return str(text or SENTENCES[Refusal(refusal)]).format_map(known)
