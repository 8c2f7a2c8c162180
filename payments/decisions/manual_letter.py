"""The decision on manually allocated persons, and its person appendix (P-02, P-03, P-08)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from config.lib.money import euros, finnish
from config.lib.pdf import pdf_document
from config.lib.xlsx import Sheet, xlsx_workbook
from config.templatetags.finnish import day, month
from payments.cases.rectifying.differences import claim_of
from payments.cases.rectifying.models import ClaimRuling, ManualRectification
from payments.cases.selectors.details import ProposalRow, decision_rows
from payments.entitlement.citations import Citations
from registry.decisions.models import Decision
from registry.decisions.wording import (
    authority_of,
    person_named,
    remedy_instructions,
    secrecy_mark,
)


class AppendixRow(NamedTuple):
    """A month of a person, or all of a refused one's; sums in cents."""

    person: str
    number: str
    months: str
    ruling: str
    base_cents: int
    adult_cents: int
    cents: int

    @property
    def texts(self) -> tuple[str, ...]:
        return (self.person, self.number, self.months, self.ruling)

    @property
    def sums(self) -> tuple[int, ...]:
        return (self.base_cents, self.adult_cents, self.cents)


def pdf(decision: Decision, at: datetime) -> bytes:
    """The letter, in the active language; it names no person."""
    rows = decision_rows(decision)
    context = {
        **_head(decision),
        "title": _("Decision on a rectification claim: persons allocated by hand")
        if _claim(decision)
        else _("Decision on compensation for persons allocated by hand"),
        "facts": _facts(decision, rows),
        "sections": [
            [_("Decision"), _ruling(decision, rows)],
            [_("Reasons"), _reasons(decision, rows)],
            [_("Provisions applied"), _provisions(decision, rows)],
            [
                _("If you do not accept the decision"),
                remedy_instructions(decision, authority_of(decision)),
            ],
        ],
        "signatures": [
            [_("Approver"), person_named(decision.approver)],
            [_("Presenter, gives further information"), person_named(decision.presenter)],
            [_("Hash of what was approved"), decision.content_hash],
        ],
    }
    return _set("documents/payment_decision.typ", context, at)


def appendix_pdf(decision: Decision, at: datetime) -> bytes:
    """The person appendix as a PDF, marked secret on every page."""
    texts, sums = _header()
    context = {
        **_head(decision),
        "title": _("Person appendix of the decision {number}").format(number=decision.number),
        "mark": secrecy_mark(),
        "tables": [
            {
                "title": _("Persons and months"),
                "columns": [
                    *({"title": title, "align": "start"} for title in texts),
                    *({"title": title, "align": "end"} for title in sums),
                ],
                "rows": [[*row.texts, *map(finnish, row.sums)] for row in _rows(decision)],
            }
        ],
        "hash": [_("Hash of what was approved"), decision.content_hash],
    }
    return _set("documents/payment_specification.typ", context, at)


def appendix_xlsx(decision: Decision, at: datetime) -> bytes:
    """The same as a workbook."""
    return xlsx_workbook(
        Sheet(
            _("Person appendix"),
            [title for part in _header() for title in part],
            [[*row.texts, *map(euros, row.sums)] for row in _rows(decision)],
            above=[secrecy_mark(), decision.number, decision.recipient.name],
        ),
        at=at,
    )


def _set(template: str, context: dict[str, Any], at: datetime) -> bytes:
    return pdf_document(template, context, language=get_language() or "fi", at=at)


def _head(decision: Decision) -> dict[str, Any]:
    return {
        "sender": authority_of(decision),
        "recipient": [decision.recipient.name],
        "reference": decision.number,
        "day": day(decision.decided_on),
    }


def _facts(decision: Decision, rows: list[ProposalRow]) -> list[list[str]]:
    applied_on = decision.of_manual.proposal.applied_on
    applied = [[_("Applied"), day(applied_on)]] if applied_on else []
    if claim := _claim(decision):
        applied += [
            [_("Contested decision"), str(claim.contested)],
            [_("Rectification claimed"), day(claim.filed_on)],
        ]
    return [
        *applied,
        [_("Persons"), str(len(rows))],
        [_("Months granted"), str(sum(row.granted_months for row in rows))],
        [_("Granted together"), finnish(decision.amount_cents)],
    ]


def _claim(decision: Decision) -> ManualRectification | None:
    return claim_of(decision.of_manual.proposal)


