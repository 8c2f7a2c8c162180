"""Entering the interest that has run, as a signed entry of its own."""

from __future__ import annotations

from datetime import date

from payments.models import RecoveryCase, RecoveryEntry, RecoveryStep
from payments.recovery.models import EntryKind
from payments.recovery.selectors.accrued import interest_by


def interest_enter(case: RecoveryCase, day: date, *, step: RecoveryStep, paying: int = 0) -> None:
    """Enter the interest that has run by the day. Raises RecoveryRefused."""
    if cents := interest_by(case, day, paying=paying):
        RecoveryEntry.objects.create(
            case=case, kind=EntryKind.INTEREST, amount_cents=cents, day=day, step=step
        )
