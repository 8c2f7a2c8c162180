"""Applications and manual cases whose retention has ended on a day, and what holds them (P-14)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Matter(TextChoices):
    """What became of a matter: it says how long it is kept, and from when."""

    DRAFT = "draft", _("drafts of applications for supports: 12 months from the last change")
    VOID = "void", _("applications for supports withdrawn or replaced: 5 years from that")
    REFUSED = "refused", _("applications for supports refused: 5 years from the decision")
    GRANTED = "granted", _("applications for supports granted: 10 years from the last payment")
    MANUAL_REFUSED = "manual_refused", _("manual cases refused: 5 years from the decision")
    MANUAL_GRANTED = "manual_granted", _("manual cases granted: 10 years from the last payment")


ARCHIVED = frozenset({Matter.GRANTED, Matter.MANUAL_GRANTED})  # the rest is destroyed


class Hold(TextChoices):
    """What keeps a matter whose time has come."""

    CLAIM = "claim", _("open rectification claim")
    RECOVERY = "recovery", _("open recovery")
    LEGAL = "legal", _("hold by hand")


# Every matter with the last day it is kept, where it has one: what is being handled has none, nor has
# what was granted and not paid yet. A term that began on a leap day ends on the 28th.
APPLICATIONS = """
WITH matters AS (
    SELECT a.id, a.year, a.serial, d.contested, r.recovered,
           CASE
               WHEN a.submitted_at IS NULL AND a.status IN ('draft', 'withdrawn') THEN 'draft'
               WHEN d.cents > 0 THEN 'granted'
               WHEN d.decided_on IS NOT NULL THEN 'refused'
               WHEN a.status IN ('withdrawn', 'replaced') THEN 'void'
           END AS what,
           coalesce(a.saved_at, a.created_at)::date AS touched_on,
           d.decided_on, v.left_on,
           -- Of a salary grant costs may be claimed until it is closed.
           CASE WHEN a.support <> 'palkka' OR v.closed_on IS NOT NULL
                THEN greatest(p.paid_on, v.closed_on) END AS paid_on
    FROM grants_application a
    LEFT JOIN LATERAL (
        SELECT sum(s.difference_cents) AS cents, max(s.decided_at)::date AS decided_on,
               bool_or(EXISTS (
                   SELECT FROM grants_rectificationclaim c WHERE c.contested_id = s.id
                   AND NOT EXISTS (SELECT FROM grants_supportproposal n
                                   WHERE n.claim_id = c.id AND n.status = 'decided')
               )) AS contested
        FROM grants_supportproposal s WHERE s.application_id = a.id AND s.status = 'decided'
    ) d ON true
    LEFT JOIN LATERAL (
        SELECT max(t.paid_on) AS paid_on
        FROM payments_paymentorder o
        JOIN payments_transfer t ON t.order_id = o.id AND t.status = 'paid'
        WHERE o.support_id IN (SELECT id FROM grants_supportproposal WHERE application_id = a.id)
           OR o.cost_id IN (SELECT id FROM grants_costclaim WHERE application_id = a.id)
    ) p ON true
    LEFT JOIN LATERAL (
        SELECT max(t.at) FILTER (WHERE t.deed <> 'closed')::date AS left_on,
               max(t.at) FILTER (WHERE t.deed = 'closed')::date AS closed_on
        FROM grants_applicationstep t
        WHERE t.application_id = a.id AND t.deed IN ('withdrawn', 'replaced', 'closed')
    ) v ON true
    LEFT JOIN LATERAL (
        SELECT true AS recovered FROM payments_recoverycase c
        WHERE c.application_id = a.id AND c.status <> 'closed' LIMIT 1
    ) r ON true
),
kept AS (
    SELECT *, (CASE what
        WHEN 'draft' THEN touched_on + interval '12 months'
        WHEN 'void' THEN left_on + interval '5 years'
        WHEN 'refused' THEN decided_on + interval '5 years'
        WHEN 'granted' THEN paid_on + interval '10 years'
    END)::date AS kept_until
    FROM matters
)
SELECT what, coalesce('HAK/' || serial || '/' || year, '#' || id), kept_until,
       array_remove(ARRAY[CASE WHEN contested THEN 'claim' END,
                          CASE WHEN recovered THEN 'recovery' END,
                          CASE WHEN EXISTS (
                              SELECT FROM payments_legalhold h
                              WHERE h.application_id = kept.id AND h.lifted_on IS NULL
                          ) THEN 'legal' END], NULL)
