"""Drawing up a batch: orders of what is owed, and a transfer for each that can be paid (P-05)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime

from django.conf import settings
from django.db import connection
from django.db.models import Max, Q
from django.utils.translation import gettext as _

from config.lib.months import Month
from payments.bank.bankfile import references
from payments.bank.banking_days import on_banking_day
from payments.bank.errors import BatchRefused
from payments.bank.models import BankDetails, Batch, PaymentOrder, Transfer
from payments.bank.selectors.unpaid import unpaid_costs, unpaid_supports
from payments.bank.services.ordering import end_to_end_id, is_swedish, orders_create
from payments.models import Run, RunCalendar
from registry.audit.models import Purpose, Verb
from registry.audit.services import attempt
from registry.models import AuthorityName, User

LOCK = 20240601  # of drawing up, so that two at once do not draw the same orders
PAYER = "keha"


def batch_draw_up(month: Month, *, prepared_by: User | None, at: datetime, today: date) -> Batch:
    """Draw up a batch of what waits from approved runs up to the month, and decided supports.

    Payees without bank details are held: their orders stay and are shown. Raises BatchRefused if
    a batch is being prepared already, the month's run is not approved though a support does not
    wait either, or nothing can be paid.
    """
    with attempt(
        BatchRefused,
        verb=Verb.CREATED,
        actor=prepared_by,
        about=Batch,
        case_ref=f"payment {month}",
        purpose=Purpose.COMPENSATION,
    ) as event:
        _refuse_busy(month)
        orders_create(month, at=at)
        ready = list(
            PaymentOrder.objects.ready(today)
            .filter(Q(proposal=None) | Q(proposal__run__month__lte=month.first_day))
            .select_related("payee", "proposal__run", "support__decision", "cost__decision")
            .order_by("proposal__run__month", "payee__kind", "payee__code", "pk")
        )
        if not ready:
            raise BatchRefused(_("Nothing waits to be paid, or its payees have no bank details."))
        batch = _batch(month, ready, prepared_by=prepared_by, at=at, today=today)
        Transfer.objects.bulk_create(_transfers(batch, ready, today))
        event.object_id = str(batch.pk)
    return batch


def _refuse_busy(month: Month) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    if batch := Batch.objects.open().first():
        raise BatchRefused(
            _("Batch {batch} is being prepared: have it approved, or cancel it first.").format(
                batch=batch
            )
        )
    is_approved = Run.objects.approved().filter(month=month.first_day).exists()
    if not is_approved and not unpaid_supports().exists() and not unpaid_costs().exists():
        raise BatchRefused(_("The run of {month} has not been approved.").format(month=month))


def _batch(
    month: Month,
    orders: Sequence[PaymentOrder],
    *,
    prepared_by: User | None,
    at: datetime,
    today: date,
) -> Batch:
    last = Batch.objects.filter(month=month.first_day).aggregate(last=Max("number"))["last"]
    number = (last or 0) + 1
    payer = AuthorityName.objects.in_force(today).get(authority__code=PAYER)
    return Batch.objects.create(
        month=month.first_day,
        number=number,
        message_id=references.message_id(month, number),
        due_day=_due_day(month, today),
        debtor_name=payer.name_fi,
        debtor_iban=settings.BANK_DEBTOR_IBAN,
        debtor_bic=settings.BANK_DEBTOR_BIC,
        count=len(orders),
        sum_cents=sum(order.amount_cents for order in orders),
        created_at=at,
        prepared_by=prepared_by,
    )


def _due_day(month: Month, today: date) -> date:
    """The day the month is paid by the calendar, or the next banking day, never before today."""
    calendar = RunCalendar.objects.in_force(month.first_day).first()
    if calendar is None:
        raise BatchRefused(_("No calendar of runs says when {month} is paid.").format(month=month))
    return on_banking_day(max(calendar.paid_on(month), today))


def _transfers(batch: Batch, orders: Sequence[PaymentOrder], today: date) -> list[Transfer]:
    """An attempt for each order, with the details as approved now copied on it."""
    details = {
        row.payee_id: row
        for row in BankDetails.objects.in_force(today).filter(
            payee__in=[order.payee_id for order in orders]
        )
    }
    attempts = Counter(Transfer.objects.filter(order__in=orders).values_list("order_id", flat=True))
    return [
        _transfer(batch, order, details[order.payee_id], attempts[order.pk] + 1) for order in orders
    ]


def _transfer(batch: Batch, order: PaymentOrder, details: BankDetails, attempt: int) -> Transfer:
    return Transfer(
        batch=batch,
        order=order,
        attempt=attempt,
        end_to_end_id=end_to_end_id(order, attempt),
        amount_cents=order.amount_cents,
        details=details,
        name=(order.payee.name_sv if is_swedish(order.payee) else order.payee.name_fi)[:70],
        business_id=details.business_id,
        iban=details.iban,
        bic=details.bic,
    )
