"""Importing former payments: reconciled with control totals, approved by another (P-01, P-08)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import date, datetime
from hashlib import sha256

from django.utils import timezone
from django.utils.translation import gettext as _

from config.lib.months import Month
from payments.former.errors import Difference, FormerRefused, RowFault
from payments.former.models import FormerImport, FormerPayment, FormerStatus
from payments.former.reading import key_of, payments_read
from payments.runs.models import Run
from registry.access.hands import objection
from registry.access.models import Part, User
from registry.audit.models import AuditEvent, Purpose, Verb
from registry.audit.services import attempt
from registry.models import Organisation

Totals = Mapping[tuple[str, int], int]  # cents by payee's code and year


def former_import(content: bytes, controls: Totals, *, by: User, at: datetime) -> FormerImport:
    """Keep the payments of a workbook, to be approved by another.

    Raises FormerRefused, and keeps nothing, if a row cannot be taken, if the same file or payment
    was imported before, or if the sums by payee and year do not come to the control totals.
    """
    with attempt(
        FormerRefused,
        verb=Verb.IMPORTED,
        actor=by,
        about=FormerImport,
        purpose=Purpose.COMPENSATION,
    ) as event:
        if reason := objection(FormerImport(), by, Part.PROPOSED):
            raise FormerRefused(reason)
        digest = sha256(content).hexdigest()
        live = FormerImport.objects.exclude(status=FormerStatus.REFUSED)
        if live.filter(sha256=digest).exists():
            raise FormerRefused(_("This file has been imported already."))
        payments = payments_read(content, first_unpaid=_first_unpaid(timezone.localdate(at)))
        _refuse_known(payments)
        _refuse_unreconciled(payments, controls)
        source = FormerImport.objects.create(
            status=FormerStatus.PROPOSED,
            sha256=digest,
            rows=len(payments),
            cents=sum(payment.amount_cents for payment in payments),
            imported_by=by,
            imported_at=at,
        )
        for payment in payments:
            payment.source = source
        FormerPayment.objects.bulk_create(payments, batch_size=1000)
        event.object_id, event.case_ref = str(source.pk), case_of(source)
        event.persons = sorted({payment.person_id for payment in payments})
        return source


def case_of(source: FormerImport) -> str:
    """What the access log calls the case of an import."""
    return f"former {source.pk}"


def _first_unpaid(today: date) -> date:
    """The month after the last approved run's; before any run, this month."""
    last = Run.objects.approved().order_by("-month").values_list("month", flat=True).first()
    return (Month.of(last) + 1 if last else Month.of(today)).first_day


def _refuse_known(payments: list[FormerPayment]) -> None:
    """Refuse payments that an earlier import has."""
    persons = {payment.person_id for payment in payments}
    earlier = FormerPayment.objects.filter(person__in=persons)
    known = set(map(key_of, earlier.exclude(source__status=FormerStatus.REFUSED)))
    faults = [
        RowFault(payment.line, _("An earlier import has this payment."))
        for payment in payments
        if key_of(payment) in known
    ]
    if faults:
        raise FormerRefused(
            _("Payments were imported before, so nothing of the file was kept."), faults=faults
        )


def _refuse_unreconciled(payments: list[FormerPayment], controls: Totals) -> None:
    cents = totals(payments)
    differences = [
        Difference(*of, cents.get(of, 0), controls.get(of))
        for of in sorted(cents.keys() | controls.keys())
        if cents.get(of, 0) != controls.get(of)
    ]
    if differences:
        raise FormerRefused(
            _("The rows do not come to the control totals, so nothing of the file was kept."),
            differences=differences,
        )


def totals(payments: list[FormerPayment]) -> dict[tuple[str, int], int]:
    """Cents by payee's code and benefit year."""
    codes = dict(
        Organisation.objects.filter(pk__in={p.payee_id for p in payments}).values_list("pk", "code")
    )
    sums: dict[tuple[str, int], int] = defaultdict(int)
    for payment in payments:
        sums[codes[payment.payee_id], payment.benefit_month.year] += payment.amount_cents
    return dict(sums)


def former_approve(import_id: int, *, by: User, at: datetime) -> FormerImport:
    """Approve an import: from now on its payments count as paid. Raises FormerRefused."""
    with _attempted(Verb.APPROVED, by, import_id):
        source = _locked(import_id)
        if reason := barrier(source, by):
            raise FormerRefused(reason)
        source.status, source.approved_by, source.approved_at = FormerStatus.APPROVED, by, at
        source.save(update_fields=["status", "approved_by", "approved_at"])
        return source


def former_refuse(import_id: int, *, by: User, reason: str) -> FormerImport:
    """Refuse an import with a reason: its payments never count. Raises FormerRefused."""
    with _attempted(Verb.RETURNED, by, import_id):
        source = _locked(import_id)
        if not reason.strip():
            raise FormerRefused(_("Say why, in a sentence."))
        source.status, source.refused_because = FormerStatus.REFUSED, reason.strip()
        source.save(update_fields=["status", "refused_because"])
        return source


def barrier(source: FormerImport, by: User) -> str | None:
    """Why the user may not approve the import, in a sentence; None if they may."""
    return objection(source, by, Part.APPROVED)


def _attempted(verb: Verb, by: User, import_id: int) -> AbstractContextManager[AuditEvent]:
    source = FormerImport.objects.get(pk=import_id)
    return attempt(
        FormerRefused,
        verb=verb,
        actor=by,
        about=source,
        case_ref=case_of(source),
        purpose=Purpose.COMPENSATION,
    )


def _locked(import_id: int) -> FormerImport:
    source = FormerImport.objects.select_for_update(of=("self",)).get(pk=import_id)
    if source.status != FormerStatus.PROPOSED:
        raise FormerRefused(
            _("This import is now: {status}. Open it anew.").format(
                status=source.get_status_display()
            )
        )
    return source
