"""The decision on a support as a letter: it names no person (P-02)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.timezone import localdate
from django.utils.translation import get_language, ngettext, override
from django.utils.translation import gettext as _

from config.lib.money import finnish
from config.lib.pdf import pdf_document
from config.templatetags.finnish import day
from grants.decisions.ceilings import applied_cents
from grants.decisions.models import Ruling, SupportProposal
from grants.decisions.selectors import amounts_granted, heard_before, refusals_by_reason
from registry.decisions.models import Decision
from registry.decisions.wording import authority_of, person_named, remedy_instructions

TEMPLATE = "documents/payment_decision.typ"


def pdf(decision: Decision, at: datetime) -> bytes:
    """The letter, in the active language."""
    decided = decision.of_support
    return pdf_document(TEMPLATE, context(decided), language=get_language() or "fi", at=at)


def preview(proposal: SupportProposal, decision: Decision, at: datetime) -> bytes:
    """The letter as it would be, marked as a draft; in the language of the decision."""
    proposal.decision = decision
    language = proposal.application.language
    with override(language):
        draft = context(proposal) | {"reference": _("draft"), "mark": _("Draft, not a decision")}
        return pdf_document(TEMPLATE, draft, language=language, at=at)


def context(decided: SupportProposal) -> dict[str, Any]:
    """What the letter says, in the active language; a fixed number of queries."""
    decision = decided.decision
    assert decision is not None
    sections = [
        [_("Decision"), _ruling(decided)],
        [_("Reasons"), _reasons(decided)],
        [_("Provisions and conditions"), _provisions(decided)],
        [
            _("If you do not accept the decision"),
            remedy_instructions(decision, authority_of(decision)),
        ],
    ]
    return {
        "title": _title(decided),
        "sender": authority_of(decision),
        "recipient": [decision.recipient.name],
        "reference": decision.number,
        "day": day(decision.decided_on),
        "facts": _facts(decided),
        "sections": [section for section in sections if section[1]],
        "signatures": [
            [_("Approver"), person_named(decision.approver)],
            [_("Presenter, gives further information"), person_named(decision.presenter)],
            [_("Hash of what was approved"), decision.content_hash],
        ],
    }


def _title(decided: SupportProposal) -> str:
    support = decided.application.get_support_display()
    if decided.claim_id:
        return _("Decision on a rectification claim: {support}").format(support=support)
    return _("Decision on an application: {support}").format(support=support)


def _facts(decided: SupportProposal) -> list[list[str]]:
    application = decided.application
    rows = decided.rows.values("row").distinct()
    facts = [
        [_("Application"), application.number],
        [_("Round"), application.round.code],
        [
            _("Sent"),
            day(application.submitted_at) + (f" ({_('late')})" if application.is_late else ""),
        ],
    ]
    if decided.claim:
        facts.append([_("Rectification claimed"), day(decided.claim.filed_at)])
        contested = decided.claim.contested.decision
        facts.append([_("Contested decision"), str(contested)])
    if decided.rows.exists():
        facts.append([_("Persons applied for"), str(rows.count())])
        facts.append([_("Persons accepted"), str(rows.filter(accepted=True).count())])
    if not application.round.has_list:
        facts.append([_("Post"), application.worker_title])
        facts.append([_("Applied for at most"), finnish(applied_cents(application))])
        return [*facts, [_("Granted at most"), finnish(decided.amount_cents)]]
    return [*facts, [_("Granted together"), finnish(decided.amount_cents)]]


def _ruling(decided: SupportProposal) -> list[str]:
    if decided.claim_id:
        return _ruling_on_claim(decided)
    if decided.ruling == Ruling.INADMISSIBLE:
        return [_("The application is dismissed without considering its merits.")]
    if decided.ruling == Ruling.REFUSED:
        return [_("The application is refused.")]
    grant = (
        _("{authority} grants {recipient} {amount}. It is paid in one sum.")
        if decided.application.round.has_list
        else _(
            "{authority} grants {recipient} a grant of at most {amount} for the salary costs of "
            "an employee who works with refugees. It is paid as costs that have come about are "
            "claimed with their vouchers and accepted."
        )
    )
    rulings = [
        grant.format(
            authority=_authority(decided),
            recipient=decided.application.applicant.name,
            amount=finnish(decided.amount_cents),
        ),
        *_amounts(decided),
    ]
    if decided.ruling == Ruling.PARTLY:
        rulings.append(_("In other respects the application is refused."))
    return rulings


def _ruling_on_claim(decided: SupportProposal) -> list[str]:
    if decided.ruling == Ruling.INADMISSIBLE:
        return [_("The claim is dismissed without considering its merits.")]
    if decided.ruling == Ruling.REFUSED:
        return [_("The claim is refused. The contested decision stands.")]
    upheld = (
        _(
            "The claim is upheld, and the contested decision corrected: {recipient} is granted "
            "{amount} in all. The difference of {difference} is paid in one sum."
        )
        if decided.application.round.has_list
        else _(
            "The claim is upheld, and the contested decision corrected: {recipient} is granted at "
            "most {amount} for salary costs, {difference} more than before. It is paid as costs "
            "that have come about are claimed and accepted."
        )
    )
    return [
        upheld.format(
            recipient=decided.application.applicant.name,
            amount=finnish(decided.amount_cents),
            difference=finnish(decided.difference_cents),
        ),
        *_amounts(decided),
    ]


def _amounts(decided: SupportProposal) -> list[str]:
    """Persons by age group and kind of amount, with the amount of each (G-01, G-08)."""
    return [
        ngettext(
            "{kind}, {age}: {persons} person at {amount}, together {sum}.",
            "{kind}, {age}: {persons} persons at {amount}, together {sum}.",
            group.persons,
        ).format(
            kind=group.kind_label.capitalize(),
            age=group.age_label,
            persons=group.persons,
            amount=finnish(group.each_cents),
            sum=finnish(group.each_cents * group.persons),
        )
        for group in amounts_granted(decided)
    ]


def _reasons(decided: SupportProposal) -> list[str]:
    """The presenter's reasons, then each reason of a refused row with its number of persons."""
    written = [line for line in decided.reasons.splitlines() if line.strip()]
    if decided.is_granting and not decided.claim_id and decided.application.round.has_list:
        written = [
            _(
                "The persons accepted moved to the municipality, their first home municipality, "
                "during the round's arrivals and on a ground that the round supports."
            ),
            *written,
        ]
    by_reason = [
        ngettext(
            "{count} person refused: {reason}", "{count} persons refused: {reason}", count
        ).format(count=count, reason=reason)
        for reason, count in refusals_by_reason(decided)
    ]
    return [*written, *by_reason, *_hearing(decided)]


def _hearing(decided: SupportProposal) -> list[str]:
    """How the applicant was heard before something was refused, or why it was not (434/2003 § 34)."""
    if decided.unheard:
        return [decided.unheard.text]
    hearing = heard_before(decided)
    if hearing is None:
        return []
    if hearing.answered_at is None:
        return [
            _("The applicant was heard before the decision. It did not answer by {day}.").format(
                day=day(hearing.answer_by)
            )
        ]
    return [
        _("The applicant was heard before the decision, and answered on {day}.").format(
            day=day(localdate(hearing.answered_at))
        )
    ]


def _provisions(decided: SupportProposal) -> list[str]:
    own = [line for line in decided.application.round.provisions.splitlines() if line.strip()]
    conditions = [line for line in decided.conditions.splitlines() if line.strip()]
    return [*own, *conditions, _("State Grants Act (688/2001), 11 and 13 §")]


def _authority(decided: SupportProposal) -> str:
    assert decided.decision is not None
    return authority_of(decided.decision)
