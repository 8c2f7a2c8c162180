"""Drawing up a batch: orders of approved runs, and a transfer for each that can be paid (P-05)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime

from django.conf import settings
from django.db import connection
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import override

from config.lib.months import Month
from payments.bank.bankfile import references
from payments.bank.banking_days import on_banking_day
from payments.bank.errors import BatchRefused
from payments.bank.models import BankDetails, Batch, PaymentOrder, Transfer
from payments.bank.selectors.batches import left_to_order
from payments.models import Proposal, Run, RunCalendar
from registry.audit.models import Purpose, Verb
from registry.audit.services import attempt
from registry.models import AuthorityName, Organisation, User
from registry.organisations.models import Language

LOCK = 20240601  # of drawing up, so that two at once do not draw the same orders
PAYER = "keha"
SWEDISH = (Language.SWEDISH, Language.BILINGUAL_SWEDISH)


def batch_draw_up(month: Month, *, prepared_by: User | None, at: datetime, today: date) -> Batch:
    """Draw up a batch of everything that waits from approved runs up to the month.

    Payees without bank details are held: their orders stay and are shown. Raises BatchRefused if
    a batch is being prepared already, the month's run is not approved, or nothing can be paid.
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
            .filter(proposal__run__month__lte=month.first_day)
            .select_related("payee", "proposal__run")
            .order_by("proposal__run__month", "payee__kind", "payee__code")
        )
        if not ready:
            raise BatchRefused(_("Nothing waits to be paid, or its payees have no bank details."))
        batch = _batch(month, ready, prepared_by=prepared_by, at=at, today=today)
        Transfer.objects.bulk_create(_transfers(batch, ready, today))
        event.object_id = str(batch.pk)
    return batch


def orders_create(month: Month, *, at: datetime) -> int:
    """Make the orders that approved runs up to the month still lack; return their number.

    One a proposal of which something is left to pay after its set-offs, whatever happens at once
    (unique key); zero and below get none (C-34).
    """
    cents = left_to_order(month)
    proposals = Proposal.objects.filter(pk__in=cents).select_related("run", "payee")
    orders = [_order(proposal, cents[proposal.pk], at) for proposal in proposals.order_by("pk")]
    PaymentOrder.objects.bulk_create(orders)
    return len(orders)


def _refuse_busy(month: Month) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    if batch := Batch.objects.open().first():
        raise BatchRefused(
            _("Batch {batch} is being prepared: have it approved, or cancel it first.").format(
                batch=batch
            )
        )
    if not Run.objects.approved().filter(month=month.first_day).exists():
        raise BatchRefused(_("The run of {month} has not been approved.").format(month=month))


def _order(proposal: Proposal, cents: int, at: datetime) -> PaymentOrder:
    month = Month.of(proposal.run.month)
    return PaymentOrder(
        proposal=proposal,
        payee=proposal.payee,
        amount_cents=cents,
        reference=references.reference(month, proposal.payee),
        text=_text(month, proposal.payee),
        created_at=at,
    )


def _text(month: Month, payee: Organisation) -> str:
    """What the payee reads beside the reference, in its own language."""
    with override("sv" if payee.language in SWEDISH else "fi"):
        return _("Calculated compensation {month}").format(month=f"{month.number}/{month.year}")


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
    month = Month.of(order.proposal.run.month)
    return Transfer(
        batch=batch,
        order=order,
        attempt=attempt,
        end_to_end_id=references.end_to_end_id(month, order.payee, attempt),
        amount_cents=order.amount_cents,
        details=details,
        name=(order.payee.name_sv if order.payee.language in SWEDISH else order.payee.name_fi)[:70],
        business_id=details.business_id,
        iban=details.iban,
        bic=details.bic,
    )
