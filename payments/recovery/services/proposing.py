"""Proposing a step of a recovery; another person approves it (P-01)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from config.lib.money import finnish
from payments.bank.banking_days import is_banking_day
from payments.models import (
    PaymentOrder,
    Proposal,
    RecoveryCase,
    RecoveryEntry,
    RecoveryHearing,
    RecoveryStep,
)
from payments.recovery.errors import RecoveryRefused
from payments.recovery.models import CaseStatus, StepKind, StepStatus
from payments.recovery.models.entries import REDUCING
from payments.recovery.selectors.accrued import interest_by
from payments.recovery.selectors.debts import balance
from payments.recovery.services.attempts import case_attempt, case_locked, refuse_hand
from registry.access.models import Part, User
from registry.audit.models import Verb

OPEN = (CaseStatus.SET_OFF, CaseStatus.REPAY, CaseStatus.DECIDED)
DAYS_TO_PAY = timedelta(days=14)  # at least, after the decision


def repay_propose(
    case_id: int, *, by: User, due_on: date, reason: str, at: datetime
) -> RecoveryStep:
    """Propose a decision that what is open is repaid by the due day. Raises RecoveryRefused."""
    today = timezone.localdate(at)
    with case_attempt(Verb.PROPOSED, by, case_id):
        case = _for_proposal(case_id, by, reason, CaseStatus.REPAY)
        hearing = RecoveryHearing.objects.filter(case=case).first()
        if hearing is None or not hearing.is_over(today):
            raise RecoveryRefused(_("The payee may still answer: wait for it, or for the day."))
        if due_on < today + DAYS_TO_PAY:
            raise RecoveryRefused(_("Leave the payee at least two weeks to pay."))
        if not is_banking_day(due_on):
            raise RecoveryRefused(_("Choose a banking day: nobody can pay on that day."))
        if case.is_past(today):
            raise RecoveryRefused(_("The time to decide has passed: waive what is open."))
        return _step(case, StepKind.REPAY, balance(case), due_on, reason, by=by, at=at)


def waive_propose(case_id: int, *, by: User, cents: int, reason: str, at: datetime) -> RecoveryStep:
    """Propose to waive so much of what is open, for a reason. Raises RecoveryRefused."""
    today = timezone.localdate(at)
    with case_attempt(Verb.PROPOSED, by, case_id):
        case = _for_proposal(case_id, by, reason, *OPEN)
        most = balance(case) + interest_by(case, today)
        if not 0 < cents <= most:
            raise RecoveryRefused(
                _("At most {amount} is open and can be waived.").format(amount=finnish(most))
            )
        return _step(case, StepKind.WAIVE, cents, today, reason, by=by, at=at)


def payment_propose(
    case_id: int, *, by: User, cents: int, paid_on: date, source: str, at: datetime
) -> RecoveryStep:
    """Record money received on a day; another person confirms it. Raises RecoveryRefused."""
    with case_attempt(Verb.PROPOSED, by, case_id):
        case = _for_proposal(case_id, by, source, *OPEN, CaseStatus.CLOSED)
        if cents <= 0:
            raise RecoveryRefused(_("A payment is more than nothing."))
        if not case.opened_on <= paid_on <= timezone.localdate(at):
            raise RecoveryRefused(_("The payment came between the case's opening and today."))
        return _step(case, StepKind.PAYMENT, cents, paid_on, source, by=by, at=at)


def reversal_propose(
    case_id: int, *, by: User, entry_id: int, reason: str, at: datetime
) -> RecoveryStep:
    """Propose to reverse an entry by another. Raises RecoveryRefused."""
    with case_attempt(Verb.PROPOSED, by, case_id):
        case = _for_proposal(case_id, by, reason, *OPEN, CaseStatus.CLOSED)
        entry = case.entries.filter(pk=entry_id, kind__in=REDUCING, reversal=None).first()
        if entry is None:
            raise RecoveryRefused(_("This entry has been reversed, or cannot be."))
        refuse_ordered(entry)
        today = timezone.localdate(at)
        return _step(
            case, StepKind.REVERSE, -entry.amount_cents, today, reason, by=by, at=at, entry=entry
        )


def refuse_ordered(entry: RecoveryEntry) -> None:
    """Raises RecoveryRefused if the month that the entry was set off against has been ordered.

    The month is locked, so that it is not ordered meanwhile.
    """
    if entry.proposal_id is None:
        return
    month = Proposal.objects.select_for_update(no_key=True).get(pk=entry.proposal_id)
    if PaymentOrder.objects.filter(proposal=month).exists():
        raise RecoveryRefused(
            _("What is left of that month has been ordered to be paid: the set-off stands.")
        )


def _for_proposal(case_id: int, by: User, reason: str, *expected: str) -> RecoveryCase:
    case = case_locked(case_id, *expected)
    refuse_hand(case, by, Part.PROPOSED)
    if not reason.strip():
        raise RecoveryRefused(_("Say why."))
    if case.steps.filter(status=StepStatus.PROPOSED).exists():
        raise RecoveryRefused(_("A step waits for its approver; have it approved or refused."))
    return case


def _step(
    case: RecoveryCase,
    kind: StepKind,
    cents: int,
    day: date,
    reason: str,
    *,
    by: User,
    at: datetime,
    entry: RecoveryEntry | None = None,
) -> RecoveryStep:
    return RecoveryStep.objects.create(
        case=case,
        kind=kind,
        amount_cents=cents,
        day=day,
        reason=reason.strip(),
        entry=entry,
        proposed_by=by,
        proposed_at=at,
    )
