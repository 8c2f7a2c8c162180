"""Rows of a list as the check step shows them, page by page, each query whatever their number."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Max, Q, QuerySet

from config.lib.paging import Page, page_of
from grants.lists.codes import ERRORS, Code
from grants.lists.models import ListRow, PersonList, RowCorrection, RowFinding
from grants.lists.selectors import has_finding

PAGE_SIZE = 25
SHOWN_CORRECTIONS = 100


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
            return rows.filter(has_finding(Q(code__in=ERRORS)), is_removed=False)
        case "warnings":
            return rows.filter(has_finding(~Q(code__in=ERRORS)), is_removed=False)
    return rows.filter(has_finding(Q(code=show)), is_removed=False)


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
    return list(made.select_related("row", "by").order_by("-pk")[:SHOWN_CORRECTIONS])


def row_of(row_id: int) -> ListRow:
    """A row as it is now; one query."""
    return ListRow.objects.select_related("municipality", "ground").get(pk=row_id)


def persons_of(rows: Iterable[GridRow]) -> set[int]:
    """Ids of the persons of the register whom rows name, for the log (P-10)."""
    return {row.row.person_id for row in rows if row.row.person_id}
