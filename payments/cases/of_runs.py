"""What a run knows of allocations, settles of their months, and leaves as cases (P-08, C-39)."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

from django.db import connection
from django.db.models import QuerySet

from payments.cases.models import APPLIED_FOR_FROM, ManualMonth, ManualResidence
from payments.runs.models import Run, RunStatus

FIND = Path(__file__).parent / "sql" / "find.sql"

Marked = tuple[QuerySet[ManualResidence], QuerySet[ManualResidence], QuerySet[ManualMonth]]


@cache
def _find() -> str:
    return FIND.read_text()


def allocations_hashed(run: Run) -> list[str]:
    """What decides a run's lines of allocations and granted months, for its input hash (C-36)."""
    names = ("opened", "closed", "granted")
    marked = _own(run) if run.pk else _to_take(run.month)
    return [
        f"manual {name} {pk}"
        for name, rows in zip(names, marked, strict=True)
        for pk in rows.order_by("pk").values_list("pk", flat=True)
    ]


def allocations_take(run: Run) -> None:
    """Let a run that has just been stored know what was decided, and settle what was granted."""
    opened, closed, granted = _to_take(run.month)
    ManualResidence.objects.filter(pk__in=list(opened.values_list("pk", flat=True))).update(
        opened_by=run
    )
    ManualResidence.objects.filter(pk__in=list(closed.values_list("pk", flat=True))).update(
        closed_by=run
    )
    ManualMonth.objects.filter(pk__in=list(granted.values_list("pk", flat=True))).update(
        settled_by=run
    )


def allocations_give_back(run: Run) -> None:
    """Take back from allocations and months that a run, which is discarded, knew and settled them."""
    opened, closed, granted = _own(run)
    opened.update(opened_by=None)
    closed.update(closed_by=None)
    granted.update(settled_by=None)


def _to_take(month: date) -> Marked:
    residences = ManualResidence.objects
    return residences.to_open(), residences.to_close(), ManualMonth.objects.to_settle(month)


def _own(run: Run) -> Marked:
    return (
        ManualResidence.objects.filter(opened_by=run),
        ManualResidence.objects.filter(closed_by=run),
        ManualMonth.objects.filter(settled_by=run),
    )


def cases_find(run: Run, *, today: date) -> None:
    """Open, continue or close the cases of those whom an approved run found without a code (P-08).

    In the transaction of the approval; doing it again changes nothing.
    """
    ledger = Run.objects.filter(status=RunStatus.APPROVED, month__lte=run.month)
    with connection.cursor() as cursor:
        cursor.execute(
            _find(),
            {
                "run": run.pk,
                "month": run.month,
                "ledger": list(ledger.values_list("pk", flat=True)),
                "today": today,
                "is_authoritys": run.month < APPLIED_FOR_FROM,
                "applied_for_from": APPLIED_FOR_FROM,
            },
        )
