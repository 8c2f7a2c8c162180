"""What should be paid for a benefit month on today's register, with no run and nothing stored."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from django.db import connection, transaction

from config.lib.csvfile import query_to_csv
from config.lib.months import Month
from payments.entitlement import stages
from registry.models import Delivery

# C-02: persons with at least one permit, under whichever of their numbers.
EVERYONE = """
INSERT INTO work
SELECT DISTINCT coalesce(j.person_id, p.person_id), %(day)s::date
FROM registry_permit p LEFT JOIN joined j ON j.number_id = p.person_id
WHERE brought_by_id <= %(known_at)s AND (closed_by_id IS NULL OR closed_by_id > %(known_at)s)
"""

LINES = """
SELECT to_char(e.benefit_month, 'YYYY-MM') AS benefit_month, p.uma_number,
       o.kind AS payee_kind, o.code AS payee_code, e.component,
       to_char(e.amount_cents / 100.0, 'FM999999990.00') AS amount_eur
FROM expected e
JOIN registry_person p ON p.id = e.person_id
JOIN registry_organisation o ON o.id = e.payee_id
ORDER BY 1, p.uma_number, o.kind COLLATE "C", o.code, e.component COLLATE "C"
"""

UNPAID = """
SELECT to_char(a.benefit_month, 'YYYY-MM') AS benefit_month, p.uma_number,
       CASE WHEN a.outcome = 'paid' THEN 'municipality_without_agreement'
            ELSE a.outcome END AS reason
FROM assessment a
JOIN registry_person p ON p.id = a.person_id
WHERE a.outcome <> 'paid' OR a.without_agreement
ORDER BY 1, p.uma_number
"""


TOTALS = """
SELECT (SELECT count(*) FROM assessment WHERE outcome = 'paid'), (SELECT count(*) FROM assessment),
       (SELECT count(*) FROM expected), (SELECT coalesce(sum(amount_cents), 0) FROM expected)
"""


class Assessed(NamedTuple):
    """A month assessed: persons paid and assessed, lines, their sum in cents."""

    paid: int
    assessed: int
    lines: int
    amount_cents: int


@transaction.atomic
def month_assess(month: Month, *, lines: Path | None, unpaid: Path | None) -> Assessed:
    """Assess everyone for a month; write the expected lines and the reasons as CSV files.

    A file that is None is not written.
    """
    latest = Delivery.objects.order_by("pk").last()
    known_at = latest.pk if latest else 0
    with connection.cursor() as cursor:
        stages.begin(cursor)
        stages.know_links(cursor)
        stages.know_allocations(cursor)
        cursor.execute(EVERYONE, {"day": month.first_day, "known_at": known_at})
        stages.run(cursor, known_at=known_at)
        for query, path in ((LINES, lines), (UNPAID, unpaid)):
            if path is not None:
                query_to_csv(cursor, query, {}, path)
        cursor.execute(TOTALS)
        return Assessed(*map(int, cursor.fetchone()))
