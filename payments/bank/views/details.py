"""Bank details of payees: one coordinator proposes a change, another approves or refuses it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from config.lib.told import step_told
from payments.bank.errors import BankRefused
from payments.bank.forms import AccountForm, AccountsForm, RefusalForm
from payments.bank.models import BankDetails
from payments.bank.selectors import details as selectors
from payments.bank.services import details as services
from payments.bank.services.details_file import accounts_read
from registry.access.doors import open_to
from registry.access.models import Role
from registry.access.requests import SignedInRequest
from registry.access.signin.fresh import fresh_sign_in
from registry.models import Organisation

READERS = (Role.COORDINATOR, Role.REVIEWER, Role.APPROVER)


@open_to(*READERS)
@require_safe
def details_list(request: SignedInRequest) -> HttpResponse:
    """Changes that wait for another person, and every payee with its account."""
    return _list_page(request, AccountsForm())


@open_to(Role.COORDINATOR)
@require_POST
@fresh_sign_in(back="details_list")
def details_import(request: SignedInRequest) -> HttpResponse:
    """Propose the accounts of a file, all or none."""
    form = AccountsForm(request.POST, request.FILES)
    if not form.is_valid():
        return _list_page(request, form)
    try:
        accounts = accounts_read(form.cleaned_data["file"].read())
        rows = services.details_propose_all(accounts, proposer=request.user, at=timezone.now())
    except BankRefused as refused:
        form.add_error("file", str(refused))
        return _list_page(request, form)
    messages.success(
        request, _("Proposed: {count}. Another person approves them.").format(count=len(rows))
    )
    return redirect("details_list")


@open_to(*READERS)
@require_safe
def details_payee(request: SignedInRequest, kind: str, code: str) -> HttpResponse:
    """One payee's bank details, now and before."""
    payee = _payee(kind, code)
    return _payee_page(request, payee, AccountForm(), RefusalForm())


@open_to(Role.COORDINATOR)
@require_POST
@fresh_sign_in(back="details_payee")
def details_propose(request: SignedInRequest, kind: str, code: str) -> HttpResponse:
    """Propose an account of a payee."""
    payee, form = _payee(kind, code), AccountForm(request.POST)
    if not form.is_valid():
        return _payee_page(request, payee, form, RefusalForm())
    step_told(
        request,
        lambda: services.details_propose(
            payee, account=form.account(), proposer=request.user, at=timezone.now()
        ),
        BankRefused,
        done=_("The change is proposed. Another person approves it."),
    )
    return redirect("details_payee", kind, code)


@open_to(Role.COORDINATOR)
@require_POST
@fresh_sign_in(back="details_list")
def details_approve(request: SignedInRequest) -> HttpResponse:
    """Approve the changes that were ticked, all or none."""
    ticked = {int(text) for text in request.POST.getlist("change") if text.isdecimal()}
    seen = BankDetails.objects.visible_to(request.user).filter(pk__in=ticked)
    try:
        rows = services.details_approve(
            set(seen.values_list("pk", flat=True)), approver=request.user, at=timezone.now()
        )
    except BankRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Approved: {count}.").format(count=len(rows)))
    return redirect("details_list")


@open_to(Role.COORDINATOR)
@require_POST
@fresh_sign_in(back="details_payee")
def details_refuse(request: SignedInRequest, kind: str, code: str) -> HttpResponse:
    """Refuse the change of a payee that waits, with the reason."""
    payee, form = _payee(kind, code), RefusalForm(request.POST)
    if not form.is_valid():
        return _payee_page(request, payee, AccountForm(), form)
    waiting = BankDetails.objects.visible_to(request.user).proposed().filter(payee=payee).first()
    step_told(
        request,
        lambda: services.details_refuse(
            waiting.pk if waiting else 0,
            approver=request.user,
            at=timezone.now(),
            refusal=form.cleaned_data["refusal"],
        ),
        BankRefused,
        done=_("The change is refused; the payee's account stays as it was."),
    )
    return redirect("details_payee", kind, code)


def _list_page(request: SignedInRequest, form: AccountsForm) -> HttpResponse:
    context = {
        "proposed": selectors.details_proposed(),
        "payees": selectors.payee_details(timezone.localdate()),
        "form": form,
        "may_change": request.user.access.has(Role.COORDINATOR),
    }
    return render(request, "payments/bank/details_list.html", context)


def _payee_page(
    request: SignedInRequest, payee: Organisation, form: AccountForm, refusal: RefusalForm
) -> HttpResponse:
    history = selectors.details_history(payee)
    context = {
        "payee": payee,
        "history": history,
        "proposed": next((row for row in history if row.status == "proposed"), None),
        "form": form,
        "refusal": refusal,
        "may_change": request.user.access.has(Role.COORDINATOR),
    }
    return render(request, "payments/bank/details_payee.html", context)


def _payee(kind: str, code: str) -> Organisation:
    payee = selectors.payee_found(kind, code)
    if payee is None:
        raise Http404
    return payee
