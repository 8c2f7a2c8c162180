"""What the person pages show: assessments by run, booked lines, claimable entries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.db.models import QuerySet, Sum

from config.lib.months import Month
from config.lib.paging import Page, page_of
from payments.cases.models import ManualResidence, ProposalStatus
from payments.models import Assessment, ClaimableEntry, Line, Route, Run
from payments.persons.timeline import MonthPaid
from registry.models import Organisation, Person
from registry.people.models import PersonQuerySet

MONTHS_A_PAGE = 24


def person_by_uma_number(persons: PersonQuerySet, uma_number: str) -> Person | None:
    """The one of the persons with the UMA customer number."""
    return persons.filter(uma_number=uma_number).first()


@dataclass(frozen=True)
class PersonMonth:
    """One benefit month of a person: what each run found, the latest first, and what is booked."""

    month: date
    assessments: list[Assessment]
    cents: int


def months_page(person: Person, before: date | None, paid: list[MonthPaid]) -> Page[PersonMonth]:
    """The person's assessed months, latest first, from before a month; two queries."""
    cents = {month.month: month.cents for month in paid}
    own = Assessment.objects.filter(person=person, run__in=Run.objects.computed())
    rest = own if before is None else own.filter(benefit_month__lt=before)
    months = page_of(
        rest.order_by("-benefit_month").values_list("benefit_month", flat=True).distinct(),
        after=before,
        key=Month.of,
        size=MONTHS_A_PAGE,
    )
    shown = (
        own.filter(benefit_month__in=months.rows)
        .select_related("run", "municipality", "county")
        .order_by("-benefit_month", "-run__month")
    )
    rows = [
        PersonMonth(month, list(found), cents.get(month, 0))
        for month, found in groupby(shown, key=lambda assessment: assessment.benefit_month)
    ]
    return Page(rows, months.next, is_first=months.is_first)


def months_paid(person: Person, numbers: list[int]) -> list[MonthPaid]:
    """Every month that a run looked at or the ledger has lines for, the earliest first; two queries.

    `numbers` are the person's and those joined to it, under which lines count too.
    """
    computed = Assessment.objects.filter(person=person, run__in=Run.objects.computed())
    outcomes = dict(
        computed.order_by("benefit_month", "run__month").values_list("benefit_month", "outcome")
    )
    lines = Line.objects.booked().filter(person__in=numbers).order_by()
    cents = dict(
        lines.values("benefit_month")
        .annotate(sum=Sum("amount_cents"))
        .values_list("benefit_month", "sum")
    )
    months = sorted(outcomes.keys() | cents.keys())
    return [MonthPaid(month, cents.get(month, 0), outcomes.get(month, "")) for month in months]


@dataclass(frozen=True)
class BookedOnce:
    """What the ledger holds of a month for a payee by one route; which runs booked it, the sum."""

    month: date
    payee: str
    route: str
    runs: list[date]
    cents: int


def booked_by_route(numbers: list[int]) -> list[BookedOnce]:
    """Every month of the ledger by payee and route, the latest first; one query.

    Empty for a person whose lines are all automatic: the months say the same.
    """
    lines = Line.objects.booked().filter(person__in=numbers).select_related("run", "payee")
    groups: dict[tuple[date, Organisation, str], list[Line]] = {}
    for line in lines.order_by("-benefit_month", "payee__kind", "payee__code", "run__month"):
        groups.setdefault((line.benefit_month, line.payee, line.route), []).append(line)
    if all(route == Route.AUTOMATIC for _month, _payee, route in groups):
        return []
    return [
        BookedOnce(
            month,
            payee.name,
            str(Route(route).label),
            sorted({line.run.month for line in found}),
            sum(line.amount_cents for line in found),
        )
        for (month, payee, route), found in groups.items()
    ]


def allocations(numbers: list[int]) -> QuerySet[ManualResidence]:
    """Decided allocations under the numbers, those replaced too; one query."""
    found = ManualResidence.objects.filter(
        person__in=numbers, case__proposal__status=ProposalStatus.DECIDED
    )
    return found.select_related("municipality", "case").order_by("moved_in", "pk")


@dataclass(frozen=True)
class Booked:
    """What the ledger holds for a person-month; the sum in cents."""

    lines: list[Line]
    cents: int


def month_booked(numbers: list[int], month: Month) -> Booked:
    """Lines of approved runs for the person-month, in the order they were booked; one query."""
    lines = list(
        Line.objects.booked()
        .filter(person__in=numbers, benefit_month=month.first_day)
        .select_related("run", "payee", "person")
        .order_by("run__month", "payee__kind", "payee__code", "component")
    )
    return Booked(lines, sum(line.amount_cents for line in lines))


def month_claimable(numbers: list[int], month: Month) -> QuerySet[ClaimableEntry]:
    """Claimable entries ever opened for the person-month, open and closed; one query."""
    return (
        ClaimableEntry.objects.filter(person__in=numbers, benefit_month=month.first_day)
        .select_related("payee", "opened_by", "closed_by")
        .order_by("opened_by__month", "payee__kind", "payee__code", "component")
    )
