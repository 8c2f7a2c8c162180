"""The tables of the compensation view as files: exactly what the pages show."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from django.utils.translation import gettext as _

from config.lib.money import euros
from config.lib.months import Month
from config.lib.xlsx import Sheet
from payments.compensation.persons import ListedPerson
from payments.compensation.selectors import MonthPage, MonthRow
from payments.ledger.secrecy import Unnamed


def months_sheet(rows: Sequence[MonthRow]) -> Sheet:
    """The months of the front page."""
    header = [
        _("Month"), _("Payee"), _("Persons"), _("Base, €"), _("Adult component, €"),
        _("Corrections, €"), _("Sum, €"),
    ]  # fmt: skip
    return Sheet(_("Months"), header, map(_month_row, rows))


def _month_row(row: MonthRow) -> list[object]:
    proposal = row.proposal
    cents = (row.base_cents, row.adult_cents, proposal.correction_cents, proposal.amount_cents)
    return [Month.of(row.month), proposal.payee.name, proposal.persons, *map(euros, cents)]


def age_groups_sheet(page: MonthPage) -> Sheet:
    """One month by component and age group."""
    header = [_("Component"), _("Age group"), _("Persons"), _("A month, €"), _("Sum, €")]
    rows = [
        [
            row.rate.get_component_display(),
            row.rate.ages,
            row.persons,
            euros(row.rate.monthly_cents),
            euros(row.cents),
        ]
        for row in page.rates
    ]
    return Sheet(_("By age group"), header, rows)


def grounds_sheet(page: MonthPage) -> Sheet:
    """One month by the ground of the permit."""
    header = [
        _("Ground"), _("Name"), _("Persons"), _("Base, €"), _("Adult component, €"), _("Sum, €"),
    ]  # fmt: skip
    rows = [
        [
            row.ground.code,
            row.ground.name,
            row.persons,
            *map(euros, (row.base_cents, row.adult_cents, row.cents)),
        ]
        for row in page.grounds
    ]
    return Sheet(_("By ground"), header, rows)


def corrections_sheet(page: MonthPage) -> Sheet:
    """What the month corrects of earlier ones."""
    header = [
        _("Original month"), _("Payee"), _("Cause"), _("Persons"), _("Added, €"), _("Removed, €"),
        _("Sum, €"),
    ]  # fmt: skip
    rows = [
        [
            Month.of(row.benefit_month),
            row.payee.name,
            row.get_cause_display(),
            row.persons,
            *map(euros, (row.added_cents, row.removed_cents, row.cents)),
        ]
        for row in page.corrections
    ]
    return Sheet(_("Corrections"), header, rows)


def claimable_sheet(page: MonthPage) -> Sheet:
    """Months that the payee may apply for."""
    header = [_("Month"), _("Persons"), _("Sum, €"), _("Last day to apply")]
    rows = [
        [Month.of(row.benefit_month), row.persons, euros(row.cents), row.last_day]
        for row in page.claimable
    ]
    return Sheet(_("To apply for"), header, rows)


MONTH_SHEETS = {
    "age-groups": age_groups_sheet,
    "grounds": grounds_sheet,
    "corrections": corrections_sheet,
    "claimable": claimable_sheet,
}


def persons_sheet(persons: Iterable[ListedPerson], unnamed: Unnamed) -> Sheet:
    """The person list: a row for each line, and one for all whom the list does not name."""
    header = [
        _("Name"), _("Birth date"), _("UMA customer number"), _("Non-disclosure"), _("Month"),
        _("Component"), _("Cause of the correction"), _("Sum, €"),
    ]  # fmt: skip
    return Sheet(_("Persons"), header, _person_rows(persons, unnamed), above=[secrecy_mark()])


def _person_rows(persons: Iterable[ListedPerson], unnamed: Unnamed) -> Iterator[Sequence[object]]:
    for person in persons:
        mark = _("non-disclosure") if person.protected else None
        for line in person.lines:
            yield [
                person.name,
                person.details.birth_date,
                person.details.person.uma_number,
                mark,
                Month.of(line.benefit_month),
                line.get_component_display(),
                line.get_cause_display() or None,
                euros(line.amount_cents),
            ]
    if unnamed:
        yield [str(unnamed), *[None] * 4, _("corrections"), None, euros(unnamed.cents)]


def secrecy_mark() -> str:
    """The mark of a list of persons (P-03), in the language of the page."""
    return _("Secret – Openness Act (621/1999) 24.1 § 24 and 32 k")
