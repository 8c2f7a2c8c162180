"""Checks before approval, made by the database: the sums (C-35) and the lines' hash (C-36)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from config.lib.money import euros
from config.lib.months import Month
from payments.models import Run
from payments.runs.errors import NotConserved
from payments.runs.inputs import statement
from registry.models import Organisation, Person
from registry.people.secrecy import non_disclosed

# In the order of their key: the register's own ids, which need neither joins nor texts compared.
LINES_HASH = """
SELECT encode(sha256(convert_to(coalesce(string_agg(
    concat_ws(',', person_id, benefit_month, payee_id, component, kind, route, amount_cents), E'\\n'
    ORDER BY person_id, benefit_month, payee_id, component
), ''), 'UTF8')), 'hex')
FROM payments_line
WHERE run_id = %s
"""

PROPOSALS_DIFFER = """
SELECT lines, proposals
FROM (SELECT coalesce(sum(amount_cents), 0) AS lines
      FROM payments_line WHERE run_id = %(run)s) l
CROSS JOIN (SELECT coalesce(sum(amount_cents), 0) AS proposals
            FROM payments_proposal WHERE run_id = %(run)s) p
WHERE lines <> proposals
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

# The steps from last month's total, against what the payee is paid.
STEPS_DIFFER = """
SELECT payee_id, sum(payable_cents), sum(step_cents)
FROM (
    SELECT payee_id, payable_cents, 0 AS step_cents FROM payments_proposal WHERE run_id = %(run)s
    UNION ALL
    SELECT payee_id, 0, cents FROM payments_runchange
    WHERE run_id = %(run)s AND payee_id IS NOT NULL AND kind <> 'stayed'
) both_sides
GROUP BY payee_id
HAVING sum(payable_cents) <> sum(step_cents)
ORDER BY payee_id
LIMIT 1
"""


def lines_hash(run: Run) -> str:
    """Hash of the run's lines in the order of their key; equal lines, equal hash."""
    with connection.cursor() as cursor:
        cursor.execute(LINES_HASH, [run.pk])
        return str(cursor.fetchone()[0])


def check_conservation(run: Run) -> None:
    """Refuse a run whose sums do not add up (C-35). Raises NotConserved in one sentence."""
    ledger = list(Run.objects.approved().values_list("pk", flat=True))
    params: dict[str, Any] = {"run": run.pk, "ledger": ledger, "month": run.month}
    checks: tuple[tuple[str, Callable[..., str]], ...] = (
        (PROPOSALS_DIFFER, _proposals_sentence),
        (statement("conservation"), _amounts_sentence),
        (SUMS_DIFFER, _sums_sentence),
        (STEPS_DIFFER, _steps_sentence),
    )
    with connection.cursor() as cursor:
        for query, sentence in checks:
            cursor.execute(query, params)
            if broken := cursor.fetchone():
                raise NotConserved(sentence(*broken))


def _proposals_sentence(lines: int, proposals: int) -> str:
    return _("The proposals sum to {proposals} €, the lines to {lines} €: {by} € apart.").format(
        proposals=euros(int(proposals)), lines=euros(int(lines)), by=_apart(lines, proposals)
    )


def _sums_sentence(payee: int, lines: int, stored: int) -> str:
    return _(
        "The sums shown to {payee} come to {stored} €, the lines to {lines} €: {by} € apart."
    ).format(
        payee=Organisation.objects.get(pk=payee),
        stored=euros(int(stored)),
        lines=euros(int(lines)),
        by=_apart(lines, stored),
    )


def _steps_sentence(payee: int, payable: int, steps: int) -> str:
    return _(
        "The steps from last month lead {payee} to {steps} €, but {payable} € is payable: {by} € apart."
    ).format(
        payee=Organisation.objects.get(pk=payee),
        steps=euros(int(steps)),
        payable=euros(int(payable)),
        by=_apart(payable, steps),
    )


def _amounts_sentence(person: int, month: date, payee: int, component: str, *figures: int) -> str:
    expected, settled, number, by = map(int, figures)
    secret = person in non_disclosed([person])  # P-11: their payee is not told here
    return ngettext(
        "{number} amount does not add up, by {by} €: person {person}, {month}, {payee}, "
        "{component}: {settled} € is booked, corrected or claimable, but {expected} € is expected.",
        "{number} amounts do not add up, by {by} € together; the first: person {person}, {month}, "
        "{payee}, {component}: {settled} € is booked, corrected or claimable, but {expected} € is "
        "expected.",
        number,
    ).format(
        number=number,
        by=euros(by),
        person=Person.objects.get(pk=person),
        month=Month.of(month),
        payee=_("non-disclosure") if secret else Organisation.objects.get(pk=payee),
        component=component,
        expected=euros(expected),
        settled=euros(settled),
    )


def _apart(one: int, other: int) -> Decimal:
    return euros(abs(int(one) - int(other)))
