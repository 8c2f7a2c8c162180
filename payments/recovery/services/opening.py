"""What an approved run does to recoveries: sets off those there are, opens new ones (C-34, § 71)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from django.db import connection
from django.db.models import Sum
from django.utils import timezone

from payments.models import Run
from payments.recovery.models import CaseStatus, EntryKind, RecoveryCase, RecoveryEntry
from payments.recovery.policies import compensation_decide_by

SET_OFF = (Path(__file__).resolve().parents[1] / "sql" / "set_off.sql").read_text(encoding="utf-8")

# The earliest month that the run takes something back of, by who is paid now (C-33).
EARLIEST = """
SELECT s.payee_id, min(c.benefit_month)
FROM payments_payeecorrection c
JOIN registry_succession s
  ON s.organisation_id = c.payee_id AND %(month)s BETWEEN s.from_day AND s.to_day
WHERE c.run_id = %(run)s AND c.removed_cents < 0
GROUP BY s.payee_id
"""


def run_recover(run: Run) -> None:
    """Set recoveries off against the months of a run just approved, and open those it leaves.

    In the transaction of the approval, before its decisions: they tell what was set off.
    """
    assert run.approved_at
    day = timezone.localdate(run.approved_at)
    _set_off(run, day)
    _open(run, day)


def _set_off(run: Run, day: date) -> None:
    locked = RecoveryCase.objects.to_set_off(day).select_for_update().order_by("pk")
    cases = list(locked.values_list("pk", flat=True))
    with connection.cursor() as cursor:
        cursor.execute(SET_OFF, {"cases": cases, "run": run.pk, "month": run.month, "day": day})
    cases_close(cases)


def _open(run: Run, day: date) -> None:
    with connection.cursor() as cursor:
        cursor.execute(EARLIEST, {"run": run.pk, "month": run.month})
        earliest: dict[int, date] = dict(cursor.fetchall())
    below_zero = run.proposals.filter(recovery_cents__gt=0).order_by("payee__kind", "payee__code")
    cases = [
        RecoveryCase(
            payee_id=proposal.payee_id,
            proposal=proposal,
            claimed_cents=proposal.recovery_cents,
            concerns_from=earliest[proposal.payee_id],
            decide_by=compensation_decide_by(earliest[proposal.payee_id]),
            opened_on=day,
        )
        for proposal in below_zero
    ]
    RecoveryCase.objects.bulk_create(cases)
    RecoveryEntry.objects.bulk_create(
        RecoveryEntry(case=case, kind=EntryKind.CLAIMED, amount_cents=case.claimed_cents, day=day)
        for case in cases
    )


def cases_close(cases: list[int]) -> None:
    """Close those of the cases of which nothing is open any more."""
    open_ones = RecoveryCase.objects.filter(pk__in=cases).open()
    settled = open_ones.annotate(cents=Sum("entries__amount_cents")).filter(cents=0)
    RecoveryCase.objects.filter(pk__in=settled.values("pk")).update(status=CaseStatus.CLOSED)
