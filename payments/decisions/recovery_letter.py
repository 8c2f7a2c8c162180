"""The decision on a recovery: that it is repaid, or that it is waived (P-02, P-07)."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from config.lib.money import finnish
from config.lib.pdf import pdf_document
from config.templatetags.finnish import day, month
from payments.bank.bankfile.references import recovery_reference
from payments.bank.models.details import grouped
from payments.entitlement.citations import Citations
from payments.models import RecoveryCase, RecoveryHearing, RecoveryStep
from payments.recovery.models import Regime, StepKind
from registry.decisions.models import Decision
from registry.decisions.wording import authority_of, person_named, remedy_instructions

TEMPLATE = "documents/payment_decision.typ"


def pdf(decision: Decision, at: datetime) -> bytes:
    """The letter, in the active language; it names no person."""
    step = decision.of_recovery
    context = {
        "title": _("Decision on a recovery"),
        "sender": authority_of(decision),
        "recipient": [decision.recipient.name],
        "reference": decision.number,
        "day": day(decision.decided_on),
        "facts": _facts(step),
        "sections": [
            [_("Decision"), _ruling(step)],
            [_("Reasons"), [step.reason, *_hearing(step.case, decision)]],
            [_("Provisions applied"), _provisions(step.case, decision)],
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
    return pdf_document(TEMPLATE, context, language=get_language() or "fi", at=at)


def _facts(step: RecoveryStep) -> list[list[str]]:
    case = step.case
    facts = [
        [_("Case"), str(case)],
        [_("Concerns months from"), month(case.concerns_from)],
        [_("Claimed"), finnish(case.claimed_cents)],
    ]
    if step.kind == StepKind.WAIVE:
        return [*facts, [_("Waived"), finnish(step.amount_cents)]]
    return [
        *facts,
        [_("To be repaid"), finnish(step.amount_cents)],
        [_("Due day"), day(step.day)],
        [_("Account"), grouped(settings.BANK_DEBTOR_IBAN)],
        [_("Reference"), grouped(recovery_reference(case.pk))],
    ]


def _ruling(step: RecoveryStep) -> list[str]:
    amount, recipient = finnish(step.amount_cents), step.case.payee.name
    if step.kind == StepKind.WAIVE:
        return [
            _("{amount} is not recovered from {recipient}.").format(
                amount=amount, recipient=recipient
            )
        ]
    rulings = [
        _("{recipient} repays {amount} by {day}.").format(
            recipient=recipient, amount=amount, day=day(step.day)
        ),
        _(
            "On what is not paid by the due day, late-payment interest runs at the reference rate "
            "of the half-year and seven percentage points."
        ),
    ]
    if step.case.regime == Regime.SUPPLEMENT:
        rulings.insert(
            1,
            _(
                "Up to the due day, interest runs from the day of the payment at the reference rate "
                "of the half-year and three percentage points."
            ),
        )
    return rulings


def _hearing(case: RecoveryCase, decision: Decision) -> list[str]:
    """That the recipient was heard before the decision, and what it answered."""
    asked = RecoveryHearing.objects.filter(case=case, asked_on__lte=decision.decided_on)
    hearing = asked.first()
    if hearing is None:
        return []
    if hearing.answered_on is None:
        return [
            _("The recipient was asked on {day} and has not answered.").format(
                day=day(hearing.asked_on)
            )
        ]
    return [
        _("The recipient was heard and answered on {day}: {answer}").format(
            day=day(hearing.answered_on), answer=hearing.answer
        )
    ]


def _provisions(case: RecoveryCase, decision: Decision) -> list[str]:
    if case.regime == Regime.SUPPLEMENT:
        return [_("State Subsidies Act (688/2001) 21, 22 §"), _("Interest Act (633/1982) 3, 4 §")]
    own = Citations(decision.decided_on).of("recovery")
    return [own, _("Interest Act (633/1982) 4 §")]
