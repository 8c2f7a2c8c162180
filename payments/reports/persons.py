"""Persons applied for, accepted and refused in a calendar year, counted by all that is reported of them."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

from payments.reports.flows import year_params

# A person is a row of a list, whatever kinds of amounts it is paid: Helsinki's count once (G-01).
# Applied for: rows of applications sent in the year that still count. Accepted: rows first granted
# in the year. Refused: rows first refused in the year, and not granted by its end.
CELLS = """
WITH rows AS (
    SELECT 'applied' AS what, r.id AS row_id, NULL::bigint AS phrase_id
    FROM grants_listrow r
    JOIN grants_personlist l ON l.id = r.list_id AND l.is_current
    JOIN grants_application a ON a.id = l.application_id
    WHERE NOT r.is_removed AND a.status NOT IN ('withdrawn', 'replaced')
      AND a.submitted_at >= %(begin)s AND a.submitted_at < %(end)s
    UNION ALL
    SELECT 'accepted', p.row_id, NULL
    FROM grants_proposedrow p JOIN grants_supportproposal s ON s.id = p.proposal_id
    WHERE p.is_granted
    GROUP BY p.row_id
    HAVING min(s.decided_at) >= %(begin)s AND min(s.decided_at) < %(end)s
    UNION ALL
    SELECT 'refused', p.row_id, (array_agg(p.phrase_id ORDER BY s.decided_at))[1]
    FROM grants_proposedrow p
    JOIN grants_supportproposal s ON s.id = p.proposal_id AND s.status = 'decided'
    WHERE NOT p.accepted
      AND NOT EXISTS (
        SELECT FROM grants_proposedrow q JOIN grants_supportproposal t ON t.id = q.proposal_id
        WHERE q.row_id = p.row_id AND q.is_granted AND t.decided_at < %(end)s)
    GROUP BY p.row_id
    HAVING min(s.decided_at) >= %(begin)s AND min(s.decided_at) < %(end)s
)
SELECT g.support, g.code, o.kind, rows.what,
       coalesce(extract(year FROM age(r.moved_in, r.birth_date)) < 7, false),
       coalesce(r.ground_id, ''), r.quota_year, f.text_fi, f.text_sv, count(*)
FROM rows
JOIN grants_listrow r ON r.id = rows.row_id
JOIN grants_personlist l ON l.id = r.list_id
JOIN grants_application a ON a.id = l.application_id
JOIN grants_round g ON g.id = a.round_id
JOIN registry_organisation o ON o.id = a.applicant_id
LEFT JOIN grants_phrase f ON f.id = rows.phrase_id
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9
ORDER BY 1, 2, 3, 4, 5, 6, 7, 8, 9
"""


@dataclass(frozen=True)
class Cell:
    """So many persons of whom all of this is the same; `what`: applied, accepted or refused."""

    support: str
    round: str
    kind: str
    what: str
    is_under_7: bool
    ground: str
    quota_year: int | None
    reason_fi: str
    reason_sv: str
    persons: int


def persons_of_year(year: int) -> list[Cell]:
    """The year's persons, counted; one query."""
    with connection.cursor() as cursor:
        cursor.execute(CELLS, year_params(year))
        return [Cell(*row) for row in cursor.fetchall()]
