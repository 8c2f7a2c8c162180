"""The person appendix of a decision on a support, marked secret (P-03)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from config.lib.money import euros, finnish
from config.lib.pdf import pdf_document
from config.lib.xlsx import Sheet, xlsx_workbook
from config.templatetags.finnish import day
from grants.decisions.models import SupportProposal
from grants.decisions.selectors import DecidedRow, decision_rows
from registry.decisions.models import Decision
from registry.decisions.wording import authority_of, secrecy_mark

TEMPLATE = "documents/payment_specification.typ"


def pdf(decision: Decision, at: datetime) -> bytes:
    """The appendix as a PDF, marked secret on every page, in the active language."""
    header = _header()
    context: dict[str, Any] = {
        "sender": authority_of(decision),
        "recipient": [decision.recipient.name],
        "reference": decision.number,
        "day": day(decision.decided_on),
        "mark": secrecy_mark(),
        "title": _("Person appendix of the decision {number}").format(number=decision.number),
        "tables": [
            {
                "title": _title(decision.of_support),
                "columns": [
                    {"title": title, "align": "end" if title == header[-1] else "start"}
                    for title in header
                ],
                "rows": [[*_cells(row), finnish(row.cents)] for row in _rows(decision)],
            }
        ],
        "hash": [_("Hash of what was approved"), decision.content_hash],
    }
    return pdf_document(TEMPLATE, context, language=get_language() or "fi", at=at)


def xlsx(decision: Decision, at: datetime) -> bytes:
    """The same as a workbook."""
    rows = [[*_cells(row), euros(row.cents)] for row in _rows(decision)]
    above = [secrecy_mark(), decision.number, decision.recipient.name]
    return xlsx_workbook(Sheet(_("Person appendix"), _header(), rows, above=above), at=at)


def _title(decided: SupportProposal) -> str:
    return f"{decided.application.number}, {decided.application.round.code}"


def _header() -> list[str]:
    return [
        _("Row"), _("Identifier"), _("Name"), _("Born"), _("Ruling"), _("Reason"), _("Sum"),
    ]  # fmt: skip


def _rows(decision: Decision) -> list[DecidedRow]:
    return list(decision_rows(decision.of_support))


def _cells(row: DecidedRow) -> list[str]:
    ruling = _("granted") if row.accepted else pgettext("ruling", "refused")
    return [str(row.line), row.identifier, row.name, day(row.birth_date), ruling, row.reason]
