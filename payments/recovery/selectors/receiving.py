"""Which money on the account pays which recovery: by the reference of its letter (P-05, P-07)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from payments.bank.bankfile.references import recovery_of
from payments.bank.bankfile.said import Said
from payments.bank.models import AnswerEntry, EntryKind, EntryOutcome
from payments.models import RecoveryCase
from payments.recovery.errors import RecoveryRefused
from payments.recovery.selectors.accrued import interest_by

Booking = tuple[int | None, str, int | None]  # case, the bank's reference, cents


@dataclass
class Receivable:
    """The decided cases that money received names, and the bookings known before."""

    cases: dict[int, RecoveryCase] = field(default_factory=dict)
    booked: set[Booking] = field(default_factory=set)

    def judge(self, said: Said) -> EntryOutcome | None:
        """Whether money received pays a recovery, or is told again; None if a person must look.

        That is so without the bank's own reference, by which the same booking is known again, and
        while a reference rate is missing, without which nobody knows the interest.
        """
        case = self.cases.get(recovery_of(said.reference) or 0)
        if said.kind != EntryKind.CREDITED or case is None or not said.entry_reference:
            return None
        booking = (case.pk, said.entry_reference, said.amount_cents)
        if booking in self.booked:
            return EntryOutcome.REPEATED
        if not said.amount_cents or said.amount_cents < 0 or not _is_counted(case, said):
            return None
        self.booked.add(booking)
        return EntryOutcome.RECOVERY


def receivable(said: Iterable[Said]) -> Receivable:
    """Gather what judging needs; two queries, and some for each case whose interest runs."""
    named = {recovery_of(one.reference) for one in said if one.kind == EntryKind.CREDITED}
    cases = RecoveryCase.objects.exclude(due_on=None).in_bulk([pk for pk in named if pk])
    before = AnswerEntry.objects.filter(outcome=EntryOutcome.RECOVERY)
    booked = before.filter(recovery_step__case__in=cases).values_list(
        "recovery_step__case", "entry_reference", "amount_cents"
    )
    return Receivable(cases, set(booked) if cases else set())


def _is_counted(case: RecoveryCase, said: Said) -> bool:
    """Whether the interest up to the booking can be counted."""
    if said.booked_on is None:
        return False
    try:
        interest_by(case, said.booked_on, paying=said.amount_cents or 0)
    except RecoveryRefused:
        return False
    return True
