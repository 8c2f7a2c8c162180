"""Pages of batches: what waits, a batch and its steps, its file; held payees."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from config.lib.months import Month, NotAMonth
from config.lib.told import step_told
from payments.bank.errors import BankRefused
from payments.bank.models import Batch, BatchStatus
from payments.bank.selectors import batches as selectors
from payments.bank.services import drawing, sending, steps
from registry.access.doors import open_to, visible_or_404
from registry.access.hands import objection
from registry.access.models import Part, Role
from registry.access.requests import SignedInRequest
from registry.access.signin.fresh import fresh_sign_in
from registry.audit.models import Verb
from registry.audit.requests import page_record

PAYERS = (Role.REVIEWER, Role.APPROVER)
# The next step of a batch: the part in it, who takes it, and what the others are told.
NEXT: dict[str, tuple[Part, Role, str | Promise]] = {
    BatchStatus.DRAWN_UP: (
        Part.CHECKED,
        Role.REVIEWER,
        gettext_lazy("A reviewer checks this batch."),
    ),
    BatchStatus.CHECKED: (
        Part.APPROVED,
        Role.APPROVER,
        gettext_lazy("An approver approves this batch."),
    ),
}


@open_to(*PAYERS)
@require_safe
def payment_list(request: SignedInRequest) -> HttpResponse:
    """What waits to be paid or looked at, and the batches, the latest first."""
    context = {
        "waiting": selectors.waiting(timezone.localdate()),
        "batches": Batch.objects.visible_to(request.user).defer("document"),
        "failed": selectors.transfers_to_review(),
        "may_draw_up": request.user.access.has(Role.REVIEWER),
    }
    return render(request, "payments/bank/list.html", context)


@open_to(Role.REVIEWER)
@require_POST
def batch_draw_up(request: SignedInRequest) -> HttpResponse:
    """Draw up a batch of everything that waits up to a month."""
    try:
        month = Month.parse(request.POST.get("month", ""))
    except NotAMonth as wrong:
        raise Http404 from wrong
    try:
        batch = drawing.batch_draw_up(
            month, prepared_by=request.user, at=timezone.now(), today=timezone.localdate()
        )
    except BankRefused as refused:
        messages.error(request, str(refused))
        return redirect("payment_list")
    messages.success(request, _("The batch is drawn up. Another person checks it."))
    return redirect("batch_detail", batch.message_id)


@open_to(*PAYERS)
@require_safe
def batch_detail(request: SignedInRequest, message_id: str) -> HttpResponse:
    """One batch: its steps, its transfers and what became of each."""
    batch = _batch(request, message_id)
    context = {
        "batch": batch,
        "transfers": selectors.batch_transfers(batch),
        "objection": _objection(batch, request),
    }
    return render(request, "payments/bank/batch.html", context)


@open_to(*PAYERS)
@require_safe
def batch_file(request: SignedInRequest, message_id: str) -> HttpResponse:
    """The file of an approved batch as it is sent."""
    batch = _batch(request, message_id)
    if batch.document is None:
        raise Http404
    page_record(request, verb=Verb.EXPORTED, about=batch, case_ref=f"batch {batch}")
    response = HttpResponse(bytes(batch.document), content_type="application/xml")
    response["Content-Disposition"] = f'attachment; filename="{batch.message_id}.xml"'
    return response


@open_to(Role.REVIEWER)
@require_POST
@fresh_sign_in(back="batch_detail")
def batch_check(request: SignedInRequest, message_id: str) -> HttpResponse:
    """Check the batch that was drawn up."""
    return _step(
        request,
        message_id,
        lambda batch: steps.batch_check(
            batch.pk, checker=request.user, at=timezone.now(), today=timezone.localdate()
        ),
        done=_("The batch is checked. Another person approves it."),
    )


@open_to(Role.APPROVER)
@require_POST
@fresh_sign_in(back="batch_detail")
def batch_approve(request: SignedInRequest, message_id: str) -> HttpResponse:
    """Approve the checked batch: its file is made and kept."""
    return _step(
        request,
        message_id,
        lambda batch: steps.batch_approve(
            batch.pk, approver=request.user, at=timezone.now(), today=timezone.localdate()
        ),
        done=_("The batch is approved, and its file is ready to send."),
    )


@open_to(*PAYERS)
@require_POST
@fresh_sign_in(back="batch_detail")
def batch_cancel(request: SignedInRequest, message_id: str) -> HttpResponse:
    """Cancel a batch that has not left."""
    return _step(
        request,
        message_id,
        lambda batch: steps.batch_cancel(batch.pk, user=request.user, at=timezone.now()),
        done=_("The batch is cancelled. What it was to pay waits for the next one."),
    )


@open_to(*PAYERS)
@require_POST
@fresh_sign_in(back="batch_detail")
def batch_send(request: SignedInRequest, message_id: str) -> HttpResponse:
    """Send an approved batch to the bank, or finish sending it."""
    return _step(
        request,
        message_id,
        lambda batch: sending.batch_send(batch.pk, user=request.user, at=timezone.now()),
        done=_("The file is with the bank."),
    )


def _step(
    request: SignedInRequest, message_id: str, step: Callable[[Batch], Batch], *, done: str
) -> HttpResponse:
    """Take a step with the batch; tell what came of it."""
    step_told(request, lambda: step(_batch(request, message_id)), BankRefused, done=done)
    return redirect("batch_detail", message_id)


@open_to(*PAYERS)
@require_safe
def payment_held(request: SignedInRequest) -> HttpResponse:
    """Payees that cannot be paid for want of bank details."""
    held = selectors.held_list(timezone.localdate())
    context = {"held": held, "cents": sum(row.cents for row in held)}
    return render(request, "payments/bank/held.html", context)


def _batch(request: SignedInRequest, message_id: str) -> Batch:
    people = ("prepared_by", "checked_by", "approved_by", "cancelled_by")
    return visible_or_404(request, Batch, *people, message_id=message_id)


def _objection(batch: Batch, request: SignedInRequest) -> str | None:
    """Why this reader cannot take the next step, if they cannot."""
    if batch.status not in NEXT:
        return None
    part, role, others = NEXT[batch.status]
    if not request.user.access.has(role):
        return str(others)
    return objection(batch, request.user, part)
