"""Applications, decisions, claims and euros of a calendar year by round and kind of applicant; in sets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db import connection
from django.utils import timezone

from grants.models import Application

# Figures of what happened in the year, by round and kind of applicant; in numbers, days or cents.
# What a bank transfer or an entry of a recovery is of is asked of its application. A supplement's
# recovery without an application has no round.
FIGURES = """
WITH decided AS (
    SELECT s.id, s.application_id, s.ruling, s.difference_cents, s.claim_id, s.decided_at
    FROM grants_supportproposal s
    WHERE s.status = 'decided' AND s.decided_at >= %(begin)s AND s.decided_at < %(end)s
),
facts AS (
    SELECT a.id AS application_id, 'received' AS figure, 1::bigint AS value
    FROM grants_application a
    WHERE a.submitted_at >= %(begin)s AND a.submitted_at < %(end)s
    UNION ALL
    SELECT t.application_id, t.deed, 1
    FROM grants_applicationstep t JOIN grants_application a ON a.id = t.application_id
    WHERE t.deed IN ('withdrawn', 'replaced') AND a.submitted_at IS NOT NULL
      AND t.at >= %(begin)s AND t.at < %(end)s
    UNION ALL
    SELECT application_id, ruling, 1 FROM decided WHERE claim_id IS NULL
    UNION ALL
    SELECT application_id, 'granted_cents', difference_cents FROM decided
    UNION ALL
    SELECT s.application_id, 'claims_filed', 1
    FROM grants_rectificationclaim c JOIN grants_supportproposal s ON s.id = c.contested_id
    WHERE c.filed_at >= %(begin)s AND c.filed_at < %(end)s
    UNION ALL
    SELECT s.application_id, 'claims_open', 1
    FROM grants_rectificationclaim c JOIN grants_supportproposal s ON s.id = c.contested_id
    WHERE c.filed_at < %(end)s
      AND NOT EXISTS (SELECT FROM grants_supportproposal p
                      WHERE p.claim_id = c.id AND p.status = 'decided' AND p.decided_at < %(end)s)
    UNION ALL
    SELECT coalesce(s.application_id, c.application_id), m.figure, t.amount_cents
    FROM payments_transfer t
    JOIN payments_paymentorder o ON o.id = t.order_id AND o.proposal_id IS NULL
    LEFT JOIN grants_supportproposal s ON s.id = o.support_id
    LEFT JOIN grants_costclaim c ON c.id = o.cost_id
    CROSS JOIN LATERAL (VALUES ('paid_cents', t.paid_on),
                               ('returned_cents', t.returned_on)) AS m (figure, day)
    WHERE t.status IN ('paid', 'returned') AND m.day BETWEEN %(first)s AND %(last)s
),
placed AS (
    SELECT a.round_id, o.kind, f.figure, sum(f.value)::bigint AS value
    FROM facts f
    JOIN grants_application a ON a.id = f.application_id
    JOIN registry_organisation o ON o.id = a.applicant_id
    GROUP BY a.round_id, o.kind, f.figure
    UNION ALL
    SELECT a.round_id, o.kind, m.figure, sum(m.value)::bigint
    FROM payments_recoveryentry e
    JOIN payments_recoverycase c ON c.id = e.case_id AND c.regime = 'supplement'
    JOIN registry_organisation o ON o.id = c.payee_id
    LEFT JOIN grants_application a ON a.id = c.application_id
    LEFT JOIN payments_recoveryentry u ON u.id = e.reverses_id
    CROSS JOIN LATERAL (VALUES
        ('recovered_cents',
         CASE WHEN e.kind IN ('paid', 'set_off') OR u.kind IN ('paid', 'set_off')
              THEN -e.amount_cents END),
        ('interest_cents', CASE WHEN e.kind = 'interest' THEN e.amount_cents END)
    ) AS m (figure, value)
    WHERE m.value IS NOT NULL AND e.day BETWEEN %(first)s AND %(last)s
    GROUP BY a.round_id, o.kind, m.figure
    UNION ALL
    SELECT a.round_id, o.kind, 'days',
           round(percentile_cont(0.5) WITHIN GROUP (
               ORDER BY (d.decided_at AT TIME ZONE 'Europe/Helsinki')::date
                        - (a.submitted_at AT TIME ZONE 'Europe/Helsinki')::date))::bigint
    FROM decided d
    JOIN grants_application a ON a.id = d.application_id
    JOIN registry_organisation o ON o.id = a.applicant_id
    WHERE d.claim_id IS NULL
    GROUP BY GROUPING SETS ((a.round_id, o.kind), ())
)
SELECT g.support, g.code, p.kind, p.figure, p.value
FROM placed p LEFT JOIN grants_round g ON g.id = p.round_id
"""

# What was applied for, at the round's amounts of each kind that the applicant gets (G-01, G-08).
APPLIED = """
SELECT g.support, g.code, o.kind, sum(m.amount_eur * 100)::bigint
FROM unnest(%(applications)s::bigint[], %(kinds)s::text[]) AS w (application_id, paid_kind)
JOIN grants_application a ON a.id = w.application_id
JOIN grants_round g ON g.id = a.round_id
JOIN registry_organisation o ON o.id = a.applicant_id
JOIN grants_personlist l ON l.application_id = a.id AND l.is_current
JOIN grants_listrow r ON r.list_id = l.id AND NOT r.is_removed
JOIN grants_roundamount m ON m.round_id = g.id AND m.applicant_kind = w.paid_kind
 AND extract(year FROM age(r.moved_in, r.birth_date))
     BETWEEN m.min_age AND coalesce(m.max_age, 1000)
