"""The decision on a claim of costs as a letter: what is paid, what was cut and why (P-02)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from config.lib.money import finnish
from config.lib.pdf import pdf_document
from config.templatetags.finnish import day
from grants.costs.models import CostClaim
from registry.decisions.models import Decision
from registry.decisions.wording import authority_of, person_named, remedy_instructions

TEMPLATE = "documents/payment_decision.typ"


def pdf(decision: Decision, at: datetime) -> bytes:
    """The letter, in the active language."""
    claim = decision.of_cost
    return pdf_document(TEMPLATE, context(claim, decision), language=get_language() or "fi", at=at)


def context(claim: CostClaim, decision: Decision) -> dict[str, Any]:
    """What the letter says, in the active language; it names no person."""
    authority = authority_of(decision)
    return {
        "title": _title(claim),
        "sender": authority,
        "recipient": [decision.recipient.name],
        "reference": decision.number,
        "day": day(decision.decided_on),
        "facts": _facts(claim),
        "sections": [
            [_("Decision"), _ruling(claim, authority)],
            [_("Reasons"), _reasons(claim)],
            [_("Provisions and conditions"), _provisions(claim)],
            [_("If you do not accept the decision"), remedy_instructions(decision, authority)],
        ],
        "signatures": [
            [_("Approver"), person_named(decision.approver)],
            [_("Presenter, gives further information"), person_named(decision.presenter)],
            [_("Hash of what was approved"), decision.content_hash],
        ],
    }


def _title(claim: CostClaim) -> str:
    if claim.contests_id:
        return _("Decision on a rectification claim: costs of a salary grant")
    return _("Decision on a claim of costs: salary grant")


def _facts(claim: CostClaim) -> list[list[str]]:
    application = claim.application
    facts = [
        [_("Application"), application.number],
        [_("Claim of costs"), str(claim.number)],
        [_("Round"), application.round.code],
        [_("Post"), application.worker_title],
        [_("Costs of"), f"{day(claim.period_from)}–{day(claim.period_to)}"],
        [_("Costs claimed"), finnish(claim.amount_cents)],
        [_("Costs accepted"), finnish(claim.accepted_cents or 0)],
    ]
    if claim.contests is not None:
        facts.append([_("Contested decision"), str(claim.contests.decision)])
    return facts


def _ruling(claim: CostClaim, authority: str) -> list[str]:
    if not claim.accepted_cents:
        return [_("The claim is refused: nothing of it is paid.")]
    paid = _("{authority} accepts {amount} of the costs claimed and pays it to {recipient}.")
    rulings = [
        paid.format(
            authority=authority,
            amount=finnish(claim.accepted_cents),
            recipient=claim.application.applicant.name,
        )
    ]
    if claim.cut_cents:
        cut = _("In other respects, for {cut}, the claim is refused.")
        rulings.append(cut.format(cut=finnish(claim.cut_cents)))
    return rulings


def _reasons(claim: CostClaim) -> list[str]:
    accepted = _(
        "The costs accepted have come about for the purpose of the grant, are shown by vouchers, "
        "and are within what has been granted."
    )
    written = [line for line in claim.reason.splitlines() if line.strip()]
    return [*([accepted] if claim.accepted_cents else []), *written]


def _provisions(claim: CostClaim) -> list[str]:
    own = [line for line in claim.application.round.provisions.splitlines() if line.strip()]
    return [*own, _("State Grants Act (688/2001), 12 to 14 §")]
