"""What a payee sees of its compensation: months, one month in sums; no query reads a line."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Min, QuerySet, Sum
from django.utils.translation import gettext as _

from config.lib.charts import BarChart, bar_chart
from config.lib.money import finnish
from config.lib.months import Month
from payments.claims.models import ClaimableQuerySet
from payments.ledger.models import ProposalQuerySet
from payments.ledger.selectors import payees_of
from payments.models import (
    Component,
    PayeeCorrection,
    PayeeSum,
    Proposal,
    Rate,
    RecoveryCase,
    RecoveryEntry,
)
from payments.recovery.selectors.set_offs import set_offs_standing
from registry.models import Ground

MONTHS_SHOWN = 24


@dataclass(frozen=True)
class MonthRow:
    """A payee's month as paid; amounts in cents."""

    proposal: Proposal
    base_cents: int
    adult_cents: int

    @property
    def month(self) -> date:
        """The month of the run."""
        return self.proposal.run.month


def month_rows(proposals: ProposalQuerySet) -> list[MonthRow]:
    """The last 24 months of the proposals, the latest first; three queries."""
    latest = proposals.order_by("-run__month").values_list("run__month", flat=True).first()
    if latest is None:
        return []
    first = (Month.of(latest) + (1 - MONTHS_SHOWN)).first_day
    shown = list(
        proposals.filter(run__month__gte=first)
        .select_related("run", "payee__merged_into")
        .order_by("-run__month", "payee__kind", "payee__code")
    )
    return rows_of(shown)


def rows_of(proposals: Sequence[Proposal]) -> list[MonthRow]:
    """Proposals with the sums of their components; one query."""
    cents: defaultdict[tuple[int, int, str], int] = defaultdict(int)
    sums = PayeeSum.objects.filter(
        run__in={proposal.run_id for proposal in proposals},
        payee__in={proposal.payee_id for proposal in proposals},
    )
    for run, payee, component, total in sums.values_list(
        "run", "payee", "rate__component"
    ).annotate(Sum("cents")):
        cents[run, payee, component] = total
    return [
        MonthRow(
            proposal,
            base_cents=cents[proposal.run_id, proposal.payee_id, Component.BASE],
            adult_cents=cents[proposal.run_id, proposal.payee_id, Component.ADULT],
        )
        for proposal in proposals
    ]


@dataclass
class RateSum:
    """Persons and cents that one rate gives a payee in a month."""

    rate: Rate
    persons: int = 0
    cents: int = 0


@dataclass
class GroundSum:
    """Persons and cents of a payee's month by the ground of the permit."""

    ground: Ground
    persons: int = 0
    base_cents: int = 0
    adult_cents: int = 0

    @property
    def cents(self) -> int:
        """Both components together."""
        return self.base_cents + self.adult_cents


@dataclass(frozen=True)
class Claimable:
    """Months that a payee may apply for, by benefit month."""

    benefit_month: date
    last_day: date
    persons: int
    cents: int


@dataclass(frozen=True)
class FrontPage:
    """A payee's months, a chart of their sums, and what it may apply for today."""

    rows: list[MonthRow]
    chart: BarChart | None
    claimable: list[Claimable]
    has_predecessors: bool


def front_page(
    proposals: ProposalQuerySet, entries: ClaimableQuerySet, *, today: date
) -> FrontPage:
    """Gather the front of the view from the rows the payee may open; five queries."""
    rows = month_rows(proposals)
    open_entries = entries.shown_after(rows[0].month).in_time(today) if rows else entries.none()
    return FrontPage(
        rows=rows,
        chart=_chart(rows),
        claimable=claimable_months(open_entries),
        has_predecessors=len({row.proposal.payee_id for row in rows}) > 1,
    )


def _chart(rows: Sequence[MonthRow]) -> BarChart | None:
    """Sums by month from the first to the last shown, months without any between them."""
    if not rows:
        return None
    cents: Counter[Month] = Counter()
    for row in rows:
        cents[Month.of(row.month)] += row.proposal.amount_cents
    first = min(cents)
    months = [first + number for number in range(max(cents) - first + 1)]
    values = [(f"{month.number}/{month.year}", cents[month]) for month in months]
    return bar_chart(values, name="sums", title=_("Compensation by month"), write=finnish)


@dataclass(frozen=True)
class MonthPage:
    """One month of a payee, and the month before beside it."""

    row: MonthRow
    before: MonthRow | None
    rates: list[RateSum]
    grounds: list[GroundSum]
    corrections: list[PayeeCorrection]
    claimable: list[Claimable] = field(default_factory=list)
    set_offs: list[RecoveryEntry] = field(default_factory=list)
    recovery: RecoveryCase | None = None  # of the sum below zero

    @property
    def to_pay_cents(self) -> int:
        """What is paid of the month after its set-offs, in cents."""
        set_off = sum(one.amount_cents for one in self.set_offs)
        return int(self.row.proposal.payable_cents) + set_off


def month_page(
    proposal: Proposal, proposals: ProposalQuerySet, claimable: ClaimableQuerySet
) -> MonthPage:
    """Gather one month of a payee from the rows it may open; eight queries."""
    month_before = (Month.of(proposal.run.month) + -1).first_day
    before = proposals.filter(payee=proposal.payee_id, run__month=month_before)
    rows = rows_of([proposal, *before.select_related("run", "payee")])
    rates, grounds = _groups(proposal)
    return MonthPage(
        row=rows[0],
        before=rows[1] if len(rows) > 1 else None,
        rates=rates,
        grounds=grounds,
        corrections=list(corrections(proposal)),
        claimable=claimable_months(
            claimable.filter(payee__in=payees_of(proposal)).shown_after(proposal.run.month)
        ),
        set_offs=set_offs_standing(proposal),
        recovery=RecoveryCase.objects.filter(proposal=proposal).first(),
    )


def _groups(proposal: Proposal) -> tuple[list[RateSum], list[GroundSum]]:
    """The month's sums by rate, base first, and by ground."""
    by_rate: dict[int, RateSum] = {}
    by_ground: dict[str, GroundSum] = {}
    sums = PayeeSum.objects.filter(run=proposal.run_id, payee=proposal.payee_id)
    for row in sums.select_related("rate", "ground").order_by(
        "-rate__component", "rate__min_age", "ground"
    ):
        of_rate = by_rate.setdefault(row.rate_id, RateSum(row.rate))
        of_rate.persons += row.persons
        of_rate.cents += row.cents
        of_ground = by_ground.setdefault(row.ground_id, GroundSum(row.ground))
        if row.rate.component == Component.BASE:
            of_ground.persons += row.persons
            of_ground.base_cents += row.cents
        else:
            of_ground.adult_cents += row.cents
    return list(by_rate.values()), sorted(by_ground.values(), key=lambda row: row.ground.code)


def corrections(proposal: Proposal) -> QuerySet[PayeeCorrection]:
    """What the run corrects of the payee's earlier months and its predecessors', latest first."""
    return (
        PayeeCorrection.objects.filter(run=proposal.run_id, payee__in=payees_of(proposal))
        .select_related("payee")
        .order_by("-benefit_month", "payee__code", "cause")
    )


def claimable_months(entries: ClaimableQuerySet) -> list[Claimable]:
    """The entries by benefit month; one query."""
    rows = (
        entries.values_list("benefit_month")
        .annotate(Min("last_day_to_apply"), Count("person", distinct=True), Sum("amount_cents"))
        .order_by("benefit_month")
    )
    return [Claimable(*row) for row in rows]
