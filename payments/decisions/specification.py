"""What a payment decision consists of: the month by group, the corrections by cause (P-02)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from config.lib.money import euros, finnish
from config.lib.months import Month
from config.lib.pdf import pdf_document
from config.lib.xlsx import Sheet, xlsx_workbook
from config.templatetags.finnish import day, month
from payments.decisions.models import RunDecision
from payments.ledger.selectors import payees_of
from payments.models import PayeeCorrection, PayeeSum, RecoveryEntry
from payments.recovery.selectors.set_offs import set_offs_decided
from registry.decisions.models import Decision
from registry.decisions.wording import authority_of

TEMPLATE = "documents/payment_specification.typ"

Cell = str | int | Decimal | Month
Row = list[Cell]


@dataclass(frozen=True)
class Table:
    """A table of the specification; `sums` are its last row."""

    title: str
    header: list[str]
    rows: list[Row]
    sums: Row


def pdf(decision: Decision, at: datetime) -> bytes:
    """The specification as a PDF, in the active language."""
    context = {
        "title": _("Specification of the decision {number}").format(number=decision.number),
        "sender": authority_of(decision),
        "recipient": [decision.recipient.name],
        "reference": decision.number,
        "day": day(decision.decided_on),
        "tables": [
            {
                "title": table.title,
                "columns": _columns(table),
                "rows": [[_said(cell) for cell in row] for row in [*table.rows, table.sums]],
            }
            for table in tables(decision.of_run)
        ],
        "hash": [_("Hash of what was approved"), decision.content_hash],
    }
    return pdf_document(TEMPLATE, context, language=get_language() or "fi", at=at)


def xlsx(decision: Decision, at: datetime) -> bytes:
    """The same as a workbook, a sheet a table."""
    above = _above(decision)
    sheets = [
        Sheet(table.title, table.header, [*table.rows, table.sums], above=above)
        for table in tables(decision.of_run)
    ]
    return xlsx_workbook(*sheets, at=at)


def tables(decided: RunDecision) -> list[Table]:
    """The month by component, age group and ground; corrections by cause; set-offs; five queries."""
    payees = payees_of(decided.proposal)
    run = decided.proposal.run_id
    sums = PayeeSum.objects.filter(run=run, payee__in=payees).select_related("rate", "ground")
    corrections = PayeeCorrection.objects.filter(run=run, payee__in=payees)
    set_offs = set_offs_decided(decided.proposal)
    return [
        _month_table(
            decided.proposal.run.month,
            sums.order_by("-rate__component", "rate__min_age", "ground", "pk"),
        ),
        _correction_table(corrections.order_by("benefit_month", "cause", "pk")),
        *([_set_off_table(set_offs)] if set_offs else []),
    ]


def _set_off_table(entries: list[RecoveryEntry]) -> Table:
    return Table(
        title=_("Set off against recoveries"),
        header=[_("Recovery"), _("Concerns months from"), _("Claimed"), _("Set off")],
        rows=[
            [
                str(entry.case),
                Month.of(entry.case.concerns_from),
                euros(entry.case.claimed_cents),
                euros(-entry.amount_cents),
            ]
            for entry in entries
        ],
        sums=[_("In total"), "", "", euros(-sum(entry.amount_cents for entry in entries))],
    )


def _month_table(first_day: date, rows: Iterable[PayeeSum]) -> Table:
    rows = list(rows)
    return Table(
        title=_("Month {month}").format(month=month(first_day)),
        header=[
            _("Component"), _("Age"), _("Ground"), _("A month and person"), _("Persons"), _("Sum"),
        ],
        rows=[
            [
                row.rate.get_component_display(),
                _age(row.rate.min_age, row.rate.max_age),
                str(row.ground),
                euros(row.rate.monthly_cents),
                row.persons,
                euros(row.cents),
            ]
            for row in rows
        ],
        sums=[_("In total"), "", "", "", "", euros(sum(row.cents for row in rows))],
    )  # fmt: skip


def _correction_table(rows: Iterable[PayeeCorrection]) -> Table:
    rows = list(rows)
    return Table(
        title=_("Corrections"),
        header=[
            _("Original month"), _("Cause"), _("Persons"), _("Added"), _("Taken back"), _("Sum"),
        ],
        rows=[
            [
                Month.of(row.benefit_month),
                str(row.get_cause_display()),
                row.persons,
                euros(row.added_cents),
                euros(row.removed_cents),
                euros(row.cents),
            ]
            for row in rows
        ],
        sums=[_("In total"), "", "", "", "", euros(sum(row.cents for row in rows))],
    )  # fmt: skip


def _age(least: int, most: int | None) -> str:
    """Ages of a rate, as people say them."""
    if most is None:
        return _("from {least}").format(least=least)
    return f"{least}\N{EN DASH}{most}"


def _above(decision: Decision) -> list[str]:
    return [
        f"{authority_of(decision)}, {decision.number}, {day(decision.decided_on)}",
        decision.recipient.name,
        decision.content_hash,
    ]


def _columns(table: Table) -> list[dict[str, str | int]]:
    """Columns of the PDF's table: numbers at the end of their column."""
    kinds = [type(cell) for cell in (table.rows or [table.sums])[0]]
    return [
        {"title": title, "align": "end" if kind in (int, Decimal) else "start"}
        for title, kind in zip(table.header, kinds, strict=True)
    ]


def _said(cell: Cell) -> str:
    if isinstance(cell, Decimal):
        return finnish(int(cell.scaleb(2)))
    return month(cell) if isinstance(cell, Month) else str(cell)
