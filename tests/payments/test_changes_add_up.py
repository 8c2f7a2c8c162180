"""Random histories: the steps of every run lead from last month's total to what is payable."""

from __future__ import annotations

from collections import Counter

import pytest
from django.db.models import Sum
from hypothesis import given, settings

from payments.models import Change, Proposal, Run, RunChange
from tests.naive.changes import Changes, compared
from tests.naive.register import Register
from tests.naive.strategies import histories
from tests.payments.runs import deliver, fresh_register, reference, settle

pytestmark = pytest.mark.django_db(transaction=True)

a_few = settings(max_examples=settings.default.max_examples // 20)
FIGURES = (
    Change.AGE, Change.ADULT_BEGINS, Change.ADULT_ENDS, Change.RATE, Change.AGREEMENT,
)  # fmt: skip
AS_NAIVE = dict.fromkeys(FIGURES, "figures") | dict.fromkeys(
    (Change.LATE_IN, Change.LATE_OUT), "late"
)
COMPARED = {"late", "new", "left", "moved_away", "moved_in", "figures"}


def steps(run: Run) -> Changes:
    """The run's own steps by payee, in the twin's words."""
    found: Changes = Counter()
    rows = RunChange.objects.filter(run=run).exclude(payee=None)
    for kind, payee, code, cents in rows.values_list("kind", "payee__kind", "payee__code", "cents"):
        found[AS_NAIVE.get(kind, kind), (payee, code)] += cents
    return Counter({k: cents for k, cents in found.items() if cents and k[0] in COMPARED})


def sums(run: Run, **payee) -> dict[int | None, int]:
    """What the steps of the run come to, by payee; None is the whole run."""
    rows = RunChange.objects.filter(run=run).exclude(kind=Change.STAYED)
    found = rows.values("payee").annotate(cents=Sum("cents")).order_by()
    return {row["payee"]: row["cents"] for row in found}


def payable(run: Run) -> dict[int | None, int]:
    """What the run pays each payee, and all of them."""
    paid = dict(Proposal.objects.filter(run=run).values_list("payee", "payable_cents"))
    return {**paid, None: sum(paid.values())}


@a_few
@given(histories())
def test_steps_lead_from_last_months_total_to_what_is_payable(history):
    """To the cent, in all and for each payee; each step is the twin's."""
    with fresh_register():
        before, last = Register(), None
        for deliveries, month in history:
            deliver(*deliveries)
            now = before
            for rows in deliveries:
                now = now.apply(rows)
            run = settle(month)
            assert {k: v for k, v in sums(run).items() if v} == {
                k: v for k, v in payable(run).items() if v
            }
            if last is not None:
                assert steps(run) == compared(before, now, last, month, reference())
            before, last = now, month
