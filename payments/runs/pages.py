"""What each page of runs shows, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from config.lib.charts import BarChart, bar_chart
from config.lib.downloads import decimal_comma
from config.lib.money import finnish
from config.lib.paging import PAGE_SIZE, Page, page_of
from config.lib.sorting import Sort
from payments.changes.selectors import Steps, largest_changes, run_steps
from payments.changes.words import sentence
from payments.checks.selectors import AnomalyCount, anomaly_count
from payments.claims.models import ClaimableQuerySet
from payments.ledger.models import WITHOUT_AGREEMENT
from payments.ledger.secrecy import Unnamed, named, unnamed_count
from payments.models import (
    Assessment,
    ClaimableEntry,
    Line,
    Outcome,
    Proposal,
    Run,
    RunCorrection,
    RunStatus,
)
from payments.runs import selectors
from payments.runs.models import RunQuerySet
from payments.runs.selectors import OutcomeCounts, RunTotals
from registry.access.hands import objection
from registry.access.models import Part, Role
from registry.models import Person, User

RUNS_A_PAGE = 12
PERSONS_A_PAGE = 50


@dataclass(frozen=True)
class RunRow:
    """A run in the list of runs; sums in cents."""

    run: Run
    outcomes: OutcomeCounts
    payees: int
    regular_cents: int
    correction_cents: int


def runs_page(runs: RunQuerySet, before: int | None) -> Page[RunRow]:
    """Those runs with their sums, the latest first, from before the given id; three queries."""
    runs = runs.order_by("-month")
    if before is not None:
        runs = runs.filter(pk__lt=before)
    page = page_of(runs, after=before, key=lambda run: run.pk, size=RUNS_A_PAGE)
    outcomes, sums = selectors.outcome_counts(page.rows), selectors.proposal_sums(page.rows)
    rows = [RunRow(run, outcomes[run.pk], *sums.get(run.pk, (0, 0, 0))) for run in page.rows]
    return Page(rows, page.next, is_first=page.is_first)


def runs_chart(rows: Sequence[RunRow]) -> BarChart | None:
    """The sum of each run, corrections included, from the earliest; None without runs."""
    sums = [
        (f"{row.run.month.month}/{row.run.month.year}", row.regular_cents + row.correction_cents)
        for row in reversed(rows)
    ]
    if not sums:
        return None
    title = _("Sum of each run, corrections included")
    return bar_chart(sums, name="sums", title=title, write=finnish)


@dataclass(frozen=True)
class RunPage:
    """Everything a run's page shows besides its head."""

    totals: RunTotals
    proposals: list[Proposal]
    unpaid: list[tuple[str, str | Promise, int]]  # code, label, persons
    corrections: list[RunCorrection]
    steps: Steps | None
    largest: list[str]  # sentences
    anomalies: AnomalyCount


def run_page(run: Run, sort: Sort) -> RunPage:
    """Gather a run's page, its proposals as sorted; ten queries."""
    outcomes = selectors.outcome_counts([run])[run.pk]
    proposals = list(selectors.run_proposals(run).order_by(*sort.order_by))
    persons = {proposal.payee_id: proposal.persons for proposal in proposals}
    return RunPage(
        totals=selectors.run_totals(run, outcomes),
        proposals=proposals,
        unpaid=[
            (reason, label, outcomes.unpaid[reason])
            for reason, label in selectors.REASONS.items()
            if outcomes.unpaid[reason]
        ],
        corrections=list(run.corrections.all()),
        steps=run_steps(run),
        largest=[sentence(change) for change in largest_changes(run, persons)],
        anomalies=anomaly_count(run),
    )


@dataclass(frozen=True)
class NextStep:
    """What is to be done with a run next, and why this user does not do it: empty if they may."""

    name: str
    barrier: str


STEPS = {
    RunStatus.DRAFT: ("check", Part.CHECKED, Role.REVIEWER, gettext_lazy("A reviewer checks this run.")),
    RunStatus.CHECKED: (
        "approve", Part.APPROVED, Role.APPROVER, gettext_lazy("An approver approves this run."),
    ),
}  # fmt: skip


