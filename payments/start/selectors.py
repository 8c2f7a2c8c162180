"""What waits for whoever opens the start page, by role; each part costs a few queries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Q, Sum

from payments.bank.selectors.batches import Waiting, batches_to_work_on, held_payees, waiting
from payments.claims.models import ClaimableQuerySet
from payments.compensation.selectors import MonthRow, rows_of
from payments.ledger.models import ProposalQuerySet
from payments.models import (
    BankDetails,
    Batch,
    Outcome,
    Rate,
    RecoveryHearing,
    ReferenceRate,
    Run,
    RunOutcome,
    RunStatus,
)
from payments.recovery.models.cases import CaseQuerySet
from payments.recovery.selectors import cases as recovery
from payments.runs.models import RunQuerySet
from payments.runs.pages import NextStep, next_step
from registry.audit.models import LogQuerySet
from registry.audit.models import Outcome as Done
from registry.audit.selectors import LogState, log_state
from registry.deliveries.models import Delivery, DeliveryQuerySet
from registry.deliveries.selectors import rows_refused
from registry.models import User

REFUSED_DAYS = 7


@dataclass(frozen=True)
class Lapsing:
    """What lapses next of that which may be applied for; cents."""

    last_day: date
    persons: int
    cents: int


@dataclass(frozen=True)
class MemberPart:
    """An organisation's latest month, the one before, and what lapses next."""

    latest: MonthRow | None
    before: MonthRow | None
    lapsing: Lapsing | None
    hearings: list[RecoveryHearing]  # to be answered


def member_part(
    proposals: ProposalQuerySet, entries: ClaimableQuerySet, cases: CaseQuerySet, *, today: date
) -> MemberPart:
    """Gather an officer's part; four queries."""
    latest = proposals.select_related("run", "payee").order_by("-run__month")[:2]
    latest_row, before, *_rest = [*rows_of(list(latest)), None, None]
    lapsing = (
        entries.after(latest_row.month)
        .in_time(today)
        .values_list("last_day_to_apply")
        .annotate(Count("person", distinct=True), Sum("amount_cents"))
        .order_by("last_day_to_apply")
        .first()
        if latest_row
        else None
    )
    hearings = recovery.hearings_to_answer(cases, today)
    return MemberPart(latest_row, before, Lapsing(*lapsing) if lapsing else None, hearings)


@dataclass(frozen=True)
class ReviewerPart:
    """A run to check, refused rows of the last delivery, persons to allocate by hand."""

    run: Run | None
    step: NextStep | None
    delivery: Delivery | None
    refused: int
    latest: Run | None
    without_code: int


def reviewer_part(runs: RunQuerySet, deliveries: DeliveryQuerySet, user: User) -> ReviewerPart:
    """Gather a reviewer's part; at most five queries."""
    run = runs.filter(status=RunStatus.DRAFT).first()
    delivery = deliveries.order_by("-pk").first()
    latest = runs.computed().order_by("-month").first()
    counted = RunOutcome.objects.filter(run=latest, outcome=Outcome.NO_IDENTITY_CODE)
    return ReviewerPart(
        run=run,
        step=next_step(run, user) if run else None,
        delivery=delivery,
        refused=rows_refused(delivery) if delivery else 0,
        latest=latest,
        without_code=counted.aggregate(persons=Sum("persons", default=0))["persons"],
    )


@dataclass(frozen=True)
class ApproverPart:
    """A run to approve, and why this user does not."""

    run: Run | None
    step: NextStep | None


def approver_part(runs: RunQuerySet, user: User) -> ApproverPart:
    """Gather an approver's part; at most two queries."""
    run = runs.filter(status=RunStatus.CHECKED).first()
    return ApproverPart(run, next_step(run, user) if run else None)


@dataclass(frozen=True)
class MoneyPart:
    """What waits to be paid or looked at, batches that wait for a step, and recoveries."""

    waiting: Waiting
    batches: list[Batch]
    recoveries: recovery.Waiting


def money_part(*, today: date) -> MoneyPart:
    """Gather what those who pay have to do; seven queries."""
    return MoneyPart(waiting(today), batches_to_work_on(), recovery.waiting(today))


@dataclass(frozen=True)
class CoordinatorPart:
    """The latest run, the figures and accounts that are missing for today, changes of accounts."""

    latest: Run | None
    held: int
    changes: int
    lacks_reference_rate: bool
    lacks_rates: bool


def coordinator_part(runs: RunQuerySet, *, today: date) -> CoordinatorPart:
    """Gather a coordinator's part; five queries."""
    reference = ReferenceRate.objects.filter(valid_from__lte=today, valid_to__gte=today)
    rates = Rate.objects.in_force(today).filter(benefit="calculated")
    return CoordinatorPart(
        latest=runs.order_by("-month").first(),
        held=held_payees(today),
        changes=BankDetails.objects.proposed().count(),
        lacks_reference_rate=not reference.exists(),
        lacks_rates=not rates.exists(),
    )


@dataclass(frozen=True)
class OfficerPart:
    """How far the logs are proved, and refused tries lately."""

    state: LogState
    refused: int
    days: int = REFUSED_DAYS


def officer_part(events: LogQuerySet, *, at: datetime) -> OfficerPart:
    """Gather the data protection officer's part; four queries, and the anchor file."""
    lately = Q(outcome=Done.REFUSED, at__gte=at - timedelta(days=REFUSED_DAYS))
    return OfficerPart(state=log_state(), refused=events.filter(lately).count())