GROUP BY g.support, g.code, o.kind
UNION ALL
SELECT g.support, g.code, o.kind, sum(a.ceiling_eur * 100)::bigint
FROM grants_application a
JOIN grants_round g ON g.id = a.round_id
JOIN registry_organisation o ON o.id = a.applicant_id
WHERE a.id = ANY (%(salaries)s) AND a.ceiling_eur IS NOT NULL
GROUP BY g.support, g.code, o.kind
"""


@dataclass(frozen=True, order=True)
class Group:
    """Support, round and kind of applicant; empty where a recovery names no application."""

    support: str
    round: str
    kind: str


Flows = Mapping[Group, dict[str, int]]
ALL = Group("", "", "")


def year_params(year: int) -> dict[str, Any]:
    """The year's first and last day, and the moments in Finland between which it is."""
    first, after = date(year, 1, 1), date(year + 1, 1, 1)
    begin, end = (timezone.make_aware(datetime.combine(day, time.min)) for day in (first, after))
    return {"first": first, "last": date(year, 12, 31), "begin": begin, "end": end}


def flows(year: int) -> Flows:
    """Figures of the year by group, and the median of all under `ALL`; four queries."""
    found: dict[Group, dict[str, int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(FIGURES, year_params(year))
        for support, round_, kind, figure, value in cursor.fetchall():
            if value is not None:
                found.setdefault(_group(support, round_, kind), {})[figure] = value
        cursor.execute(APPLIED, _applied_params(year))
        for support, round_, kind, cents in cursor.fetchall():
            if cents:
                found.setdefault(_group(support, round_, kind), {})["applied_cents"] = cents
    return found


def _group(support: str | None, round_: str | None, kind: str | None) -> Group:
    return Group(support or "", round_ or "", kind or "")


def _applied_params(year: int) -> dict[str, list[Any]]:
    """Applications that the year's figures count, with the kinds of amounts each gets; two queries."""
    span = year_params(year)
    sent = Application.objects.counted().filter(
        submitted_at__gte=span["begin"], submitted_at__lt=span["end"]
    )
    applications = sent.select_related("round", "applicant__county").prefetch_related(
        "round__amounts"
    )
    pairs = [
        (one.pk, kind) for one in applications for kind in one.round.kinds_paid_to(one.applicant)
    ]
    return {
        "applications": [pk for pk, _kind in pairs],
        "kinds": [kind for _pk, kind in pairs],
        "salaries": [one.pk for one in applications if not one.round.has_list],
    }
