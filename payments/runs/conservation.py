"""Checks before approval, made by the database: the sums (C-35) and the lines' hash (C-36)."""

from __future__ import annotations

from datetime import date

from django.db import connection
from django.utils.translation import gettext as _

from config.lib.money import euros
from config.lib.months import Month
from payments.models import Run
from payments.runs.errors import NotConserved
from payments.runs.inputs import statement
from registry.models import Organisation, Person

# Rows in a fixed order, written as they are exported, hashed in one go.
LINES_HASH = """
SELECT encode(sha256(convert_to(coalesce(string_agg(
    concat_ws(',', l.benefit_month, p.uma_number, o.kind, o.code, l.component, l.kind, l.route,
              l.amount_cents), E'\\n'
    ORDER BY l.benefit_month, p.uma_number, o.kind COLLATE "C", o.code, l.component COLLATE "C"
), ''), 'UTF8')), 'hex')
FROM payments_line l
JOIN registry_person p ON p.id = l.person_id
JOIN registry_organisation o ON o.id = l.payee_id
WHERE l.run_id = %s
"""

PROPOSALS_DIFFER = """
SELECT coalesce((SELECT sum(amount_cents) FROM payments_line WHERE run_id = %(run)s), 0),
       coalesce((SELECT sum(amount_cents) FROM payments_proposal WHERE run_id = %(run)s), 0)
"""

# The sums that pages show, against the lines of the same payee.
SUMS_DIFFER = """
SELECT payee_id, sum(line_cents), sum(stored_cents)
FROM (
    SELECT payee_id, amount_cents AS line_cents, 0 AS stored_cents
    FROM payments_line WHERE run_id = %(run)s
    UNION ALL
    SELECT payee_id, 0, cents FROM payments_payeesum WHERE run_id = %(run)s
    UNION ALL
    SELECT payee_id, 0, cents FROM payments_payeecorrection WHERE run_id = %(run)s
) both_sides
GROUP BY payee_id
HAVING sum(line_cents) <> sum(stored_cents)
ORDER BY payee_id
LIMIT 1
"""


def lines_hash(run: Run) -> str:
    """Hash of the run's lines in their export order; equal lines, equal hash."""
    with connection.cursor() as cursor:
        cursor.execute(LINES_HASH, [run.pk])
        return str(cursor.fetchone()[0])


def check_conservation(run: Run) -> None:
    """Refuse a run whose sums do not add up (C-35). Raises NotConserved in one sentence."""
    ledger = list(Run.objects.approved().values_list("pk", flat=True))
    with connection.cursor() as cursor:
        cursor.execute(PROPOSALS_DIFFER, {"run": run.pk})
        lines, proposals = cursor.fetchone()
        if lines != proposals:
            raise NotConserved(
                _("The proposals sum to {proposals} €, the lines to {lines} €.").format(
                    proposals=euros(int(proposals)), lines=euros(int(lines))
                )
            )
        cursor.execute(
            statement("conservation"), {"run": run.pk, "ledger": ledger, "month": run.month}
        )
        broken = cursor.fetchone()
        cursor.execute(SUMS_DIFFER, {"run": run.pk})
        differing = cursor.fetchone()
    if broken is not None:
        raise NotConserved(_sentence(broken))
    if differing is not None:
        raise NotConserved(_sums_sentence(*differing))


def _sums_sentence(payee: int, lines: int, stored: int) -> str:
    return _("The sums shown to {payee} come to {stored} €, the lines to {lines} €.").format(
        payee=Organisation.objects.get(pk=payee),
        stored=euros(int(stored)),
        lines=euros(int(lines)),
    )


def _sentence(row: tuple[int, date, int, str, int, int]) -> str:
    person, month, payee, component, expected, settled = row
    return _(
        "Person {person}, {month}, {payee}, {component}: {settled} € is booked, corrected or "
        "claimable, but {expected} € is expected."
    ).format(
        person=Person.objects.get(pk=person),
        month=Month.of(month),
        payee=Organisation.objects.get(pk=payee),
        component=component,
        expected=euros(int(expected)),
        settled=euros(int(settled)),
    )
