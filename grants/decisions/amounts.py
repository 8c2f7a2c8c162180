"""What rows come to at the round's amounts, in sets (G-01, G-07, G-08)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import connection

from grants.applications.models import Application
from grants.decisions.models import SupportProposal

# Each marked row for each kind of amount that the applicant gets; age in full years at the move-in
# (G-07). A row accepted without an amount for its age would be lost: the join is outer, and the
# constraint refuses it.
ROWS = """
    SELECT r.id AS row_id, k.kind, m.accepted, m.phrase_id, a.id AS amount_id,
           (a.amount_eur * 100)::integer AS cents,
           r.uma_number, r.unhcr_number, r.person_id
    FROM grants_listrow r
    JOIN grants_personlist l ON l.id = r.list_id AND l.is_current
    JOIN grants_rowmark m ON m.row_id = r.id
    CROSS JOIN unnest(%(kinds)s::text[]) AS k (kind)
    LEFT JOIN grants_roundamount a
      ON m.accepted AND a.round_id = %(round)s AND a.applicant_kind = k.kind
     AND extract(year FROM age(r.moved_in, r.birth_date))
         BETWEEN a.min_age AND coalesce(a.max_age, 1000)
    WHERE l.application_id = %(application)s AND NOT r.is_removed
"""
STORE = f"""
INSERT INTO grants_proposedrow (proposal_id, row_id, recipient_kind, support, uma_number,
    unhcr_number, person_id, accepted, phrase_id, amount_id, amount_cents, is_granted)
SELECT %(proposal)s, row_id, kind, %(support)s, uma_number, unhcr_number, person_id, accepted,
       phrase_id, amount_id, coalesce(cents, 0), false
FROM ({ROWS}) marked
"""
SUMS = f"""
SELECT count(DISTINCT row_id) FILTER (WHERE accepted),
       count(DISTINCT row_id) FILTER (WHERE NOT accepted),
       coalesce(sum(cents), 0)::bigint
FROM ({ROWS}) marked
"""


@dataclass(frozen=True)
class RunningSum:
    """Rows accepted and refused so far, and what the accepted ones come to in cents."""

    accepted: int
    refused: int
    cents: int


def running_sum(application: Application) -> RunningSum:
    """What the marks come to now; two queries."""
    with connection.cursor() as cursor:
        cursor.execute(SUMS, _params(application))
        return RunningSum(*cursor.fetchone())


def rows_store(proposal: SupportProposal) -> None:
    """Copy the marks of the application's rows into a proposal, with their amounts; two queries."""
    application = proposal.application
    params: dict[str, Any] = {
        "proposal": proposal.pk,
        "support": application.support,
        **_params(application),
    }
    with connection.cursor() as cursor:
        cursor.execute(STORE, params)


def _params(application: Application) -> dict[str, Any]:
    return {
        "application": application.pk,
        "round": application.round_id,
        "kinds": application.round.kinds_paid_to(application.applicant),
    }
