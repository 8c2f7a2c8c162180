"""What decides a run's lines, and its hash (C-29, C-36): register, figures, rules, ledger."""

from __future__ import annotations

from datetime import date
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.db.models import QuerySet

from config.lib.months import Month
from payments.cases.of_runs import allocations_hashed
from payments.entitlement.stages import rules_hash
from payments.former.of_runs import former_hashed
from payments.models import Claim, Run
from payments.runs.links import links_hashed, relinked

SQL = Path(__file__).parent / "sql"

# Benefit months before January of the fifth calendar year before the run's are left alone (C-29).
YEARS_BACK = 5


@cache
def statement(name: str) -> str:
    """Text of a statement file of this folder."""
    return (SQL / f"{name}.sql").read_text()


@cache
def version() -> str:
    """Version of everything that computes a part: the rules and this folder's statements."""
    texts = [path.read_text() for path in sorted(SQL.glob("*.sql"))]
    return sha256("\0".join([rules_hash(), *texts]).encode()).hexdigest()


def input_hash(run: Run, last: Run | None, claims: QuerySet[Claim]) -> str:
    """Hash of all that decides the lines: register, figures, rules, ledger, what is granted (C-36)."""
    parts = (
        run.month.isoformat(),
        run.delivery.register_hash,
        rules_hash(),
        *(f"{month} {figures}" for month, figures in sorted(run.figures.items())),
        *((last.input_hash, last.lines_hash) if last else ()),
        *(f"claim {pk} {route}" for pk, route in claims.order_by("pk").values_list("pk", "route")),
        *allocations_hashed(run),
        *links_hashed(run),
        *former_hashed(run),
    )
    return sha256("\n".join(parts).encode()).hexdigest()


def chunk_context(run: Run) -> dict[str, Any]:
    """What every chunk's statements are given: months as first days, ids of the ledger's runs."""
    changed = months_with_changed_figures(run)
    return {
        "run": run.pk,
        "month": run.month,
        "known_at": run.delivery_id,
        "kept_months": [day for day in earlier_months(run) if day not in changed],
        "changed_months": sorted(changed),
        "ledger": list(Run.objects.approved().values_list("pk", flat=True)),
        "relinked": relinked(run),
    }


def earlier_months(run: Run) -> list[date]:
    """First days of the benefit months before the run's that it compares (C-29, C-38)."""
    first = Run.objects.approved().order_by("month").values_list("month", flat=True).first()
    if first is None:
        return []
    start = max(first, date(run.month.year - YEARS_BACK, 1, 1))
    months = Month.of(run.month) - Month.of(start)
    return [(Month.of(start) + number).first_day for number in range(months)]


def months_with_changed_figures(run: Run) -> set[date]:
    """First days of the earlier months whose rates or other figures changed since the last run."""
    last = Run.objects.approved().order_by("-month").first()
    if last is None:
        return set()
    return {
        day
        for day in earlier_months(run)
        if run.figures[str(Month.of(day))] != last.figures.get(str(Month.of(day)))
    }
