"""What the workbench shows, each in a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from config.lib.paging import Page, page_of
from grants.applications.models import Application
from grants.lists.models import ListRow, RowFinding
from grants.review.checks import BY_NAME, Check
from grants.review.marking import rows_to_check
from grants.review.models import CheckResult, Phrase, PhraseUse
from grants.review.words import looked_at_words
from registry.models import Organisation
from registry.people.secrecy import non_disclosed

ROWS_A_PAGE = 25


@dataclass(frozen=True)
class Told:
    """The latest result of a check with what it is called."""

    result: CheckResult
    check: Check | None

    @property
    def looked_at(self) -> list[str]:
        """What the check looked at, in words."""
        return looked_at_words(self.result.looked_at)


def checks_told(application: Application) -> list[Told]:
    """The latest result of each check, in the order they are done; one query."""
    results = CheckResult.objects.filter(application=application).newest()
    by_name = {result.name: result for result in results}
    known = [Told(by_name.pop(name), BY_NAME[name]) for name in BY_NAME if name in by_name]
    return [*known, *(Told(result, None) for result in by_name.values())]


@dataclass(frozen=True)
class Facts:
    """What the register says of a person now."""

    birth_date: date
    nationality: str
    grounds: list[str]
    first_home: Organisation | None
    first_moved_in: date | None


@dataclass
class BenchRow:
    """A row of the workbench: what is claimed, found and known, who else claims, how it is marked."""

    row: ListRow
    facts: Facts | None
    is_secret: bool
    findings: list[RowFinding] = field(default_factory=list)
    others: list[tuple[int, str]] = field(default_factory=list)

    @property
    def columns_found(self) -> set[str]:
        """Columns in which something was found."""
        return {finding.column for finding in self.findings}


@dataclass(frozen=True)
class Progress:
    """Rows of the list: all, those not marked yet, those in which something was found."""

    rows: int
    unmarked: int
    found: int
    clean: int


def progress(application: Application) -> Progress:
    """How far the marking is; one query."""
    found = Exists(RowFinding.objects.filter(row=OuterRef("pk")))
    counts = rows_to_check(application).annotate(found=found).aggregate(
        rows=Count("pk"),
        unmarked=Count("pk", filter=Q(mark=None)),
        with_findings=Count("pk", filter=Q(found=True)),
        clean=Count("pk", filter=Q(found=False, mark=None)),
    )  # fmt: skip
    return Progress(counts["rows"], counts["unmarked"], counts["with_findings"], counts["clean"])


def refusal_phrases() -> QuerySet[Phrase]:
    """Reasons that a row may be refused for; one query."""
    return Phrase.objects.offered(PhraseUse.REFUSAL)


SHOWS = ("all", "unmarked", "found", "refused")


def bench_page(application: Application, *, show: str, after: int | None) -> Page[BenchRow]:
    """Rows of the list by line, those that `show` names, from after a line; six queries."""
    asked = rows_to_check(application)
    match show:
        case "unmarked":
            asked = asked.filter(mark=None)
        case "found":
            asked = asked.filter(Exists(RowFinding.objects.filter(row=OuterRef("pk"))))
        case "refused":
            asked = asked.filter(mark__accepted=False)
    if after is not None:
        asked = asked.filter(line__gt=after)
    related = ("municipality", "ground", "mark__phrase")
    rows: QuerySet[ListRow, ListRow] = asked.select_related(*related).order_by("line")
    page = page_of(rows, after=after, key=lambda row: row.line, size=ROWS_A_PAGE)
    return Page(_bench_rows(page.rows), page.next, page.is_first)


def _bench_rows(rows: list[ListRow]) -> list[BenchRow]:
    persons = {row.person_id for row in rows if row.person_id}
    facts, secret = facts_of(persons), non_disclosed(persons)
    findings: dict[int, list[RowFinding]] = defaultdict(list)
    for finding in RowFinding.objects.filter(row__in=rows).order_by("pk"):
        findings[finding.row_id].append(finding)
    others = others_claiming([row.pk for row in rows])
    return [
        BenchRow(
            row=row,
            facts=facts.get(row.person_id or 0),
            is_secret=row.person_id in secret,
            findings=findings[row.pk],
            others=others[row.pk],
        )
        for row in rows
    ]


FACTS = """
SELECT d.person_id, d.birth_date, d.nationality,
       ARRAY(SELECT DISTINCT p.ground_id FROM registry_permit p
             WHERE p.person_id = d.person_id AND p.closed_by_id IS NULL ORDER BY 1),
       h.municipality_id, h.moved_in
FROM registry_persondetails d
LEFT JOIN LATERAL (
    SELECT e.municipality_id, e.moved_in FROM registry_residence e
    WHERE e.identity_id = d.identity_id AND e.closed_by_id IS NULL
    ORDER BY e.moved_in LIMIT 1
) h ON true
WHERE d.person_id = ANY (%s) AND d.closed_by_id IS NULL
"""


def facts_of(persons: Collection[int]) -> dict[int, Facts]:
    """What the register says of persons (ids), by person; two queries."""
    with connection.cursor() as cursor:
        cursor.execute(FACTS, [sorted(persons)])
        found = cursor.fetchall()
    homes = Organisation.objects.in_bulk({home for *_facts, home, _day in found if home})
    return {
        person: Facts(born, nationality, grounds, homes.get(home), moved_in)
        for person, born, nationality, grounds, home, moved_in in found
    }


# Other applications sent that name the same person, by either identifier or the register (G-04).
OTHERS = """
SELECT DISTINCT r.id, a.id, a.serial, a.year, o.name_fi
FROM grants_listrow r
CROSS JOIN LATERAL (
    SELECT c.list_id FROM grants_listrow c
    WHERE c.uma_number = r.uma_number AND c.uma_number <> '' AND NOT c.is_removed
    UNION
    SELECT c.list_id FROM grants_listrow c
    WHERE c.unhcr_number = r.unhcr_number AND c.unhcr_number <> '' AND NOT c.is_removed
    UNION
    SELECT c.list_id FROM grants_listrow c WHERE c.person_id = r.person_id AND NOT c.is_removed
) c
JOIN grants_personlist own ON own.id = r.list_id
JOIN grants_personlist l ON l.id = c.list_id AND l.is_current
JOIN grants_application a ON a.id = l.application_id AND a.id <> own.application_id
JOIN registry_organisation o ON o.id = a.applicant_id
WHERE r.id = ANY (%s) AND a.submitted_at IS NOT NULL AND a.status NOT IN ('withdrawn', 'replaced')
ORDER BY r.id, a.id
"""


def others_claiming(rows: Collection[int]) -> dict[int, list[tuple[int, str]]]:
    """For each row (id) the applications (id, number and applicant) that name its person; one query."""
    others: dict[int, list[tuple[int, str]]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(OTHERS, [sorted(rows)])
        for row, application, serial, year, name in cursor.fetchall():
            others[row].append((application, f"HAK/{serial}/{year} {name}"))
    return others
