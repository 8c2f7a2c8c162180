"""What claims come to, by the same stages of the law that the run will use (C-32)."""

from __future__ import annotations

from django.db import connection, transaction
from django.db.models import QuerySet, Sum

from payments.claims.models import Claim
from payments.entitlement import stages
from registry.models import Delivery

# Claims by the number that the person goes on under.
CLAIMED = """
CREATE TEMP TABLE claimed ON COMMIT DROP AS
SELECT c.id, coalesce(j.person_id, c.person_id) AS person_id, c.benefit_month, c.payee_id, c.route
FROM payments_claim c LEFT JOIN joined j ON j.number_id = c.person_id
WHERE c.id = ANY (%s);
INSERT INTO work SELECT DISTINCT person_id, benefit_month FROM claimed;
INSERT INTO booked_route
SELECT person_id, benefit_month, payee_id, max(route) FROM claimed
GROUP BY person_id, benefit_month, payee_id;
"""
# Of one person's several numbers the first claim counts, less what is booked under the others.
DUE = """
UPDATE payments_claim c
SET amount_cents = CASE WHEN asked.is_first THEN greatest(coalesce(due.cents, 0)
                                                          - coalesce(booked.cents, 0), 0)
                        ELSE 0 END
FROM (
    SELECT *, row_number() OVER (PARTITION BY person_id, benefit_month, payee_id ORDER BY id) = 1
           AS is_first
    FROM claimed
) asked
LEFT JOIN (
    SELECT person_id, benefit_month, payee_id, sum(amount_cents) AS cents
    FROM expected GROUP BY person_id, benefit_month, payee_id
) due USING (person_id, benefit_month, payee_id)
LEFT JOIN (
    SELECT own.person_id, l.benefit_month, l.payee_id, sum(l.amount_cents) AS cents
    FROM (SELECT person_id, number_id FROM joined
          UNION SELECT person_id, person_id FROM joined) own
    JOIN payments_line l ON l.person_id = own.number_id
    JOIN payments_run r ON r.id = l.run_id AND r.status = 'approved'
    WHERE own.person_id IN (SELECT person_id FROM claimed)
    GROUP BY own.person_id, l.benefit_month, l.payee_id
) booked USING (person_id, benefit_month, payee_id)
WHERE asked.id = c.id
"""


@transaction.atomic
def amounts_store(claims: QuerySet[Claim]) -> int:
    """Store what each claim comes to on today's register at its route's rates; return their sum.

    The run that settles them has the last word, for it may know more.
    """
    ids = list(claims.values_list("pk", flat=True))
    latest = Delivery.objects.order_by("pk").last()
    if not ids or latest is None:
        return 0
    with connection.cursor() as cursor:
        stages.begin(cursor)
        stages.know_links(cursor)
        stages.know_allocations(cursor)
        cursor.execute("DROP TABLE IF EXISTS pg_temp.claimed")
        cursor.execute(CLAIMED, [ids])
        stages.run(cursor, known_at=latest.pk)
        cursor.execute(DUE)
    return int(claims.aggregate(cents=Sum("amount_cents", default=0))["cents"])
