"""What is open of a case, with the interest that has run by a day."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db.models import Sum

from payments.models import RecoveryCase, RecoveryEntry, ReferenceRate
from payments.recovery.interest import Debt, HalfYear, TakenOff, Terms, debt_on
from payments.recovery.models import EntryKind
from payments.recovery.models.entries import REDUCING
from payments.recovery.policies import POLICIES


def half_years() -> list[HalfYear]:
    """The reference rates that coordinators keep; one query."""
    return [
        HalfYear(row.valid_from, row.valid_to, row.reference_rate_percent, row.late_payment_percent)
        for row in ReferenceRate.objects.order_by("valid_from")
    ]


def case_debt(case: RecoveryCase, day: date) -> Debt:
    """What is open of the case on the day, reversed entries left out; two queries.

    Raises RateMissing.
    """
    terms = Terms(POLICIES[case.regime], case.paid_on, case.due_on)
    return debt_on(day, case.claimed_cents, taken_off(case), terms=terms, rates=half_years())


def taken_off(case: RecoveryCase) -> list[TakenOff]:
    """What was paid, set off and waived, as it stands; one query."""
    standing = case.entries.filter(kind__in=REDUCING, reversal=None).order_by("day", "pk")
    return [TakenOff(entry.day, -entry.amount_cents) for entry in standing]


def balances(cases: Collection[RecoveryCase]) -> dict[int, int]:
    """The sums of the cases' entries by id of the case, in cents; one query."""
    entries = RecoveryEntry.objects.filter(case__in=cases).order_by().values_list("case")
    return dict(entries.annotate(Sum("amount_cents")))


def balance(case: RecoveryCase) -> int:
    """The sum of the case's entries, in cents; one query."""
    return sum(case.entries.values_list("amount_cents", flat=True))


def interest_entered(case: RecoveryCase) -> int:
    """Interest that has been entered so far, in cents; one query."""
    entered = RecoveryEntry.objects.filter(case=case, kind=EntryKind.INTEREST)
    return sum(entered.values_list("amount_cents", flat=True))
