"""Whatever is paid, waived and reversed in whatever order: the ledger of a case adds up."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from payments.models import RecoveryCase
from payments.recovery.errors import RecoveryRefused
from payments.recovery.selectors.cases import case_page
from payments.recovery.selectors.debts import balance
from payments.recovery.services import deciding, hearing, proposing
from registry.models import User
from tests.factories import municipality, user_named
from tests.payments.recoveries import supplement_case

DAY = date(2025, 3, 17)
deeds = st.lists(
    st.tuples(
        st.sampled_from(["pay", "waive", "reverse"]), st.integers(1, 400), st.integers(0, 80)
    ),
    max_size=6,
)


@pytest.mark.django_db
@given(deeds)
def test_claims_and_interest_are_what_was_taken_off_and_what_is_open(done):
    with transaction.atomic():
        happens(user_named("kalle"), user_named("hilkka"), done)
        transaction.set_rollback(True)


def happens(kalle: User, hilkka: User, done: list[tuple[str, int, int]]) -> None:
    case = supplement_case(municipality("398"), 500)
    hearing.repayment_begin(case.pk, by=kalle, question="?", answer_by=DAY, today=case.opened_on)
    at = datetime(2025, 3, 18, 9, tzinfo=UTC)
    step = proposing.repay_propose(case.pk, by=kalle, due_on=date(2025, 4, 2), reason="x", at=at)
    deciding.step_approve(step.pk, by=hilkka, at=at)
    for deed, cents, days in done:
        try:
            with transaction.atomic():
                take(case, deed, cents, at + timedelta(days=days), kalle, hilkka)
        except RecoveryRefused:
            pass
        adds_up(case)


def take(
    case: RecoveryCase, deed: str, cents: int, at: datetime, kalle: User, hilkka: User
) -> None:
    if deed == "pay":
        step = proposing.payment_propose(
            case.pk, by=kalle, cents=cents, paid_on=at.date(), source="x", at=at
        )
    elif deed == "waive":
        step = proposing.waive_propose(case.pk, by=kalle, cents=cents, reason="x", at=at)
    else:
        entries = case_page(case, at.date()).reversible
        entry_id = entries[cents % len(entries)].pk if entries else 0
        step = proposing.reversal_propose(case.pk, by=kalle, entry_id=entry_id, reason="x", at=at)
    deciding.step_approve(step.pk, by=hilkka, at=at)


def adds_up(case: RecoveryCase) -> None:
    case.refresh_from_db()
    open_cents = balance(case)
    assert open_cents >= 0
    assert (case.status == "closed") == (open_cents == 0)
    received = sum(
        step.amount_cents for step in case.steps.filter(kind="payment", status="approved")
    )
    sums = dict.fromkeys(("claimed", "interest", "paid", "waived", "reversed"), 0)
    for kind, cents in case.entries.values_list("kind", "amount_cents"):
        sums[kind] += cents
    assert open_cents == sum(sums.values())
    assert sums["paid"] + received >= 0
