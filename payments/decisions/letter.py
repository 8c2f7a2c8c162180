"""The payment decision as a letter (P-02)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from config.lib.money import finnish
from config.lib.pdf import pdf_document
from config.templatetags.finnish import day, month
from payments.decisions.models import RunDecision
from payments.entitlement.citations import Citations
from payments.recovery.selectors.set_offs import set_off_cents
from registry.decisions.models import Decision
from registry.decisions.wording import authority_of, person_named, remedy_instructions

TEMPLATE = "documents/payment_decision.typ"


def pdf(decision: Decision, at: datetime) -> bytes:
    """The letter, in the active language."""
    return pdf_document(TEMPLATE, context(decision.of_run), language=get_language() or "fi", at=at)


def context(decided: RunDecision) -> dict[str, Any]:
    """What the letter says, in the active language; a fixed number of queries."""
    decision, proposal = decided.decision, decided.proposal
    authority = authority_of(decision)
    return {
        "title": _("Decision on the calculated compensation for {month}").format(
            month=month(proposal.run.month)
        ),
        "sender": authority,
        "recipient": [decision.recipient.name],
        "reference": decision.number,
        "day": day(decision.decided_on),
        "sections": [
            [_("Decision"), _ruling(decided)],
            [_("Reasons"), _reasons(decided)],
            [_("Provisions applied"), _provisions(decided)],
            [_("If you do not accept the decision"), remedy_instructions(decision, authority)],
        ],
        "facts": _facts(decided),
        "signatures": [
            [_("Approver"), person_named(decision.approver)],
            [_("Presenter, gives further information"), person_named(decision.presenter)],
            [_("Hash of what was approved"), decision.content_hash],
        ],
    }


def _ruling(decided: RunDecision) -> list[str]:
    proposal, set_off = decided.proposal, set_off_cents(decided.proposal)
    if set_off:
        return _ruling_set_off(decided, set_off)
    if proposal.payable_cents:
        return [
            _("{authority} pays {recipient} {amount} as calculated compensation.").format(
                authority=authority_of(decided.decision),
                recipient=proposal.payee.name,
                amount=finnish(proposal.payable_cents),
            )
        ]
    if proposal.recovery_cents:
        return [
            _(
                "Nothing is paid: the corrections of earlier months take back more than the month "
                "comes to. Recovering the remaining {amount} is decided separately."
            ).format(amount=finnish(proposal.recovery_cents))
        ]
    return [_("Nothing is paid and nothing is recovered: the corrections cancel out.")]


def _ruling_set_off(decided: RunDecision, set_off: int) -> list[str]:
    proposal = decided.proposal
    rulings = [
        _("The calculated compensation of {recipient} is {amount}.").format(
            recipient=proposal.payee.name, amount=finnish(proposal.payable_cents)
        ),
        _(
            "Of it, {amount} is set off against what was paid without ground earlier and is to be "
            "recovered; the specification names the recoveries."
        ).format(amount=finnish(set_off)),
    ]
    if left := proposal.payable_cents - set_off:
        pays = _("{authority} pays the remaining {amount}.").format(
            authority=authority_of(decided.decision), amount=finnish(left)
        )
        return [*rulings, pays]
    return [*rulings, _("Nothing remains to be paid.")]


def _facts(decided: RunDecision) -> list[list[str]]:
    proposal, set_off = decided.proposal, set_off_cents(decided.proposal)
    paid = [
        [_("Set off against recoveries"), finnish(-set_off)],
        [_("To be paid"), finnish(proposal.payable_cents - set_off)],
    ]
    return [
        [_("Benefit month"), month(proposal.run.month)],
        [_("Persons"), str(proposal.persons)],
        [_("Compensation for the month"), finnish(proposal.regular_cents)],
        [_("Corrections of earlier months"), finnish(proposal.correction_cents)],
        [_("In total"), finnish(proposal.amount_cents)],
        *(paid if set_off else []),
    ]


def _reasons(decided: RunDecision) -> list[str]:
    run = decided.proposal.run
    return [
        _(
            "The compensation is computed person by person from the residence permits and home "
            "municipalities that the migration and population registers had delivered by {day}: "
            "for each person in scope whose compensation time runs and who lived in the "
            "municipality on the first day of the month."
        ).format(day=day(run.delivery.received_at)),
        _(
            "Earlier months are computed again as known now; what differs from what has been paid "
            "is corrected here. The specification gives the month by component, age group and "
            "ground, and each correction by its original month and cause."
        ),
    ]


def _provisions(decided: RunDecision) -> list[str]:
    proposal = decided.proposal
    citations = Citations(proposal.run.month)
    own = citations.of(f"line_{proposal.payee.kind}")
    takes_back = proposal.correction_cents < 0 or proposal.set_offs.exists()
    corrected = citations.of("recovery") if takes_back else ""
    return [text for text in (own, corrected) if text]
