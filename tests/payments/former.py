"""Workbooks of former payments, sent and approved as in service."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from io import BytesIO
from typing import Any

from openpyxl import Workbook

from payments.former.models import FormerImport
from payments.former.reading import COLUMNS
from payments.former.services import former_approve, former_import
from registry.models import Person
from tests.payments.runs import AT
from tests.payments.test_claims import staff

USUAL = {
    "payee_code": "398",
    "benefit_month": "2024-12",
    "component": "base",
    "amount_eur": 171.00,
    "decision_number": "KEHA/77/2024",
    "decided_on": date(2024, 12, 20),
}


def row(uma: str, **values: Any) -> dict[str, Any]:
    """A row of the file, by UMA number."""
    return {"uma_number": uma, **USUAL, **values}


def workbook(rows: Iterable[dict[str, Any]], columns: Iterable[str] = COLUMNS) -> bytes:
    """The rows as a workbook."""
    book, out = Workbook(), BytesIO()
    sheet = book.active
    assert sheet is not None
    sheet.append(list(columns))
    for one in rows:
        sheet.append([one.get(name) for name in columns])
    book.save(out)
    return out.getvalue()


def send(*rows: dict[str, Any], controls: dict[tuple[str, int], int] | None = None):
    """Import the rows with control totals that they come to, unless others are given."""
    if controls is None:
        controls = {}
        for one in rows:
            key = (one["payee_code"], int(str(one["benefit_month"])[:4]))
            controls[key] = controls.get(key, 0) + round(one["amount_eur"] * 100)
    return former_import(workbook(rows), controls, by=staff("reviewer"), at=AT)


def approved(*rows: dict[str, Any]) -> FormerImport:
    """Import the rows, and have another approve them."""
    return former_approve(send(*rows).pk, by=staff("approver"), at=AT)


def former_proposed(person: Person) -> int:
    """The id of an import that waits, with a payment of the person."""
    return send(row(person.uma_number)).pk
