"""Approving or refusing what was proposed of a recovery, and what comes of it (P-01, P-02, P-07)."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from hashlib import sha256

from django.utils import timezone
from django.utils.translation import gettext as _

from payments.models import RecoveryCase, RecoveryEntry, RecoveryStep
from payments.recovery.errors import RecoveryRefused
from payments.recovery.models import CaseStatus, EntryKind, StepKind, StepStatus
from payments.recovery.models.steps import DECIDING
from payments.recovery.selectors.debts import balance
from payments.recovery.services.attempts import case_attempt, case_locked, case_ref, refuse_hand
from payments.recovery.services.interest import interest_enter
from payments.recovery.services.opening import cases_close
from payments.recovery.services.proposing import refuse_ordered
from registry.access.models import Part, User
from registry.audit.models import Verb
from registry.decisions.models import Decision, remedy_on
from registry.decisions.services import decisions_store


def step_approve(step_id: int, *, by: User, at: datetime) -> RecoveryStep:
    """Approve what was proposed: decide, waive, confirm a payment, reverse (P-01).

    Raises RecoveryRefused if the approver had another part in the case, or it has been done.
    """
    case_id = RecoveryStep.objects.values_list("case", flat=True).get(pk=step_id)
    with case_attempt(Verb.APPROVED, by, case_id):
        case = case_locked(case_id, *CaseStatus)
        step = _step_locked(step_id)
        refuse_hand(case, by, Part.APPROVED)
        _refuse_late(case, step, at)
        step.status, step.decided_by, step.decided_at = StepStatus.APPROVED, by, at
        if step.kind in DECIDING:
            step.decision = _decision(case, step)
        step.save(update_fields=["status", "decided_by", "decided_at", "decision"])
        DONE[StepKind(step.kind)](case, step)
        cases_close([case.pk])
    return step


def step_refuse(step_id: int, *, by: User, reason: str, at: datetime) -> RecoveryStep:
    """Refuse what was proposed, with a reason for whoever proposed it. Raises RecoveryRefused."""
    case_id = RecoveryStep.objects.values_list("case", flat=True).get(pk=step_id)
    with case_attempt(Verb.RETURNED, by, case_id):
        case_locked(case_id, *CaseStatus)
        step = _step_locked(step_id)
        if not reason.strip():
            raise RecoveryRefused(_("Say why it is refused."))
        step.status, step.refusal = StepStatus.REFUSED, reason.strip()
        step.decided_by, step.decided_at = by, at
        step.save(update_fields=["status", "refusal", "decided_by", "decided_at"])
    return step


def payment_enter(case: RecoveryCase, step: RecoveryStep) -> None:
    """Enter interest and what the payment takes off; what is more than open is over-payment."""
    if case.status == CaseStatus.CLOSED:
        return
    interest_enter(case, step.day, step=step, paying=step.amount_cents)
    _take_off(case, step, EntryKind.PAID, min(step.amount_cents, balance(case)))


def _decided(case: RecoveryCase, step: RecoveryStep) -> None:
    case.status, case.due_on = CaseStatus.DECIDED, step.day
    case.save(update_fields=["status", "due_on"])


def _waived(case: RecoveryCase, step: RecoveryStep) -> None:
    interest_enter(case, step.day, step=step)
    _take_off(case, step, EntryKind.WAIVED, step.amount_cents)


def _reversed(case: RecoveryCase, step: RecoveryStep) -> None:
    entry = step.entry
    assert entry
    refuse_ordered(entry)
    RecoveryEntry.objects.create(
        case=case,
        kind=EntryKind.REVERSED,
        amount_cents=-entry.amount_cents,
        day=step.day,
        proposal=entry.proposal,
        reverses=entry,
        step=step,
    )
    if case.status == CaseStatus.CLOSED:
        case.status = CaseStatus.DECIDED if case.due_on else CaseStatus.SET_OFF
        case.save(update_fields=["status"])


DONE: Mapping[StepKind, Callable[[RecoveryCase, RecoveryStep], None]] = {
    StepKind.REPAY: _decided,
    StepKind.WAIVE: _waived,
    StepKind.PAYMENT: payment_enter,
    StepKind.REVERSE: _reversed,
}


def _take_off(case: RecoveryCase, step: RecoveryStep, kind: EntryKind, cents: int) -> None:
    if cents > balance(case):
        raise RecoveryRefused(_("Less is open by now. Refuse the proposal and make another."))
    if cents:
        RecoveryEntry.objects.create(
            case=case, kind=kind, amount_cents=-cents, day=step.day, step=step
        )


def _step_locked(step_id: int) -> RecoveryStep:
    related = RecoveryStep.objects.select_related("entry__proposal", "proposed_by")
    step = related.select_for_update(of=("self",)).get(pk=step_id)
    if step.status != StepStatus.PROPOSED:
        raise RecoveryRefused(
            _("This step is already {status}.").format(status=step.get_status_display())
        )
    return step


def _refuse_late(case: RecoveryCase, step: RecoveryStep, at: datetime) -> None:
    if step.kind != StepKind.REPAY:
        return
    if case.status != CaseStatus.REPAY or step.amount_cents != balance(case):
        raise RecoveryRefused(_("The case has changed. Refuse the proposal and make another."))
    if case.is_past(timezone.localdate(at)):
        raise RecoveryRefused(_("The time to decide has passed: waive what is open."))


def _decision(case: RecoveryCase, step: RecoveryStep) -> Decision:
    """The numbered decision that the step is (P-02)."""
    assert step.proposed_by and step.decided_by and step.decided_at  # noqa: PT018
    decided_on = timezone.localdate(step.decided_at)
    (decision,) = decisions_store(
        [
            Decision(
                decided_on=decided_on,
                recipient=case.payee,
                case_ref=case_ref(case.pk),
                amount_cents=step.amount_cents,
                presenter=step.proposed_by,
                approver=step.decided_by,
                content_hash=content_hash(case, step),
                remedy=remedy_on(decided_on),
            )
        ],
        year=decided_on.year,
    )
    return decision


def content_hash(case: RecoveryCase, step: RecoveryStep) -> str:
    """Hash of what is approved: the case, its entries, and what the step says."""
    entries = case.entries.order_by("pk").values_list("kind", "amount_cents", "day", "proposal")
    what = (case.pk, case.payee_id, step.kind, step.amount_cents, step.day, step.reason)
    return sha256(json.dumps([what, list(entries)], default=str).encode()).hexdigest()
