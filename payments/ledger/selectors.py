"""Whose lines a payee's sums gather."""

from __future__ import annotations

from django.db import connection

from payments.ledger.models import Proposal

# Payees whose lines a proposal gathers: the payee, and those it has succeeded by the day (C-33).
PREDECESSORS = """
SELECT organisation_id FROM registry_succession
WHERE payee_id = %s AND %s BETWEEN from_day AND to_day
"""


def payees_of(proposal: Proposal) -> list[int]:
    """Ids of the payees whose lines the proposal pays (C-33); one query."""
    with connection.cursor() as cursor:
        cursor.execute(PREDECESSORS, [proposal.payee_id, proposal.run.month])
        return [payee for (payee,) in cursor.fetchall()]