def _ruling(decision: Decision, rows: list[ProposalRow]) -> list[str]:
    if claim := _claim(decision):
        return [_ruling_on(claim, decision)]
    granted = sum(row.granted_months for row in rows)
    if not granted:
        return [_("No compensation is granted.")]
    return [
        ngettext(
            "Compensation is granted for {count} month of a person, {amount}. It is paid in the "
            "next run, and its payment decision specifies it.",
            "Compensation is granted for {count} months of persons, {amount} together. They are "
            "paid in the next run, and its payment decision specifies them.",
            granted,
        ).format(count=granted, amount=finnish(decision.amount_cents))
    ]


def _ruling_on(claim: ManualRectification, decision: Decision) -> str:
    if claim.ruling == ClaimRuling.INADMISSIBLE:
        return _("The claim is dismissed without considering its merits.")
    if claim.ruling == ClaimRuling.REFUSED:
        return _("The claim is refused. The contested decision stands.")
    return _(
        "The claim is upheld: {amount} is granted in addition to what the contested decision "
        "granted. It is paid in the next run, and its payment decision specifies it."
    ).format(amount=finnish(decision.amount_cents))


def _late(claim: ManualRectification | None) -> list[str]:
    if claim is None or not claim.is_late:
        return []
    text = _(
        "The last day for a rectification claim was {last}, and the claim came on {filed} "
        "(434/2003 49 c §, 49 f §)."
    )
    return [text.format(last=day(claim.last_day), filed=day(claim.filed_on))]


def _reasons(decision: Decision, rows: list[ProposalRow]) -> list[str]:
    """Why what is granted is, and each reason of a refusal with its number of months."""
    granted = _(
        "The persons could not be paid by the registers alone. By the evidence they are found to "
        "have lived in the municipality in the months granted, and their residence permits and "
        "compensation time entitle to compensation for these."
    )
    months = Counter(month.why_not for row in rows for month in row.months if month.why_not)
    persons = Counter(row.case.refused_because for row in rows if row.case.refused_because)
    return [
        *_late(_claim(decision)),
        *([granted] if decision.amount_cents else []),
        *(
            _("Months not granted: {count}. Reason: {reason}").format(count=count, reason=reason)
            for reason, count in months.items()
        ),
        *(
            _("Persons refused: {count}. Reason: {reason}").format(count=count, reason=reason)
            for reason, count in persons.items()
        ),
    ]


def _provisions(decision: Decision, rows: list[ProposalRow]) -> list[str]:
    months = [month for row in rows for month in row.months]
    citations = Citations(decision.decided_on)
    codes = ["no_identity_code", f"line_{decision.recipient.kind}"]
    codes += ["claim"] if decision.of_manual.proposal.is_application else []
    codes += [month.outcome for month in months if month.verdict == "refused"]
    texts = [citations.of(code) for code in codes]
    texts += ["434/2003 49 a–49 g §"] if _claim(decision) else []
    texts += ["872/2024 4 §"] if any(month.is_reduced for month in months) else []
    return list(dict.fromkeys(text for text in texts if text))


def _header() -> tuple[list[str], list[str]]:
    """Titles of the columns of texts, and of those of sums."""
    return (
        [_("Name"), _("UMA customer number"), _("Benefit month"), _("Ruling")],
        [_("Base component"), _("Adult component"), _("Sum")],
    )


def _rows(decision: Decision) -> list[AppendixRow]:
    return [row for found in decision_rows(decision) for row in _person_rows(found)]


def _person_rows(row: ProposalRow) -> Iterator[AppendixRow]:
    who = _who(row)
    if row.case.refused_because:
        months = f"{month(row.case.first_month)}–{month(row.case.last_month)}"
        yield AppendixRow(*who, months, row.case.refused_because, 0, 0, 0)
    for found in row.months:
        cents, adult = found.granted_cents, found.adult_cents if found.granted_cents else 0
        ruling = _("granted") if found.granted_cents else found.why_not
        yield AppendixRow(*who, month(found.benefit_month), ruling, cents - adult, adult, cents)


def _who(row: ProposalRow) -> tuple[str, str]:
    """The person's name and UMA customer number, or the birth date where there is none (P-03)."""
    if row.is_secret:
        return (_("person under non-disclosure"), "")
    number = row.case.person.uma_number if row.case.person else row.case.stated_uma_number
    return (row.name, number or (day(row.birth_date) if row.birth_date else ""))
