"""Bank details of many payees from a coordinator's file: all proposed, or none."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date

from django.utils.translation import gettext as _

from payments.bank.errors import DetailsRefused
from payments.bank.services.details import Account
from registry.models import Organisation

COLUMNS = ("payee_kind", "payee_code", "business_id", "iban", "bic", "valid_from", "source")
BYTE_ORDER_MARK = "\ufeff"


def accounts_read(data: bytes) -> dict[Organisation, Account]:
    """The accounts of a CSV file by payee. Raises DetailsRefused with the line of the first fault."""
    payees = {(payee.kind, payee.code): payee for payee in Organisation.objects.all()}
    accounts: dict[Organisation, Account] = {}
    for line, row in _rows(data):
        payee = payees.get((row["payee_kind"], row["payee_code"]))
        if payee is None or payee in accounts:
            raise DetailsRefused(
                _("Line {line}: there is no such payee, or it is there twice.").format(line=line)
            )
        try:
            accounts[payee] = _account(row).checked()
        except DetailsRefused as wrong:
            raise DetailsRefused(
                _("Line {line}: {fault}").format(line=line, fault=wrong)
            ) from wrong
    if not accounts:
        raise DetailsRefused(_("The file has no rows."))
    return accounts


def _rows(data: bytes) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        text = data.decode("utf-8").removeprefix(BYTE_ORDER_MARK)
        rows = csv.DictReader(io.StringIO(text, newline=""), strict=True)
        if missing := set(COLUMNS) - set(rows.fieldnames or ()):
            raise DetailsRefused(
                _("These columns are missing: {columns}.").format(
                    columns=", ".join(sorted(missing))
                )
            )
        for row in rows:
            yield rows.line_num, {name: (row[name] or "").strip() for name in COLUMNS}
    except (UnicodeDecodeError, csv.Error):
        raise DetailsRefused(_("The file is not a CSV file in UTF-8.")) from None


def _account(row: dict[str, str]) -> Account:
    try:
        valid_from = date.fromisoformat(row["valid_from"])
    except ValueError:
        raise DetailsRefused(_("'{text}' is not a day.").format(text=row["valid_from"])) from None
    if not row["source"] or len(row["source"]) > 200:
        raise DetailsRefused(_("The source is missing, or longer than 200 characters."))
    return Account(row["business_id"], row["iban"], row["bic"], valid_from, row["source"])
