"""What the pages of a list show, each in a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet

from config.lib.paging import Page, page_of
from grants.applications.models import Application
from grants.lists.codes import ADVICE, ERRORS, Code
from grants.lists.models import ListRow, PersonList, RowCorrection, RowFinding

PAGE_SIZE = 25
SHOWN_CHANGES = 100


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


def _has(condition: Q) -> Exists:
    return Exists(RowFinding.objects.told().filter(condition, row=OuterRef("pk")))


def standing(person_list: PersonList) -> Standing:
    """Count the rows of a list by what the applicant is told of them; one query."""
    rows = ListRow.objects.filter(list=person_list)
    faulty, warned = _has(Q(code__in=ERRORS)), _has(~Q(code__in=ERRORS))
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


@dataclass
class GridRow:
    """A row of the grid with what the applicant is told of it."""

    row: ListRow
    findings: list[RowFinding] = field(default_factory=list)
    last_change: int = 0

    @property
    def findings_text(self) -> str:
        """What the applicant is told of the row, in the language of the page."""
        return "; ".join(str(Code(finding.code).label) for finding in self.findings)


def grid_page(person_list: PersonList, *, show: str, after: int | None) -> Page[GridRow]:
    """Rows of a list by line, those that `show` names, from after the given line; three queries."""
    rows = _asked(ListRow.objects.filter(list=person_list), show)
    if after is not None:
        rows = rows.filter(line__gt=after)
    found: QuerySet[ListRow, ListRow] = rows.select_related("municipality", "ground")
    page = page_of(found.order_by("line"), after=after, key=lambda row: row.line, size=PAGE_SIZE)
    return Page(grid_rows(page.rows), page.next, page.is_first)


def _asked(rows: QuerySet[ListRow, ListRow], show: str) -> QuerySet[ListRow, ListRow]:
    match show:
        case "all":
            return rows
        case "removed":
            return rows.filter(is_removed=True)
        case "errors":
            return rows.filter(_has(Q(code__in=ERRORS)), is_removed=False)
        case "warnings":
            return rows.filter(_has(~Q(code__in=ERRORS)), is_removed=False)
    return rows.filter(_has(Q(code=show)), is_removed=False)


def grid_rows(rows: list[ListRow]) -> list[GridRow]:
    """Rows with their findings and the last change of each; two queries."""
    keys = [row.pk for row in rows]
    findings: dict[int, list[RowFinding]] = defaultdict(list)
    for finding in RowFinding.objects.told().filter(row__in=keys).order_by("pk"):
        findings[finding.row_id].append(finding)
    changes: dict[int, int] = dict(
        RowCorrection.objects.filter(row__in=keys)
        .order_by()
        .values_list("row")
        .annotate(last=Max("pk"))
        .values_list("row", "last")
    )
    return [GridRow(row, findings[row.pk], changes.get(row.pk, 0)) for row in rows]


def with_findings(person_list: PersonList) -> list[GridRow]:
    """All kept rows of a list with their findings, for a file; three queries."""
    rows = ListRow.objects.filter(list=person_list).kept()
    return grid_rows(list(rows.select_related("municipality", "ground").order_by("line")))


def corrections(person_list: PersonList) -> list[RowCorrection]:
    """The latest corrections of a list; one query."""
    made = RowCorrection.objects.filter(row__list=person_list)
    return list(made.select_related("row", "by").order_by("-pk")[:SHOWN_CHANGES])


@dataclass(frozen=True)
class Difference:
    """What a list changed against the one before: numbers of rows, and the first lines of each."""

    previous: PersonList
    added: int
    removed: int
    changed: int
    lines: list[tuple[str, int]]


# The same person is the same pair of identifiers, the first with the first of them.
DIFFERENCE = """
WITH keyed AS (
    SELECT r.list_id, r.line, r.uma_number || '/' || r.unhcr_number AS key,
           row_number() OVER (PARTITION BY r.list_id, r.uma_number, r.unhcr_number
                              ORDER BY r.line) AS turn,
           (r.name, r.birth_date, r.nationality, r.municipality_id, r.moved_in, r.ground_id,
            r.quota_year, r.raw)::text AS content
    FROM grants_listrow r
    WHERE r.list_id IN (%(old)s, %(new)s) AND NOT r.is_removed
)
SELECT CASE WHEN o.key IS NULL THEN 'added' WHEN n.key IS NULL THEN 'removed'
            ELSE 'changed' END AS what,
       coalesce(n.line, o.line) AS line, count(*) OVER (PARTITION BY o.key IS NULL, n.key IS NULL)
FROM (SELECT * FROM keyed WHERE list_id = %(old)s) o
FULL JOIN (SELECT * FROM keyed WHERE list_id = %(new)s) n USING (key, turn)
WHERE o.content IS DISTINCT FROM n.content
ORDER BY what, line
"""


def difference(person_list: PersonList) -> Difference | None:
    """What a list changed against the list read before it; None for the first; two queries."""
    previous = (
        PersonList.objects.filter(
            application=person_list.application_id, number__lt=person_list.number
        )
        .order_by("-number")
        .first()
    )
    if previous is None:
        return None
    with connection.cursor() as cursor:
        cursor.execute(DIFFERENCE, {"old": previous.pk, "new": person_list.pk})
        found = cursor.fetchall()
    counts: dict[str, int] = defaultdict(int)
    counts.update({what: number for what, _line, number in found})
    lines = [(what, line) for what, line, _number in found[:SHOWN_CHANGES]]
    return Difference(previous, counts["added"], counts["removed"], counts["changed"], lines)


def row_of(row_id: int) -> ListRow:
    """A row as it is now; one query."""
    return ListRow.objects.select_related("municipality", "ground").get(pk=row_id)


def persons_of(rows: Iterable[GridRow]) -> set[int]:
    """Ids of the persons of the register whom rows name, for the log (P-10)."""
    return {row.row.person_id for row in rows if row.row.person_id}
