"""What a new list changed against the one before it (G-12)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from django.db import connection

from grants.lists.models import PersonList

SHOWN = 100  # lines told one by one


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
    lines = [(what, line) for what, line, _number in found[:SHOWN]]
    return Difference(previous, counts["added"], counts["removed"], counts["changed"], lines)
