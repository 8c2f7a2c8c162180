"""Entering money that the bank's entry names by the reference of a recovery (P-05, P-07)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from payments.bank.bankfile.references import recovery_of
from payments.bank.models import AnswerEntry, EntryOutcome
from payments.models import RecoveryCase, RecoveryStep
from payments.recovery.models import CaseStatus, StepKind, StepStatus
from payments.recovery.services.attempts import case_locked
from payments.recovery.services.deciding import payment_enter
from payments.recovery.services.opening import cases_close


def payments_receive(entries: Iterable[AnswerEntry], *, at: datetime) -> None:
    """Enter the payments of an answer, in its transaction; they need no two people, the bank says so."""
    for entry in entries:
        if entry.outcome == EntryOutcome.RECOVERY:
            case = case_locked(recovery_of(entry.reference) or 0, *CaseStatus)
            _receive(case, entry, at)
            cases_close([case.pk])


def _receive(case: RecoveryCase, entry: AnswerEntry, at: datetime) -> None:
    assert entry.amount_cents
    step = RecoveryStep.objects.create(
        case=case,
        kind=StepKind.PAYMENT,
        status=StepStatus.APPROVED,
        amount_cents=entry.amount_cents,
        day=entry.booked_on or timezone.localdate(at),
        reason=_("From the bank: {reference}").format(reference=entry.entry_reference),
        bank_entry=entry,
        proposed_at=at,
        decided_at=at,
    )
    payment_enter(case, step)
