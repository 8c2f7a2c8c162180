"""Reading a workbook of former payments: a dry run of the whole file, every fault at once.

The columns are those of `docs/former-payments.md`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from import_export.fields import Field
from import_export.resources import ModelResource
from import_export.widgets import CharWidget, Widget

from config.lib.admin import Amount, Day, InspectedXLSX
from config.lib.months import Month, NotAMonth
from config.lib.workbooks import WorkbookRefused
from payments.former.errors import FormerRefused, RowFault
from payments.former.models import FormerPayment
from payments.rates.models import Component
from registry.models import Organisation, OrganisationKind, Permit, Person

COLUMNS = (
    "uma_number", "permit_number", "payee_code", "benefit_month", "component", "amount_eur",
    "decision_number", "decided_on",
)  # fmt: skip
HEAD = 1  # the line of the headings
MOST_CENTS = 100_000_00
AS_PEOPLE_WRITE = re.compile(r"(\d{1,2})[/.](\d{4})", re.ASCII)


@dataclass(frozen=True)
class Known:
    """What the rows name: persons by number, holders by permit, payees by code."""

    persons: Mapping[str, int]
    holders: Mapping[str, int]
    payees: Mapping[str, int]
    first_unpaid: date  # the first month that is still a run's own to pay

    def person(self, uma_number: str, permit_number: str) -> int:
        """The person meant by either number, or both. Raises ValueError."""
        if not (uma_number or permit_number):
            raise ValueError(_("Give the UMA customer number or the permit number."))
        by_number, by_permit = self.persons.get(uma_number), self.holders.get(permit_number)
        if uma_number and by_number is None:
            raise ValueError(_("No person in the register has this UMA customer number."))
        if permit_number and by_permit is None:
            raise ValueError(_("No person in the register holds this permit."))
        if by_number and by_permit and by_number != by_permit:
            raise ValueError(_("The UMA customer number and the permit are of two persons."))
        found = by_number or by_permit
        assert found
        return found


class PayeeCode(Widget):
    """A payee by its code: a municipality's three digits, a county's two, or AHS."""

    def __init__(self, known: Known) -> None:
        super().__init__()
        self.known = known

    def clean(self, value: Any, row: Any = None, **options: Any) -> int:
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if isinstance(value, int) and value < 100:  # 91 may be 091 or county 91
            raise ValueError(_("Write the payee's code as text, with its zeros in front."))
        found = self.known.payees.get(str(value or "").strip())
        if found is None:
            raise ValueError(_("There is no payee with this code."))
        return found


class MonthCell(Widget):
    """A month as 2024-01 or 1/2024, or a date of its first day."""

    def __init__(self, known: Known) -> None:
        super().__init__()
        self.known = known

    def clean(self, value: Any, row: Any = None, **options: Any) -> date:
        month = self._read(value)
        if month >= self.known.first_unpaid:
            raise ValueError(
                _("The month has not been paid by a run yet, so it is not a former one.")
            )
        return month

    def _read(self, value: Any) -> date:
        if isinstance(value, datetime):
            value = value.date()
        if isinstance(value, date):
            if value.day != 1:
                raise ValueError(_("Write the month like 1/2025."))
            return value
        text = str(value or "").strip()
        if written := AS_PEOPLE_WRITE.fullmatch(text):
            text = f"{written[2]}-{int(written[1]):02}"
        try:
            return Month.parse(text).first_day
        except NotAMonth:
            raise ValueError(_("Write the month like 1/2025.")) from None


class Cents(CharWidget):
    """An amount in euros with two decimals, as cents; below zero what was taken back."""

    def clean(self, value: Any, row: Any = None, **options: Any) -> int:
        euros = Amount().clean(value)
        if not euros:
            raise ValueError(_("A sum is missing."))
        cents = (euros * 100).quantize(Decimal(1), ROUND_HALF_UP)
        is_exact = abs(cents - euros * 100) < Decimal("0.0001")  # a workbook keeps binary fractions
        if not is_exact or abs(cents) > MOST_CENTS:
            raise ValueError(_("This is no sum in euros and cents for a person's month."))
        return int(cents)


class ComponentCell(CharWidget):
    """base or adult; empty is base."""

    def clean(self, value: Any, row: Any = None, **options: Any) -> str:
        text = str(value or "").strip() or Component.BASE
        if text not in Component.values:
            raise ValueError(_("The component is base or adult."))
        return text


class DecisionDay(Day):
    def clean(self, value: Any, row: Any = None, **options: Any) -> date:
        found = super().clean(value, row, **options)
        if found is None:
            raise ValueError(_("The day of the decision is missing."))
        return found


class DecisionNumber(CharWidget):
    def clean(self, value: Any, row: Any = None, **options: Any) -> str:
        text = str(value or "").strip()
        if not text or len(text) > 60:
            raise ValueError(_("The number of the decision is missing, or too long."))
        return text


class FormerTable(ModelResource):
    """The rows of a file as payments that are not stored."""

    class Meta:
        model = FormerPayment
        fields = (
            "payee",
            "benefit_month",
            "component",
            "amount_cents",
            "decision_number",
            "decided_on",
        )
        import_id_fields = ()
        force_init_instance = True
        use_bulk = True
        skip_diff = True
        store_row_values = False

    def __init__(self, known: Known) -> None:
        super().__init__()
        self.known = known
        self.fields = {
            name: Field(attribute=attribute, column_name=name, widget=widget)
            for name, attribute, widget in (
                ("payee_code", "payee_id", PayeeCode(known)),
                ("benefit_month", "benefit_month", MonthCell(known)),
                ("component", "component", ComponentCell()),
                ("amount_eur", "amount_cents", Cents()),
                ("decision_number", "decision_number", DecisionNumber()),
                ("decided_on", "decided_on", DecisionDay()),
            )
        }

    def get_import_fields(self) -> list[Field]:
        return list(self.fields.values())

    def after_init_instance(self, instance: Any, new: bool, row: Any, **options: Any) -> None:  # noqa: FBT001
        instance.line = options["row_number"] + HEAD

    def validate_instance(
        self,
        instance: Any,
        import_validation_errors: dict[str, Any] | None = None,
        validate_unique: bool = True,  # noqa: FBT001, FBT002
    ) -> None:
        """Say what is wrong with the row in its cells, and with whom it names."""
        if import_validation_errors:
            raise ValidationError(import_validation_errors)

    def before_save_instance(self, instance: Any, row: Any, **options: Any) -> None:
        numbers = (_text(row.get(name)) for name in ("uma_number", "permit_number"))
        try:
            instance.person_id = self.known.person(*numbers)
        except ValueError as unknown:
            raise ValidationError(str(unknown)) from unknown


def _text(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value if value is not None else "").strip()


def payments_read(content: bytes, *, first_unpaid: date) -> list[FormerPayment]:
    """The payments of a workbook, not stored. Raises FormerRefused with every row that is wrong."""
    dataset = _dataset(content)
    missing = [name for name in COLUMNS if name not in (dataset.headers or ())]
    if missing:
        raise FormerRefused(_("Columns are missing: {columns}.").format(columns=", ".join(missing)))
    rows = [row for row in dataset.dict if any(_text(value) for value in row.values())]
    if not rows:
        raise FormerRefused(_("There are no rows in the file."))
    table = FormerTable(_known(rows, first_unpaid))
    result = table.import_data(
        dataset, dry_run=True, use_transactions=False, retain_instance_in_row_result=True
    )
    faults = [
        RowFault(row.number + HEAD, " ".join(row.error.messages)) for row in result.invalid_rows
    ]
    faults += [
        RowFault(row.number + HEAD, _("The row could not be read.")) for row in result.error_rows
    ]
    payments = [row.instance for row in result.rows if row.instance is not None]
    faults += _repeated(payments)
    if faults:
        raise FormerRefused(
            _(
                "Rows cannot be taken, so nothing of the file was kept. Mend them and send it again."
            ),
            faults=sorted(faults, key=lambda fault: fault.line),
        )
    return payments


def _dataset(content: bytes) -> Any:
    try:
        dataset = InspectedXLSX().create_dataset(content)
    except WorkbookRefused as refused:
        raise FormerRefused(
            _(
                "The file is no plain Excel workbook (.xlsx). Copy the rows as values into a new one."
            )
        ) from refused
    while len(dataset) and not any(_text(value) for value in dataset[-1]):
        del dataset[-1]
    return dataset


def _known(rows: Iterable[Mapping[str, Any]], first_unpaid: date) -> Known:
    """Look up what the rows name; three queries."""
    numbers = {_text(row.get("uma_number")) for row in rows} - {""}
    permits = {_text(row.get("permit_number")) for row in rows} - {""}
    payees = Organisation.objects.filter(kind__in=OrganisationKind.values)
    holders = Permit.objects.current().filter(permit_number__in=permits)
    return Known(
        persons=dict(Person.objects.filter(uma_number__in=numbers).values_list("uma_number", "pk")),
        holders=dict(holders.values_list("permit_number", "person")),
        payees=dict(payees.values_list("code", "pk")),
        first_unpaid=first_unpaid,
    )


def _repeated(payments: list[FormerPayment]) -> list[RowFault]:
    """Rows that say the same again: a person's month, payee, component and decision."""
    counted = Counter(map(key_of, payments))
    return [
        RowFault(payment.line, _("Another row has the same person, month, payee and decision."))
        for payment in payments
        if counted[key_of(payment)] > 1
    ]


def key_of(payment: FormerPayment) -> tuple[object, ...]:
    """What a payment is for, and by which decision."""
    return (
        payment.person_id, payment.benefit_month, payment.payee_id, payment.component,
        payment.decision_number,
    )  # fmt: skip
