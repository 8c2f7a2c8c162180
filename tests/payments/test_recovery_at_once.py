"""The same button twice at once, from two connections: done once, refused once (P-01, C-34)."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connection, transaction

from config.lib.months import Month
from payments.bank.models import PaymentOrder
from payments.bank.services.ordering import orders_create
from payments.bank.services.reading import answer_receive
from payments.models import RecoveryCase, RecoveryStep
from payments.recovery.errors import RecoveryRefused
from payments.recovery.models import to_pay
from payments.recovery.services import deciding, proposing
from tests.factories import municipality
from tests.payments.bank import booked
from tests.payments.recoveries import approved_month, case_of
from tests.payments.test_recovery_receiving import credit
from tests.payments.test_recovery_steps import CLAIMED, DECIDED, decided, entries

pytestmark = pytest.mark.django_db(transaction=True)

FEBRUARY = Month(2025, 2)


@pytest.fixture
def case() -> RecoveryCase:
    """Lahti has 10 000,00 € to give back of 1/2025."""
    approved_month(Month(2025, 1), {municipality("398"): -CLAIMED})
    return case_of()


def at_once(*works: Callable[[], object]) -> list[object]:
    """Do the works in threads that start together; what each got, or why it was refused."""
    gate, results = threading.Barrier(len(works)), list[object]()

    def run(work: Callable[[], object]) -> None:
        gate.wait()
        try:
            results.append(work())
        except RecoveryRefused as refused:
            results.append(refused)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[work]) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == len(works), "one of them failed"
    return results


def refusals(results: list[object]) -> int:
    return sum(isinstance(result, RecoveryRefused) for result in results)


def test_a_step_is_proposed_once(case, kalle):
    def propose() -> RecoveryStep:
        return proposing.waive_propose(case.pk, by=kalle, cents=1, reason="x", at=DECIDED)

    assert refusals(at_once(propose, propose, propose)) == 2
    assert case.steps.count() == 1


def test_a_step_is_approved_once(case, kalle, hilkka):
    step = proposing.waive_propose(case.pk, by=kalle, cents=1, reason="x", at=DECIDED)

    def approve() -> RecoveryStep:
        return deciding.step_approve(step.pk, by=hilkka, at=DECIDED)

    assert refusals(at_once(approve, approve, approve)) == 2
    assert entries(case) == [("waived", -1)]


def test_money_told_of_by_two_files_at_once_is_entered_once(case, kalle, hilkka):
    decided(case, kalle, hilkka)
    one = credit(case, "100.00")
    files = [booked(one), booked(one, kind="camt.053.001.08")]
    at_once(*[lambda f=file: answer_receive(f, received_by=None, at=DECIDED) for file in files])
    assert entries(case) == [("paid", -10_000)]


def test_a_set_off_is_reversed_or_its_month_ordered_but_never_both(case, kalle, hilkka):
    """Whichever comes first, what is ordered is the month less what is set off."""
    approved_month(FEBRUARY, {municipality("398"): CLAIMED + 500})
    entry = case.entries.get(kind="set_off")
    step = proposing.reversal_propose(case.pk, by=kalle, entry_id=entry.pk, reason="x", at=DECIDED)

    def order() -> int:
        with transaction.atomic():
            return orders_create(FEBRUARY, at=DECIDED)

    results = at_once(order, lambda: deciding.step_approve(step.pk, by=hilkka, at=DECIDED))
    month = municipality("398").proposals.annotate(left=to_pay()).get(run__month=FEBRUARY.first_day)
    assert PaymentOrder.objects.get().amount_cents == month.left
    assert month.left == (500 if refusals(results) else CLAIMED + 500)
