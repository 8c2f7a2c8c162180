"""Pages of runs: the list, a run, its payees and persons; checking and approving."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from config.lib.downloads import csv_response
from config.lib.months import Month
from config.lib.routes import whole_number
from payments.models import Proposal, Run
from payments.runs import pages, selectors, services
from payments.runs.errors import RunRefused
from registry.access.requests import SignedInRequest
from registry.audit.models import Outcome, Verb
from registry.audit.requests import page_record


@require_safe
def run_list(request: HttpRequest) -> HttpResponse:
    """All runs, the latest first."""
    page = pages.runs_page(whole_number(request, "after"))
    return render(request, "payments/runs/list.html", {"page": page})


@require_safe
def run_detail(request: SignedInRequest, month: Month) -> HttpResponse:
    """One run: its head, totals, proposals, persons not paid, claimable entries, corrections."""
    run = _run(month)
    had_a_part = request.user.pk in (run.prepared_by_id, run.checked_by_id)
    context = {"run": run, "page": pages.run_page(run), "had_a_part": had_a_part}
    return render(request, "payments/runs/detail.html", context)


@require_POST
def run_check(request: SignedInRequest, month: Month) -> HttpResponse:
    """Check the draft that was looked at."""
    return _step(
        request,
        month,
        Verb.CHECKED,
        lambda run: services.run_check(run.pk, checker=request.user, at=timezone.now()),
        done=_("The run is checked. Another person approves it."),
    )


@require_POST
def run_approve(request: SignedInRequest, month: Month) -> HttpResponse:
    """Approve the checked run that was looked at."""
    return _step(
        request,
        month,
        Verb.APPROVED,
        lambda run: services.run_approve(run.pk, approver=request.user, at=timezone.now()),
        done=_("The run is approved. Its lines are now in the ledger."),
    )


def _step(
    request: HttpRequest, month: Month, verb: Verb, step: Callable[[Run], Run], *, done: str
) -> HttpResponse:
    """Take a step with the run whose hash the page showed; tell what came of it (C-36)."""
    seen = Run.objects.filter(month=month.first_day, input_hash=request.POST.get("input_hash"))
    try:
        step(seen.get())
    except Run.DoesNotExist:
        case = services.case_of(month)
        page_record(request, verb=verb, about=Run, case_ref=case, outcome=Outcome.REFUSED)
        messages.error(request, _("The run was computed again after you opened it. Look at it."))
    except RunRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, done)
    return redirect("run_detail", month)


@require_safe
def proposals_csv(request: HttpRequest, month: Month) -> HttpResponse:
    """The table of proposals as the run's page shows it."""
    run = _run(month)
    header, rows = pages.proposals_table(selectors.run_proposals(run))
    page_record(request, verb=Verb.EXPORTED, about=run, case_ref=services.case_of(month))
    return csv_response(f"proposals-{month}", header, rows)


@require_safe
def run_payee(request: HttpRequest, month: Month, kind: str, code: str) -> HttpResponse:
    """One payee's proposal and the lines behind it."""
    proposal = get_object_or_404(
        Proposal.objects.select_related("payee", "run"),
        run__month=month.first_day,
        payee__kind=kind,
        payee__code=code,
    )
    page = pages.payee_page(proposal, after=whole_number(request, "after"))
    persons = [row.person.pk for row in page.rows]
    page_record(request, about=proposal, case_ref=services.case_of(month), persons=persons)
    context = {"run": proposal.run, "proposal": proposal, "page": page}
    return render(request, "payments/runs/payee.html", context)


@require_safe
def run_unpaid(request: HttpRequest, month: Month, reason: str) -> HttpResponse:
    """The persons whom a run did not pay for one reason."""
    run, label = _run(month), selectors.REASONS.get(reason)
    if label is None:
        raise Http404
    page = pages.unpaid_page(run, reason, after=whole_number(request, "after"))
    persons = [row.person_id for row in page.rows]
    page_record(request, about=run, case_ref=services.case_of(month), persons=persons)
    context = {"run": run, "reason": label, "page": page}
    return render(request, "payments/runs/unpaid.html", context)


@require_safe
def run_claimable(request: HttpRequest, month: Month) -> HttpResponse:
    """The claimable entries as they stand after a run."""
    run = _run(month)
    page = pages.claimable_page(run, after=whole_number(request, "after"))
    persons = [entry.person_id for entry in page.rows]
    page_record(request, about=run, case_ref=services.case_of(month), persons=persons)
    return render(request, "payments/runs/claimable.html", {"run": run, "page": page})


def _run(month: Month) -> Run:
    runs = Run.objects.select_related("delivery", "prepared_by", "checked_by", "approved_by")
    return get_object_or_404(runs, month=month.first_day)
