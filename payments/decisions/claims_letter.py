"""The decision on an application for claimable months, and its person appendix (P-02, P-03)."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from config.lib.money import euros, finnish
from config.lib.months import Month
from config.lib.pdf import pdf_document
from config.lib.xlsx import Sheet, xlsx_workbook
from config.templatetags.finnish import day, month
from payments.claims.selectors import ClaimRow, claims_shown
from payments.entitlement.citations import Citations
from registry.decisions.models import Decision
from registry.decisions.wording import (
    authority_of,
    person_named,
    remedy_instructions,
    secrecy_mark,
)


def pdf(decision: Decision, at: datetime) -> bytes:
    """The letter, in the active language; it names no person."""
    context = {
        **_head(decision),
        "title": _("Decision on an application for compensation of earlier months"),
        "facts": _facts(decision),
        "sections": [
            [_("Decision"), _ruling(decision)],
            [_("Reasons"), _reasons(decision)],
            [_("Provisions applied"), _provisions(decision)],
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
    header, rows = _appendix(decision)
    context = {
        **_head(decision),
        "title": _("Person appendix of the decision {number}").format(number=decision.number),
        "mark": secrecy_mark(),
        "tables": [
            {
                "title": _("Months applied for"),
                "columns": [
                    {"title": title, "align": "end" if title == header[-1] else "start"}
                    for title in header
                ],
                "rows": [
                    [person, month(benefit), route, ruling, reason, finnish(cents)]
                    for person, benefit, route, ruling, reason, cents in rows
                ],
            }
        ],
        "hash": [_("Hash of what was approved"), decision.content_hash],
    }
    return _set("documents/payment_specification.typ", context, at)


def appendix_xlsx(decision: Decision, at: datetime) -> bytes:
    """The same as a workbook."""
    header, rows = _appendix(decision)
    return xlsx_workbook(
        Sheet(
            _("Person appendix"),
            header,
            [[*row[:-1], euros(row[-1])] for row in rows],
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


def _facts(decision: Decision) -> list[list[str]]:
    claims = decision.of_claims.claims
    return [
        [_("Applied"), day(decision.of_claims.applied_on)],
        [_("Months applied for"), str(claims.count())],
        [_("Months granted"), str(claims.filter(accepted=True).count())],
        [_("Granted together"), finnish(decision.amount_cents)],
    ]


def _ruling(decision: Decision) -> list[str]:
    granted = decision.of_claims.claims.filter(accepted=True).count()
    if not granted:
        return [_("The application is refused.")]
    return [
        ngettext(
            "Compensation is granted for {count} month of a person, {amount}. It is paid in the "
            "next run, and its payment decision specifies it.",
            "Compensation is granted for {count} months of persons, {amount} together. They are "
            "paid in the next run, and its payment decision specifies them.",
            granted,
        ).format(count=granted, amount=finnish(decision.amount_cents))
    ]


def _reasons(decision: Decision) -> list[str]:
    """Why what is granted is, and each reason of a refusal with its number of months."""
    refused = Counter(
        decision.of_claims.claims.filter(accepted=False)
        .order_by("benefit_month")
        .values_list("benefit_month", "reason")
    )
    granted = _(
        "The registers known now show that the months granted should have been paid and never "
        "were, and they were applied for in time."
    )
    reasons = [
        _("{month}, persons: {count}. Refused: {reason}").format(
            month=month(benefit), count=count, reason=reason
        )
        for (benefit, reason), count in refused.items()
    ]
    return [granted, *reasons] if decision.amount_cents else reasons


def _provisions(decision: Decision) -> list[str]:
    own = Citations(decision.decided_on).of("claim")
    is_reduced = decision.of_claims.claims.filter(route="reduced").exists()
    return [text for text in (own, "872/2024 4 §" if is_reduced else "") if text]


def _appendix(
    decision: Decision,
) -> tuple[list[str], list[tuple[str, Month, str, str, str, int]]]:
    header = [
        _("UMA customer number"), _("Benefit month"), _("Route"), _("Ruling"), _("Reason"),
        _("Sum"),
    ]  # fmt: skip
    return header, [_appendix_row(row) for row in claims_shown(decision.of_claims)]


def _appendix_row(row: ClaimRow) -> tuple[str, Month, str, str, str, int]:
    claim = row.claim
    return (
        _("person under non-disclosure") if row.is_secret else claim.person.uma_number,
        Month.of(claim.benefit_month),
        str(claim.get_route_display()),
        _("granted") if claim.accepted else _("refused"),
        claim.reason,
        claim.amount_cents or 0,
    )
