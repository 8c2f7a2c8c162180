"""The exports of a run as CSV, in the fixed form of the interface (formats: Commands)."""

from __future__ import annotations

from pathlib import Path

from django.db import connection
from django.utils.translation import gettext as _

from config.lib.csvfile import query_to_csv
from config.lib.months import Month
from payments.models import Run
from payments.runs.errors import RunRefused
from registry.audit.models import Purpose, Verb
from registry.audit.services import audit_record

LINES = """
SELECT to_char(r.month, 'YYYY-MM') AS run_month,
       to_char(l.benefit_month, 'YYYY-MM') AS benefit_month, p.uma_number,
       o.kind AS payee_kind, o.code AS payee_code, l.component, l.kind, l.route,
       to_char(l.amount_cents / 100.0, 'FM999999990.00') AS amount_eur
FROM payments_line l
JOIN payments_run r ON r.id = l.run_id
JOIN registry_person p ON p.id = l.person_id
JOIN registry_organisation o ON o.id = l.payee_id
WHERE l.run_id = %(run)s
ORDER BY l.benefit_month, p.uma_number, o.kind COLLATE "C", o.code, l.component COLLATE "C"
"""

UNPAID = """
SELECT to_char(a.benefit_month, 'YYYY-MM') AS benefit_month, p.uma_number,
       CASE WHEN a.outcome = 'paid' THEN 'municipality_without_agreement'
            ELSE a.outcome END AS reason
FROM payments_assessment a
JOIN registry_person p ON p.id = a.person_id
WHERE a.run_id = %(run)s AND a.benefit_month = %(month)s
  AND (a.outcome <> 'paid' OR a.without_agreement)
ORDER BY p.uma_number
"""

PROPOSALS = """
SELECT to_char(r.month, 'YYYY-MM') AS run_month, o.kind AS payee_kind, o.code AS payee_code,
       s.persons, to_char(s.amount_cents / 100.0, 'FM999999999990.00') AS amount_eur,
       to_char(s.payable_cents / 100.0, 'FM999999999990.00') AS payable_eur,
       to_char(s.recovery_cents / 100.0, 'FM999999999990.00') AS recovery_eur
FROM payments_proposal s
JOIN payments_run r ON r.id = s.run_id
JOIN registry_organisation o ON o.id = s.payee_id
WHERE s.run_id = %(run)s
ORDER BY o.kind COLLATE "C", o.code
"""

CLAIMABLE = """
SELECT to_char(c.benefit_month, 'YYYY-MM') AS benefit_month, p.uma_number,
       o.kind AS payee_kind, o.code AS payee_code, c.component,
       to_char(c.amount_cents / 100.0, 'FM999999990.00') AS amount_eur, c.last_day_to_apply
FROM payments_claimableentry c
JOIN payments_run opened ON opened.id = c.opened_by_id
LEFT JOIN payments_run closed ON closed.id = c.closed_by_id
JOIN registry_person p ON p.id = c.person_id
JOIN registry_organisation o ON o.id = c.payee_id
WHERE opened.month <= %(month)s AND (closed.id IS NULL OR closed.month > %(month)s)
  AND c.last_day_to_apply >= %(month)s
ORDER BY c.benefit_month, p.uma_number, o.kind COLLATE "C", o.code, c.component COLLATE "C"
"""


NAMES = {LINES: "lines", UNPAID: "unpaid", PROPOSALS: "proposals", CLAIMABLE: "claimable"}


def run_export(month: Month, query: str, path: Path | None) -> int:
    """Write one of this module's queries for the run of a month; return the number of rows.

    Logged with the run and the table (P-10): the persons are those of the run's own rows, which
    nobody can change; a list of all of them would only repeat it.
    Raises RunRefused if the month has no computed run.
    """
    run = Run.objects.computed().filter(month=month.first_day).first()
    if run is None:
        raise RunRefused(_("{month} has no run. Compute it with run_month.").format(month=month))
    audit_record(
        verb=Verb.EXPORTED,
        actor=None,
        about=run,
        case_ref=f"run {month}",
        purpose=Purpose.COMPENSATION,
        details={"table": NAMES[query]},
    )
    with connection.cursor() as cursor:
        return query_to_csv(cursor, query, {"run": run.pk, "month": run.month}, path)
