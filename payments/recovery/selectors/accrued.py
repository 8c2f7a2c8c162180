"""Interest that has run and is not entered yet."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from config.templatetags.finnish import day as day_shown
from payments.models import RecoveryCase
from payments.recovery.errors import RecoveryRefused
from payments.recovery.interest import RateMissing, TakenOff, Terms, debt_on
from payments.recovery.policies import POLICIES
from payments.recovery.selectors.debts import balance, half_years, interest_entered, taken_off


def interest_by(case: RecoveryCase, day: date, *, paying: int = 0) -> int:
    """Interest in cents that has run by the day and is not entered, `paying` so much on it.

    Below zero, if a payment that is told of late made less of it run; never more than is open.
    Raises RecoveryRefused while a reference rate is missing.
    """
    if case.due_on is None:
        return 0
    taken = [*taken_off(case), TakenOff(day, paying)]
    until = max(one.day for one in taken)
    terms = Terms(POLICIES[case.regime], case.paid_on, case.due_on)
    try:
        debt = debt_on(until, case.claimed_cents, taken, terms=terms, rates=half_years())
    except RateMissing as missing:
        raise RecoveryRefused(
            _(
                "The reference rate for {day} has not been entered, so interest cannot be counted. "
                "A coordinator enters it; then try again."
            ).format(day=day_shown(missing.day))
        ) from missing
    return max(debt.accrued - interest_entered(case), -balance(case))
