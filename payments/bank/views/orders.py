"""An order with its history, and looking at a transfer that failed."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from config.lib.told import step_told
from payments.bank.errors import BankRefused
from payments.bank.forms import NoteForm
from payments.bank.models import PaymentOrder
from payments.bank.selectors.batches import order_history
from payments.bank.services import reviewing
from payments.bank.views.batches import PAYERS
from registry.access.doors import open_to, visible_or_404
from registry.access.requests import SignedInRequest


@open_to(*PAYERS)
@require_safe
def order_detail(request: SignedInRequest, order_id: int) -> HttpResponse:
    """One order: what it pays, and each attempt with what the bank said."""
    order = _order(request, order_id)
    context = {"order": order, "transfers": order_history(order), "form": NoteForm()}
    return render(request, "payments/bank/order.html", context)


@open_to(*PAYERS)
@require_POST
def order_release(request: SignedInRequest, order_id: int) -> HttpResponse:
    """Let an order be paid anew, with what was found out about its failure."""
    order, form = _order(request, order_id), NoteForm(request.POST)
    if not form.is_valid():
        context = {"order": order, "transfers": order_history(order), "form": form}
        return render(request, "payments/bank/order.html", context)
    step_told(
        request,
        lambda: reviewing.order_release(
            order.pk, reviewer=request.user, note=form.cleaned_data["note"], at=timezone.now()
        ),
        BankRefused,
        done=_("The next batch pays this order anew."),
    )
    return redirect("order_detail", order_id)


def _order(request: SignedInRequest, order_id: int) -> PaymentOrder:
    of_support = ("support__decision", "support__application")
    related = ("payee", "proposal__run", *of_support, "cost__decision", "cost__application")
    return visible_or_404(request, PaymentOrder, *related, pk=order_id)
