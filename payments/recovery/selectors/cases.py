"""What the pages of recoveries show: the work list, one case, what waits on the start page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, Prefetch, Q

from config.lib.paging import Page, page_of
from payments.models import RecoveryCase, RecoveryEntry, RecoveryHearing, RecoveryStep
from payments.recovery.interest import Debt, RateMissing
from payments.recovery.models import CaseStatus, StepKind, StepStatus
from payments.recovery.models.cases import CaseQuerySet
from payments.recovery.models.entries import REDUCING
from payments.recovery.selectors.debts import balances, case_debt


@dataclass(frozen=True)
class Row:
    """A case in the work list: its balance in cents, and what it waits for."""

    case: RecoveryCase
    cents: int
    is_past: bool
    is_warned: bool
    waits: bool  # a step waits for its approver


def open_rows(cases: CaseQuerySet, today: date) -> list[Row]:
    """Those that are open, those whose time to decide ends first before others; three queries."""
    return _rows(list(cases.open().select_related("payee").order_by("decide_by", "pk")), today)


def closed_page(cases: CaseQuerySet, before: int | None, today: date) -> Page[Row]:
    """Those that are closed, the latest first, from before the given id; three queries."""
    closed = cases.filter(status=CaseStatus.CLOSED).select_related("payee")
    if before is not None:
        closed = closed.filter(pk__lt=before)
    page = page_of(closed.order_by("-pk"), after=before, key=lambda case: case.pk)
    return Page(_rows(page.rows, today), page.next, is_first=page.is_first)


def _rows(cases: list[RecoveryCase], today: date) -> list[Row]:
    open_cents = balances(cases)
    proposed = RecoveryStep.objects.filter(status=StepStatus.PROPOSED, case__in=cases)
    waits = set(proposed.values_list("case", flat=True))
    return [
        Row(
            case=case,
            cents=open_cents[case.pk],
            is_past=case.is_past(today),
            is_warned=case.is_warned(today),
            waits=case.pk in waits,
        )
        for case in cases
    ]


@dataclass(frozen=True)
class CasePage:
    """A case with its entries, hearing and steps; amounts in cents."""

    entries: list[RecoveryEntry]
    hearing: RecoveryHearing | None
    steps: list[RecoveryStep]
    debt: Debt | None  # None where a reference rate is missing
    missing: date | None  # for that day
    is_past: bool
    is_warned: bool
    may_ask: bool
    may_answer: bool

    @property
    def open_step(self) -> RecoveryStep | None:
        """The step that waits for its approver."""
        return next((step for step in self.steps if step.status == StepStatus.PROPOSED), None)

    @property
    def decisions(self) -> list[RecoveryStep]:
        """The steps that were decided by a letter."""
        return [step for step in self.steps if step.decision_id]

    @property
    def reversible(self) -> list[RecoveryEntry]:
        """Entries that another may reverse."""
        reversed_ = {entry.reverses_id for entry in self.entries}
        return [e for e in self.entries if e.kind in REDUCING and e.pk not in reversed_]

    @property
    def over_paid(self) -> int:
        """Payments received that were more than was open."""
        paid = [
            step.amount_cents + sum(e.amount_cents for e in step.entries.all() if e.kind == "paid")
            for step in self.steps
            if (step.kind, step.status) == (StepKind.PAYMENT, StepStatus.APPROVED)
            and not any(hasattr(entry, "reversal") for entry in step.entries.all())
        ]
        return sum(paid)


def case_page(case: RecoveryCase, today: date) -> CasePage:
    """Gather the page of a case; six queries."""
    entries = case.entries.select_related("proposal__run", "reverses", "step").order_by("pk")
    of_step = RecoveryEntry.objects.select_related("reversal")
    steps = case.steps.select_related("proposed_by", "decided_by", "decision", "entry")
    hearing = RecoveryHearing.objects.filter(case=case).first()
    debt, missing = None, None
    try:
        debt = case_debt(case, today)
    except RateMissing as wanting:
        missing = wanting.day
    return CasePage(
        entries=list(entries),
        hearing=hearing,
        steps=list(steps.prefetch_related(Prefetch("entries", queryset=of_step))),
        debt=debt,
        missing=missing,
        is_past=case.is_past(today),
        is_warned=case.is_warned(today),
        may_ask=case.status == CaseStatus.SET_OFF
        or (case.status == CaseStatus.REPAY and hearing is None),
        may_answer=bool(hearing and not hearing.is_over(today) and case.status == CaseStatus.REPAY),
    )


@dataclass(frozen=True)
class Waiting:
    """Recoveries that wait: for an approver, for a proposal after a hearing, near their limit."""

    to_approve: int
    heard: int
    warned: int


def waiting(today: date) -> Waiting:
    """Count what waits for those who handle recoveries; two queries."""
    proposed = RecoveryStep.objects.filter(status=StepStatus.PROPOSED)
    hearings = RecoveryHearing.objects.filter(case=OuterRef("pk"))
    over = hearings.filter(Q(answered_on__isnull=False) | Q(answer_by__lt=today))
    heard = Q(Exists(over), ~Exists(proposed.filter(case=OuterRef("pk"))), status=CaseStatus.REPAY)
    counts = RecoveryCase.objects.aggregate(
        heard=Count("pk", filter=heard),
        warned=Count("pk", filter=Q(pk__in=RecoveryCase.objects.warned(today).values("pk"))),
    )
    return Waiting(to_approve=proposed.count(), **counts)


def hearings_to_answer(cases: CaseQuerySet, today: date) -> list[RecoveryHearing]:
    """Hearings that an organisation may still answer, the first to end first; one query."""
    asked = RecoveryHearing.objects.filter(
        case__in=cases.filter(status=CaseStatus.REPAY), answered_on=None, answer_by__gte=today
    )
    return list(asked.select_related("case").order_by("answer_by", "pk"))
