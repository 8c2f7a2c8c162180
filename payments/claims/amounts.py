"""What claims come to, by the same stages of the law that the run will use (C-32)."""

from __future__ import annotations

from django.db import connection, transaction
from django.db.models import QuerySet, Sum

from payments.claims.models import Claim
from payments.entitlement import stages
from registry.models import Delivery

ASKED = """
INSERT INTO work SELECT DISTINCT person_id, benefit_month FROM payments_claim WHERE id = ANY (%s);
"""
ROUTES = """
INSERT INTO booked_route
SELECT person_id, benefit_month, payee_id, route FROM payments_claim WHERE id = ANY (%s);
"""
DUE = """
UPDATE payments_claim c SET amount_cents = coalesce(due.cents, 0)
FROM payments_claim asked
LEFT JOIN (
    SELECT person_id, benefit_month, payee_id, sum(amount_cents) AS cents
    FROM expected GROUP BY person_id, benefit_month, payee_id
) due USING (person_id, benefit_month, payee_id)
WHERE asked.id = c.id AND c.id = ANY (%s)
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
        stages.know_allocations(cursor)
        cursor.execute(ASKED, [ids])
        cursor.execute(ROUTES, [ids])
        stages.run(cursor, known_at=latest.pk)
        cursor.execute(DUE, [ids])
    return int(claims.aggregate(cents=Sum("amount_cents", default=0))["cents"])
