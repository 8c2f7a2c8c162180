"""Whatever the months come to: nothing is lost between what is booked, paid, set off and open."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from config.lib.months import Month
from payments.bank.models import PaymentOrder
from payments.bank.selectors import ledger
from payments.bank.services.ordering import orders_create
from payments.models import RecoveryCase
from payments.recovery.models import CaseStatus
from payments.recovery.selectors.debts import balances
from registry.models import Organisation
from tests.factories import municipality
from tests.payments.recoveries import approved_month
from tests.payments.runs import AT

TOWNS = ("398", "853")
FIRST = Month(2025, 1)
sums = st.dictionaries(st.sampled_from(TOWNS), st.integers(-300, 300), max_size=len(TOWNS))
histories = st.lists(st.tuples(sums, st.booleans(), st.booleans()), min_size=1, max_size=6)


def naive(months: Iterable[tuple[Mapping[str, int], bool]]) -> dict[str, tuple[int, int]]:
    """By town, what is to be paid and what is still owed: month by month, oldest debt first."""
    pays, owes, frozen = dict.fromkeys(TOWNS, 0), dict.fromkeys(TOWNS, 0), dict.fromkeys(TOWNS, 0)
    for month, is_repay in months:
        for town, cents in month.items():
            taken = min(max(cents, 0), owes[town])
            pays[town] += max(cents, 0) - taken
            owes[town] += max(-cents, 0) - taken
        if is_repay:
            frozen = {town: frozen[town] + owes[town] for town in TOWNS}
            owes = dict.fromkeys(TOWNS, 0)
    return {town: (pays[town], owes[town] + frozen[town]) for town in TOWNS}


@pytest.mark.django_db
@given(histories)
def test_booked_is_paid_and_set_off_less_what_is_open(history):
    with transaction.atomic():
        happens(history)
        transaction.set_rollback(True)


def happens(history) -> None:
    towns = {code: municipality(code) for code in TOWNS}
    month = FIRST
    for cents, is_repay, is_ordered in history:
        approved_month(month, {towns[code]: value for code, value in cents.items()})
        if is_ordered:
            orders_create(month, at=AT)
        if is_repay:
            RecoveryCase.objects.filter(status=CaseStatus.SET_OFF).update(status=CaseStatus.REPAY)
        month += 1
    assert not any(proof.difference for proof in ledger.proofs())
    assert all(cents >= 0 for cents in balances(RecoveryCase.objects.all()).values())
    expected = naive((cents, is_repay) for cents, is_repay, _ordered in history)
    for account in ledger.payee_accounts():
        assert (account.open, account.to_recover) == expected[account.payee.code]
        assert account.booked == account.open - account.to_recover
    assert ordered(towns) == {code: sum_ for code, (sum_, _owed) in expected.items() if sum_}


def ordered(towns: Mapping[str, Organisation]) -> dict[str, int]:
    """What orders come to when everything has been ordered."""
    orders_create(Month(2026, 1), at=AT)
    found = PaymentOrder.objects.all()
    return {
        code: cents
        for code, town in towns.items()
        if (cents := sum(order.amount_cents for order in found if order.payee_id == town.pk))
    }
