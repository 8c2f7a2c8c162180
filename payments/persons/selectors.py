"""What the person pages show: assessments by run, booked lines, claimable entries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.db.models import QuerySet

from config.lib.months import Month
from config.lib.paging import Page, page_of
from payments.models import Assessment, ClaimableEntry, Line, Run
from registry.models import Person
from registry.people.models import PersonQuerySet

MONTHS_A_PAGE = 24


def person_by_uma_number(persons: PersonQuerySet, uma_number: str) -> Person | None:
    """The one of the persons with the UMA customer number."""
    return persons.filter(uma_number=uma_number).first()


@dataclass(frozen=True)
class PersonMonth:
    """One benefit month of a person: what each run found, the latest run first."""

    month: date
    assessments: list[Assessment]


def months_page(person: Person, before: date | None) -> Page[PersonMonth]:
    """The person's assessed months, latest first, from before a month; two queries."""
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
        PersonMonth(month, list(found))
        for month, found in groupby(shown, key=lambda assessment: assessment.benefit_month)
    ]
    return Page(rows, months.next, is_first=months.is_first)


@dataclass(frozen=True)
class Booked:
    """What the ledger holds for a person-month; the sum in cents."""

    lines: list[Line]
    cents: int


def month_booked(person: Person, month: Month) -> Booked:
    """Lines of approved runs for the person-month, in the order they were booked; one query."""
    lines = list(
        Line.objects.booked()
        .filter(person=person, benefit_month=month.first_day)
        .select_related("run", "payee")
        .order_by("run__month", "payee__kind", "payee__code", "component")
    )
    return Booked(lines, sum(line.amount_cents for line in lines))


def month_claimable(person: Person, month: Month) -> QuerySet[ClaimableEntry]:
    """Claimable entries ever opened for the person-month, open and closed; one query."""
    return (
        ClaimableEntry.objects.filter(person=person, benefit_month=month.first_day)
        .select_related("payee", "opened_by", "closed_by")
        .order_by("opened_by__month", "payee__kind", "payee__code", "component")
    )