FROM kept WHERE kept_until < %(day)s
ORDER BY kept_until, id
"""

# A manual case is paid by the run that settled its months: by the payee's order, or, where the sum
# of the month left nothing to order, with the run's approval.
MANUAL = """
WITH matters AS (
    SELECT p.id, d.decided_on, m.granted, m.settled, m.paid_on, m.recovered
    FROM payments_manualproposal p
    JOIN LATERAL (
        SELECT max(n.decided_on) AS decided_on
        FROM payments_manualdecision i JOIN registry_decision n ON n.id = i.decision_id
        WHERE i.proposal_id = p.id
    ) d ON true
    LEFT JOIN LATERAL (
        SELECT bool_or(o.verdict = 'granted') AS granted,
               bool_and(r.status = 'approved') FILTER (WHERE o.verdict = 'granted') AS settled,
               max(coalesce(t.paid_on, r.approved_at::date)) AS paid_on,
               bool_or(rc.id IS NOT NULL) AS recovered
        FROM payments_manualcase c
        JOIN payments_manualmonth o ON o.case_id = c.id
        LEFT JOIN payments_run r ON r.id = o.settled_by_id
        LEFT JOIN payments_proposal s ON s.run_id = r.id AND s.payee_id = o.payee_id
        LEFT JOIN payments_recoverycase rc ON rc.proposal_id = s.id AND rc.status <> 'closed'
        LEFT JOIN payments_paymentorder po ON po.proposal_id = s.id
        LEFT JOIN payments_transfer t ON t.order_id = po.id AND t.status = 'paid'
        WHERE c.proposal_id = p.id
    ) m ON true
    WHERE p.status = 'decided'
),
kept AS (
    SELECT *, (CASE WHEN NOT coalesce(granted, false) THEN decided_on + interval '5 years'
                    WHEN settled THEN paid_on + interval '10 years' END)::date AS kept_until
    FROM matters
)
SELECT CASE WHEN granted THEN 'manual_granted' ELSE 'manual_refused' END, '#' || id, kept_until,
       array_remove(ARRAY[CASE WHEN EXISTS (
                              SELECT FROM payments_manualrectification c
                              JOIN payments_manualdecision e ON e.decision_id = c.contested_id
                              JOIN payments_manualproposal n ON n.id = c.proposal_id
                              WHERE e.proposal_id = kept.id
                                AND n.status NOT IN ('decided', 'withdrawn')
                          ) THEN 'claim' END,
                          CASE WHEN recovered THEN 'recovery' END,
                          CASE WHEN EXISTS (
                              SELECT FROM payments_legalhold h
                              WHERE h.manual_id = kept.id AND h.lifted_on IS NULL
                          ) THEN 'legal' END], NULL)
FROM kept WHERE kept_until < %(day)s
ORDER BY kept_until, id
"""


@dataclass(frozen=True)
class Ended:
    """A matter whose retention has ended: what it is, its number, its last day, what holds it."""

    what: Matter
    number: str
    kept_until: date
    holds: tuple[Hold, ...]


@dataclass(frozen=True)
class MattersEnding:
    """Matters of one kind whose time has come, and those of them that a hold keeps."""

    what: Matter
    ended: int
    held: int

    @property
    def left(self) -> int:
        """How many are destroyed, or archived."""
        return self.ended - self.held

    @property
    def is_archived(self) -> bool:
        """Whether documents and metadata go to an archive package; destroyed otherwise."""
        return self.what in ARCHIVED


def matters_ended(day: date) -> list[Ended]:
    """Applications and manual cases whose last day is before the day, the earliest first; two queries."""
    found = []
    with connection.cursor() as cursor:
        for statement in (APPLICATIONS, MANUAL):
            cursor.execute(statement, {"day": day})
            found += [_ended(*row) for row in cursor.fetchall()]
    return sorted(found, key=lambda one: (one.kept_until, one.number))


def _ended(what: str, number: str, kept_until: date, holds: list[str]) -> Ended:
    return Ended(Matter(what), number, kept_until, tuple(map(Hold, holds)))


def matters_by_kind(ended: list[Ended]) -> list[MattersEnding]:
    """How many matters of each kind have ended."""
    all_, held = Counter(one.what for one in ended), Counter(one.what for one in ended if one.holds)
    return [MattersEnding(what, all_[what], held[what]) for what in Matter]
