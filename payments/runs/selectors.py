"""What the pages and commands show of runs."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q, Sum

from payments.models import ClaimableEntry, Proposal, Run, RunChunk


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


def run_totals(run: Run) -> RunTotals:
    """Sum a computed run from its proposals and stored counts; three queries."""
    sums = Proposal.objects.filter(run=run).aggregate(
        payees=Count("pk"),
        regular=Sum("regular_cents", default=0),
        corrections=Sum("correction_cents", default=0),
        payable=Sum("payable_cents", default=0),
        recovery=Sum("recovery_cents", default=0),
    )
    persons = run.assessments.filter(benefit_month=run.month).aggregate(
        assessed=Count("person"), paid=Count("person", filter=Q(outcome="paid"))
    )
    return RunTotals(
        assessed=persons["assessed"],
        paid=persons["paid"],
        lines=RunChunk.objects.filter(run=run).aggregate(lines=Sum("lines", default=0))["lines"],
        payees=sums["payees"],
        regular_cents=sums["regular"],
        correction_cents=sums["corrections"],
        payable_cents=sums["payable"],
        recovery_cents=sums["recovery"],
        claimable=ClaimableEntry.objects.after(run.month).in_time(run.month).count(),
    )
