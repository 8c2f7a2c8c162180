"""The work list, the proposals, and what both come to by year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import Count, DurationField, ExpressionWrapper, F, Q, Sum, Value

from config.lib.paging import PAGE_SIZE, Page, page_of
from config.lib.sorting import Sort
from payments.cases.models import (
    ManualCase,
    ManualCaseQuerySet,
    ManualProposal,
    ManualProposalQuerySet,
    ProposalStatus,
)
from registry.people.secrecy import non_disclosed

KINDS = ("applied", "authority", "waiting")
# The last day to apply follows from the first month (P-09).
ORDERS = {"last": ("first_month",), "age": ("days",), "payee": ("proposal__payee__name_fi",)}

# Cases opened in a year; decided in a year, with their median age in days and what was granted.
# The cases of a rectification claim are those of the decision it contests, and count once.
BY_YEAR = """
SELECT year, sum(opened)::int, sum(decided)::int, max(median_days)::int, sum(cents)::bigint
FROM (
    SELECT extract(year FROM opened_on)::int AS year, count(*) AS opened, 0 AS decided,
           NULL::float AS median_days, 0 AS cents
    FROM payments_manualcase c
    WHERE NOT EXISTS (SELECT FROM payments_manualrectification r WHERE r.proposal_id = c.proposal_id)
    GROUP BY 1
    UNION ALL
    SELECT d.year, 0, count(*), percentile_cont(0.5) WITHIN GROUP (ORDER BY d.day - c.opened_on), 0
    FROM payments_manualcase c
    JOIN (SELECT m.proposal_id, min(d.decided_on) AS day, min(d.year)::int AS year
          FROM payments_manualdecision m JOIN registry_decision d ON d.id = m.decision_id
          GROUP BY m.proposal_id) d ON d.proposal_id = c.proposal_id
    WHERE NOT EXISTS (SELECT FROM payments_manualrectification r WHERE r.proposal_id = c.proposal_id)
    GROUP BY d.year
    UNION ALL
    SELECT d.year, 0, 0, NULL, sum(d.amount_cents)
    FROM payments_manualdecision m JOIN registry_decision d ON d.id = m.decision_id
    GROUP BY d.year
) both_sides
GROUP BY year ORDER BY year DESC
"""


@dataclass(frozen=True)
class CaseRow:
    """A case in the work list; one under non-disclosure is not named beside its applicant (P-11)."""

    case: ManualCase
    is_secret: bool
    age_days: int


def cases_page(
    cases: ManualCaseQuerySet, *, kind: str, order: Sort, today: date, after: int | None
) -> Page[CaseRow]:
    """Cases to work on in an order, from after so many of them; two queries."""
    rows = (
        _of_kind(cases.to_work_on(), kind)
        .select_related("person", "proposal__payee", "opened_by")
        .annotate(days=ExpressionWrapper(Value(today) - F("opened_on"), DurationField()))
    )
    start = after or 0
    page = page_of(
        rows.order_by(*order.order_by)[start:],
        after=after,
        key=lambda _case: start + PAGE_SIZE,
        size=PAGE_SIZE,
    )
    secret = non_disclosed(case.person_id for case in page.rows if case.person_id)
    shown = [
        CaseRow(case, case.person_id in secret, (today - case.opened_on).days) for case in page.rows
    ]
    return Page(shown, page.next, is_first=page.is_first)


def _of_kind(cases: ManualCaseQuerySet, kind: str) -> ManualCaseQuerySet:
    """Applied for, the authority's own, or waiting for somebody to apply."""
    return {
        "applied": cases.filter(proposal__applied_on__isnull=False),
        "authority": cases.filter(is_authoritys=True),
        "waiting": cases.filter(is_authoritys=False, proposal=None),
    }.get(kind, cases)


@dataclass(frozen=True)
class CaseCounts:
    """How many cases are to be worked on, and of which the last day comes this year."""

    applied: int
    authority: int
    waiting: int
    lapsing: int
    to_decide: int

    @property
    def to_review(self) -> int:
        """Cases that a reviewer can go on with."""
        return self.applied + self.authority


def case_counts(
    cases: ManualCaseQuerySet, proposals: ManualProposalQuerySet, today: date
) -> CaseCounts:
    """Count what waits; two queries."""
    open_cases = Q(proposal=None) | Q(proposal__status=ProposalStatus.OPEN)
    last = Q(first_month__year__lte=today.year - 2)
    found = cases.to_work_on().aggregate(
        applied=Count("pk", filter=Q(proposal__applied_on__isnull=False) & open_cases),
        authority=Count("pk", filter=Q(is_authoritys=True) & open_cases),
        waiting=Count("pk", filter=Q(is_authoritys=False, proposal=None)),
        lapsing=Count("pk", filter=Q(is_authoritys=False, proposal=None) & last),
    )
    to_decide = proposals.filter(status=ProposalStatus.PROPOSED).count()
    return CaseCounts(**found, to_decide=to_decide)


def proposals_page(proposals: ManualProposalQuerySet, before: int | None) -> Page[ManualProposal]:
    """Those proposals, the latest first, from before the given one; one query."""
    rows = proposals.select_related("payee", "rectification").annotate(
        persons=Count("cases", distinct=True),
        granted=Sum("cases__months__amount_cents", filter=Q(cases__months__verdict="granted")),
    )
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return page_of(rows.order_by("-pk"), after=before, key=lambda row: row.pk, size=PAGE_SIZE)


@dataclass(frozen=True)
class YearRow:
    """Cases opened and decided in a year, their median age when decided, what was granted."""

    year: int
    opened: int
    decided: int
    median_days: int | None
    cents: int


def years() -> list[YearRow]:
    """The figures by year, the latest first; one query."""
    with connection.cursor() as cursor:
        cursor.execute(BY_YEAR)
        return [YearRow(*row) for row in cursor.fetchall()]
