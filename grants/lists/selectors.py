"""What the pages of a list show, each in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q

from grants.applications.models import Application
from grants.lists.codes import ADVICE, ERRORS, Code
from grants.lists.models import ListRow, PersonList, RowFinding


@dataclass(frozen=True)
class Group:
    """A cause found in a list: its sentences and the number of rows that have it."""

    code: Code
    rows: int

    @property
    def is_error(self) -> bool:
        """Whether it must be fixed before sending."""
        return self.code in ERRORS

    @property
    def advice(self) -> str:
        """What to do about it."""
        return str(ADVICE[self.code])


@dataclass(frozen=True)
class Standing:
    """How a list stands: its rows, and how many have errors, warnings alone, or were removed."""

    rows: int
    faulty: int
    warned: int
    removed: int

    @property
    def clean(self) -> int:
        """Rows in which nothing was found."""
        return self.rows - self.faulty - self.warned


def current_list(application: Application) -> PersonList | None:
    """The list an application stands on, with who sent it; one query."""
    lists = PersonList.objects.filter(application=application).current()
    return lists.select_related("uploaded_by").first()


def lists_sent(application: Application) -> list[PersonList]:
    """All files sent for an application, the latest first; one query."""
    return list(
        PersonList.objects.filter(application=application)
        .select_related("uploaded_by")
        .order_by("-pk")
    )


def has_finding(condition: Q) -> Exists:
    """Whether a row has a finding of the kind that the applicant is told, for filters."""
    return Exists(RowFinding.objects.told().filter(condition, row=OuterRef("pk")))


def standing(person_list: PersonList) -> Standing:
    """Count the rows of a list by what the applicant is told of them; one query."""
    rows = ListRow.objects.filter(list=person_list)
    faulty, warned = has_finding(Q(code__in=ERRORS)), has_finding(~Q(code__in=ERRORS))
    kept = Q(is_removed=False)
    counts = rows.annotate(faulty=faulty, warned=warned).aggregate(
        all=Count("pk", filter=kept),
        with_errors=Count("pk", filter=kept & Q(faulty=True)),
        with_warnings=Count("pk", filter=kept & Q(faulty=False, warned=True)),
        gone=Count("pk", filter=~kept),
    )
    return Standing(counts["all"], counts["with_errors"], counts["with_warnings"], counts["gone"])


def groups(person_list: PersonList) -> list[Group]:
    """What was found in a list, by cause: errors first, the most frequent first; one query."""
    counted = (
        RowFinding.objects.told()
        .filter(list=person_list)
        .order_by()
        .values("code")
        .annotate(rows=Count("row", distinct=True))
    )
    found = [Group(Code(entry["code"]), entry["rows"]) for entry in counted]
    return sorted(found, key=lambda group: (not group.is_error, -group.rows, group.code))


@dataclass(frozen=True)
class AgeGroup:
    """Persons of an age group for one kind of recipient, and what the round pays for them (G-07)."""

    applicant_kind: str
    min_age: int
    max_age: int | None
    amount_eur: Decimal
    persons: int

    @property
    def sum_cents(self) -> int:
        """What is applied for, in cents."""
        return int(self.amount_eur * 100) * self.persons


# Age in full years on the day of moving in. Rows with an error are not counted.
AGE_GROUPS = """
SELECT m.applicant_kind, m.min_age, m.max_age, m.amount_eur, count(r.id)
FROM grants_roundamount m
LEFT JOIN grants_listrow r
  ON r.list_id = %(list)s AND NOT r.is_removed
 AND extract(year FROM age(r.moved_in, r.birth_date))
     BETWEEN m.min_age AND coalesce(m.max_age, 1000)
 AND NOT EXISTS (SELECT FROM grants_rowfinding f
                 WHERE f.row_id = r.id AND f.code = ANY (%(errors)s))
WHERE m.round_id = %(round)s AND m.applicant_kind = ANY (%(kinds)s)
GROUP BY m.id
ORDER BY m.applicant_kind DESC, m.min_age
"""


def age_groups(person_list: PersonList, application: Application) -> list[AgeGroup]:
    """Persons and euros by age group, of each kind of amount the applicant gets (G-01); two queries."""
    params: dict[str, Any] = {
        "list": person_list.pk,
        "round": application.round_id,
        "kinds": application.round.kinds_paid_to(application.applicant),
        "errors": sorted(ERRORS),
    }
    with connection.cursor() as cursor:
        cursor.execute(AGE_GROUPS, params)
        return [AgeGroup(*row) for row in cursor.fetchall()]


def sum_cents(found: Iterable[AgeGroup]) -> int:
    """What a list applies for, in cents (G-08)."""
    return sum(group.sum_cents for group in found)
