"""The ledger by payee: booked, paid, returned, open; and the proof that it all agrees."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from config.lib.downloads import csv_response
from payments.bank.models import PaymentOrder
from payments.bank.selectors import ledger
from payments.bank.selectors.details import payee_found
from payments.bank.views.batches import PAYERS
from registry.access.doors import open_to
from registry.access.requests import SignedInRequest
from registry.audit.models import Verb
from registry.audit.requests import page_record


@open_to(*PAYERS)
@require_safe
def payment_ledger(request: SignedInRequest) -> HttpResponse:
    """Every payee's sums, and runs, orders, files and bank against each other."""
    accounts = ledger.payee_accounts()
    context = {
        "accounts": accounts,
        "sums": ledger.account_sums(accounts),
        "proofs": ledger.proofs(),
    }
    return render(request, "payments/bank/ledger.html", context)


@open_to(*PAYERS)
@require_safe
def payment_payee(request: SignedInRequest, kind: str, code: str) -> HttpResponse:
    """One payee: what was booked run by run, what was granted, and what became of both."""
    payee = payee_found(kind, code)
    if payee is None:
        raise Http404
    context = {
        "payee": payee,
        "proposals": ledger.payee_proposals(payee),
        "supports": [*ledger.payee_supports(payee), *ledger.payee_costs(payee)],
    }
    return render(request, "payments/bank/payee.html", context)


@open_to(*PAYERS)
@require_safe
def payment_ledger_csv(request: SignedInRequest) -> HttpResponse:
    """The table of payees as the page shows it."""
    page_record(request, verb=Verb.EXPORTED, about=PaymentOrder, case_ref="ledger")
    return csv_response(_("payees"), *ledger.accounts_table(ledger.payee_accounts()))
