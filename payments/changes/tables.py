"""The tables of these pages as they are downloaded."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from config.lib.downloads import decimal_comma
from payments.changes.groups import GroupTable
from payments.changes.models import Change
from payments.changes.selectors import PayeeSteps

Table = tuple[list[str], list[list[object]]]


def changes_table(kinds: Sequence[Change], payees: Iterable[PayeeSteps]) -> Table:
    """Every payee's steps; amounts in EUR."""
    header = [
        _("Kind"), _("Code"), _("Payee"), _("Last month, €"),
        *(f"{kind.label}, €" for kind in kinds), _("Payable, €"),
    ]  # fmt: skip
    return header, [
        [
            row.payee.get_kind_display(),
            row.payee.code,
            row.payee.name,
            decimal_comma(row.last_cents),
            *(decimal_comma(cents) for cents in row.cents),
            decimal_comma(row.payable_cents),
        ]
        for row in payees
    ]


def groups_table(tables: Iterable[GroupTable]) -> Table:
    """The tables of groups, one below the other; amounts in EUR."""
    header = [
        _("Table"), _("Group"), _("Persons"), _("With the adult component"), _("This month, €"),
        _("Persons last month"), _("Last month, €"),
    ]  # fmt: skip
    return header, [
        [
            table.caption, row.label, row.persons, row.adults, decimal_comma(row.cents),
            row.last_persons, decimal_comma(row.last_cents),
        ]
        for table in tables
        for row in table.rows
    ]  # fmt: skip
