"""What the pages and commands show of runs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, QuerySet, Sum
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from config.lib.months import Month
from payments.ledger.models import WITHOUT_AGREEMENT
from payments.models import (
    ClaimableEntry,
    Outcome,
    Proposal,
    Run,
    RunCalendar,
    RunChunk,
    RunOutcome,
    RunStep,
)

# Why a person-month was not paid, whole or in part, in the order of the law.
REASONS: Mapping[str, str | Promise] = {
    outcome.value: outcome.label for outcome in Outcome if outcome != Outcome.PAID
} | {WITHOUT_AGREEMENT: _("municipality without an agreement; the county is paid")}


# By what the table of proposals is ordered: key of the address, fields.
PROPOSAL_ORDERS: Mapping[str, Sequence[str]] = {
    "payee": ("payee__kind", "payee__code"),
    "persons": ("persons",),
    "month": ("regular_cents",),
    "corrections": ("correction_cents",),
    "payable": ("payable_cents",),
    "recovery": ("recovery_cents",),
}


@dataclass(frozen=True)
class RunTotals:
    """A run in numbers; amounts in cents, persons of the run's own month."""

    assessed: int
    paid: int
    lines: int
    payees: int
    regular_cents: int
    correction_cents: int
    payable_cents: int
    recovery_cents: int
    claimable: int
    claimable_cents: int


@dataclass(frozen=True)
class OutcomeCounts:
    """Persons of a run's own month by how their assessment ended."""

    assessed: int
    paid: int
    unpaid: Counter[str]


def outcome_counts(runs: Sequence[Run]) -> dict[int, OutcomeCounts]:
    """Persons of each computed run's own month by outcome; one query."""
    found: dict[int, Counter[tuple[str, bool]]] = {run.pk: Counter() for run in runs}
    for row in RunOutcome.objects.filter(run__in=found):
        found[row.run_id][row.outcome, row.without_agreement] = row.persons
    return {run: _outcomes(counts) for run, counts in found.items()}


def _outcomes(counts: Counter[tuple[str, bool]]) -> OutcomeCounts:
    paid = counts[Outcome.PAID, False] + counts[Outcome.PAID, True]
    unpaid = Counter({reason: counts[reason, False] for reason in REASONS})
    unpaid[WITHOUT_AGREEMENT] = counts[Outcome.PAID, True]
    return OutcomeCounts(assessed=counts.total(), paid=paid, unpaid=+unpaid)


def proposal_sums(runs: Sequence[Run]) -> dict[int, tuple[int, int, int]]:
    """Payees, cents of the own month and of corrections, by run with proposals; one query."""
    rows = (
        Proposal.objects.filter(run__in=[run.pk for run in runs])
        .values_list("run")
        .annotate(Count("pk"), Sum("regular_cents"), Sum("correction_cents"))
        .order_by()
    )
    return {run: (payees, regular, corrections) for run, payees, regular, corrections in rows}


def run_totals(run: Run, outcomes: OutcomeCounts | None = None) -> RunTotals:
    """Sum a computed run from its proposals and stored counts; three queries, or four."""
    outcomes = outcomes or outcome_counts([run])[run.pk]
    sums = Proposal.objects.filter(run=run).aggregate(
        payees=Count("pk"),
        regular=Sum("regular_cents", default=0),
        corrections=Sum("correction_cents", default=0),
        payable=Sum("payable_cents", default=0),
        recovery=Sum("recovery_cents", default=0),
    )
    claimable = run_claimable(run).aggregate(
        entries=Count("pk"), cents=Sum("amount_cents", default=0)
    )
    return RunTotals(
        assessed=outcomes.assessed,
        paid=outcomes.paid,
        lines=RunChunk.objects.filter(run=run).aggregate(lines=Sum("lines", default=0))["lines"],
        payees=sums["payees"],
        regular_cents=sums["regular"],
        correction_cents=sums["corrections"],
        payable_cents=sums["payable"],
        recovery_cents=sums["recovery"],
        claimable=claimable["entries"],
        claimable_cents=claimable["cents"],
    )


def run_proposals(run: Run) -> QuerySet[Proposal]:
    """The run's proposals with their payees, by kind and code."""
    return run.proposals.select_related("payee").order_by(*PROPOSAL_ORDERS["payee"])


def run_claimable(run: Run) -> QuerySet[ClaimableEntry]:
    """Claimable entries as they stand after the run and may still be applied for (C-31)."""
    return ClaimableEntry.objects.shown_after(run.month)


def month_due(at: datetime) -> Month | None:
    """The month whose list the calendar has formed by now, if nobody has ever started its run.

    None before the first approved run, and while another run is open (C-37).
    """
    last = Run.objects.approved().order_by("-month").first()
    if last is None or Run.objects.open().exists():
        return None
    month = Month.of(last.month) + 1
    calendar = RunCalendar.objects.in_force(month.first_day).first()
    if calendar is None or at < calendar.list_formed_at(month):
        return None
    return None if RunStep.objects.filter(month=month.first_day).exists() else month