def next_step(run: Run, user: User) -> NextStep | None:
    """The step that a computed run waits for; None once it is approved; at most two queries."""
    if run.status not in STEPS:
        return None
    name, part, role, others = STEPS[RunStatus(run.status)]
    if not user.access.has(role):
        return NextStep(name, str(others))
    barrier = objection(run, user, part)
    if barrier is None and part == Part.APPROVED and anomaly_count(run).waiting:
        barrier = _("Anomalies wait for somebody to accept them with a reason.")
    return NextStep(name, barrier or "")


def proposals_table(proposals: QuerySet[Proposal]) -> tuple[list[str], list[list[object]]]:
    """Header and rows of the run page's table of proposals, for a download."""
    header = [
        _("Kind"), _("Code"), _("Payee"), _("Persons"), _("This month, €"), _("Corrections, €"),
        _("Payable, €"), _("To recover, €"),
    ]  # fmt: skip
    rows: list[list[object]] = [
        [
            proposal.payee.get_kind_display(),
            proposal.payee.code,
            proposal.payee.name,
            proposal.persons,
            decimal_comma(proposal.regular_cents),
            decimal_comma(proposal.correction_cents),
            decimal_comma(proposal.payable_cents),
            decimal_comma(proposal.recovery_cents),
        ]
        for proposal in proposals
    ]
    return header, rows


@dataclass(frozen=True)
class PersonLines:
    """The lines of one person for a payee."""

    person: Person
    lines: list[Line]
    cents: int


def payee_page(lines: QuerySet[Line], after: int | None) -> Page[PersonLines]:
    """Lines of a payee, some persons at a time, from after a person; two queries."""
    lines = named(lines)
    rest = lines if after is None else lines.filter(person__gt=after)
    persons = page_of(
        rest.order_by("person").values_list("person", flat=True).distinct(),
        after=after,
        key=lambda person: person,
        size=PERSONS_A_PAGE,
    )
    shown = lines.filter(person__in=persons.rows).select_related("person", "payee").order_by("pk")
    grouped = [(person, list(own)) for person, own in groupby(shown, key=lambda line: line.person)]
    rows = [
        PersonLines(person, own, sum(line.amount_cents for line in own)) for person, own in grouped
    ]
    return Page(rows, persons.next, is_first=persons.is_first)


def unpaid(run: Run, reason: str) -> QuerySet[Assessment]:
    """Assessments of the run's own month that ended in a reason."""
    assessments = Assessment.objects.filter(run=run, benefit_month=run.month)
    if reason == WITHOUT_AGREEMENT:
        return assessments.filter(outcome=Outcome.PAID, without_agreement=True)
    return assessments.filter(outcome=reason)


def unnamed_unpaid(run: Run, reason: str) -> Unnamed:
    """Persons whom the list does not name: without an agreement are few; at most one query."""
    return unnamed_count(unpaid(run, reason)) if reason == WITHOUT_AGREEMENT else Unnamed(0)


def unpaid_page(run: Run, reason: str, after: int | None) -> Page[Assessment]:
    """Persons of the run's own month with a reason, from after a person; one query."""
    assessments = unpaid(run, reason)
    if reason == WITHOUT_AGREEMENT:
        assessments = named(assessments)
    if after is not None:
        assessments = assessments.filter(person__gt=after)
    rows = assessments.select_related("person", "municipality").order_by("person")
    return page_of(rows, after=after, key=lambda row: row.person_id, size=PAGE_SIZE)


def claimable_page(entries: ClaimableQuerySet, run: Run, after: int | None) -> Page[ClaimableEntry]:
    """Those of the entries that stood after a run, from after the given entry; one query."""
    entries = entries.shown_after(run.month).select_related("person", "payee", "opened_by")
    if after is not None:
        entries = entries.filter(pk__gt=after)
    return page_of(entries.order_by("pk"), after=after, key=lambda entry: entry.pk)
