"""What the yearly report to the Interior Ministry counts, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import Min
from django.utils.timezone import localtime

from grants.models import Application
from payments.reports.flows import Flows, flows, year_params
from payments.reports.persons import Cell, persons_of_year
from payments.reports.tables import Line
from registry.models import Ground

# How each frame stands at the end of the year, in cents (P-06); a salary grant that was closed by then
# has released what was not paid of it.
FRAMES = """
SELECT f.programme_year, (f.allotted_eur * 100)::bigint, coalesce(d.cents, 0), coalesce(p.cents, 0)
FROM grants_budgetframe f
LEFT JOIN LATERAL (
    SELECT sum(x.cents)::bigint AS cents
    FROM (
        SELECT s.application_id, s.difference_cents AS cents
        FROM grants_supportproposal s
        WHERE s.status = 'decided' AND s.decided_at < %(end)s
        UNION ALL
        SELECT t.application_id, grants_claimed(t.application_id) - grants_granted(t.application_id)
        FROM grants_applicationstep t
        JOIN grants_application a ON a.id = t.application_id AND a.support = 'palkka'
        WHERE t.deed = 'closed' AND t.at < %(end)s
    ) x
    JOIN grants_application a ON a.id = x.application_id
    JOIN grants_round g ON g.id = a.round_id AND g.frame_id = f.id
) d ON true
LEFT JOIN LATERAL (
    SELECT (sum(t.amount_cents) FILTER (WHERE t.paid_on <= %(last)s)
            - coalesce(sum(t.amount_cents) FILTER (WHERE t.returned_on <= %(last)s), 0)
           )::bigint AS cents
    FROM payments_transfer t
    JOIN payments_paymentorder o ON o.id = t.order_id
    LEFT JOIN grants_supportproposal s ON s.id = o.support_id
    LEFT JOIN grants_costclaim c ON c.id = o.cost_id
    JOIN grants_application a ON a.id = coalesce(s.application_id, c.application_id)
    JOIN grants_round g ON g.id = a.round_id AND g.frame_id = f.id
    WHERE t.status IN ('paid', 'returned')
) p ON true
ORDER BY f.programme_year
"""


@dataclass(frozen=True)
class Figures:
    """What the report of a year is made of: by group, by person, by frame."""

    year: int
    flows: Flows
    cells: list[Cell]
    frames: list[Line]
    grounds: Mapping[str, str]


def figures_of(year: int) -> Figures:
    """Count the year; seven queries."""
    grounds = {ground.code: str(ground) for ground in Ground.objects.all()}
    return Figures(year, flows(year), persons_of_year(year), _frames(year), grounds)


def _frames(year: int) -> list[Line]:
    with connection.cursor() as cursor:
        cursor.execute(FRAMES, year_params(year))
        return [
            Line(
                (str(programme_year),),
                {
                    "allotted_cents": allotted,
                    "committed_cents": committed,
                    "paid_cents": paid,
                    "left_cents": allotted - committed,
                },
            )
            for programme_year, allotted, committed, paid in cursor.fetchall()
        ]


def years(today: date) -> list[int]:
    """Years that can be reported, the latest first: since the first application; one query."""
    first = Application.objects.sent().aggregate(at=Min("submitted_at"))["at"]
    earliest = localtime(first).year if first else today.year - 1
    return list(range(today.year, min(earliest, today.year - 1) - 1, -1))
