"""Pages of runs: the list, a run, its payees and persons; checking and approving."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from config.lib.downloads import csv_response
from config.lib.months import Month
from config.lib.routes import whole_number
from config.lib.sorting import Sort
from config.lib.told import step_told
from payments.ledger.secrecy import unnamed_sum
from payments.ledger.selectors import payee_lines
from payments.models import ClaimableEntry, Proposal, Run
from payments.runs import pages, selectors, services, work
from payments.runs.errors import RunRefused
from payments.runs.models import case_of
from registry.access.doors import open_to, visible_or_404
from registry.access.models import Role
from registry.access.requests import SignedInRequest
from registry.access.signin.fresh import fresh_sign_in
from registry.audit.cases import origin_of
from registry.audit.models import Outcome, Verb
from registry.audit.requests import page_record
from registry.people.secrecy import non_disclosed


@open_to(Role.REVIEWER, Role.APPROVER, Role.COORDINATOR)
@require_safe
def run_list(request: SignedInRequest) -> HttpResponse:
    """All runs, the latest first."""
    page = pages.runs_page(Run.objects.visible_to(request.user), whole_number(request, "after"))
    is_reviewer = request.user.access.has(Role.REVIEWER)
    context = {
        "page": page,
        "chart": pages.runs_chart(page.rows),
        "start": work.start_offer(timezone.localdate()) if is_reviewer else None,
        "has_workers": bool(settings.REDIS_URL),
    }
    return render(request, "payments/runs/list.html", context)


@open_to(Role.REVIEWER, Role.APPROVER, Role.COORDINATOR)
@require_safe
def run_detail(request: SignedInRequest, month: Month) -> HttpResponse:
    """One run: its head, totals, proposals, persons not paid, claimable entries, corrections."""
    run = _run(request, month)
    sort = Sort.asked(request, selectors.PROPOSAL_ORDERS, default="payee", table="proposals")
    context = {
        "run": run,
        "page": pages.run_page(run, sort),
        "sort": sort,
        "step": pages.next_step(run, request.user),
        "work": work.run_progress(run),
        "steps": work.run_steps(run.month),
        "is_reviewer": request.user.access.has(Role.REVIEWER),
        "handles_cases": request.user.access.has(Role.REVIEWER, Role.APPROVER),
        "has_workers": bool(settings.REDIS_URL),
    }
    return render(request, "payments/runs/detail.html", context)


@open_to(Role.REVIEWER)
@require_POST
@fresh_sign_in(back="run_detail")
def run_check(request: SignedInRequest, month: Month) -> HttpResponse:
    """Check the draft that was looked at."""
    return _step(
        request,
        month,
        Verb.CHECKED,
        lambda run: services.run_check(run.pk, checker=request.user, at=timezone.now()),
        done=_("The run is checked. Another person approves it."),
    )


@open_to(Role.APPROVER)
@require_POST
@fresh_sign_in(back="run_detail")
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
    request: SignedInRequest, month: Month, verb: Verb, step: Callable[[Run], Run], *, done: str
) -> HttpResponse:
    """Take a step with the run whose hash the page showed; tell what came of it (C-36)."""
    runs = Run.objects.visible_to(request.user).filter(month=month.first_day)
    seen = runs.filter(input_hash=request.POST.get("input_hash")).first()
    if seen is None:
        case = case_of(month)
        page_record(request, verb=verb, about=Run, case_ref=case, outcome=Outcome.REFUSED)
        messages.error(request, _("The run was computed again after you opened it. Look at it."))
        return redirect("run_detail", month)
    step_told(request, lambda: step(seen), RunRefused, done=done)
    return redirect("run_detail", month)


@open_to(Role.REVIEWER, Role.APPROVER, Role.COORDINATOR)
@require_safe
def proposals_csv(request: SignedInRequest, month: Month) -> HttpResponse:
    """The table of proposals as the run's page shows it."""
    run = _run(request, month)
    sort = Sort.asked(request, selectors.PROPOSAL_ORDERS, default="payee")
    proposals = selectors.run_proposals(run).order_by(*sort.order_by)
    header, rows = pages.proposals_table(proposals)
    page_record(request, verb=Verb.EXPORTED, about=run, case_ref=case_of(month))
    return csv_response(f"proposals-{month}", header, rows)


@open_to(Role.REVIEWER, Role.APPROVER)
@require_safe
def run_payee(request: SignedInRequest, month: Month, kind: str, code: str) -> HttpResponse:
    """One payee's proposal and the lines behind it."""
    proposal = visible_or_404(
        request,
        Proposal,
        "payee",
        "run",
        run__month=month.first_day,
        payee__kind=kind,
        payee__code=code,
    )
    lines = payee_lines(proposal)
    page = pages.payee_page(lines, after=whole_number(request, "after"))
    persons = [row.person.pk for row in page.rows]
    case = case_of(month)
    page_record(request, about=proposal, case_ref=case, persons=persons)
    context = {
        "run": proposal.run,
        "proposal": proposal,
        "page": page,
        "unnamed": unnamed_sum(lines),
        "origin": origin_of(case),
    }
    return render(request, "payments/runs/payee.html", context)


@open_to(Role.REVIEWER, Role.APPROVER)
@require_safe
def run_unpaid(request: SignedInRequest, month: Month, reason: str) -> HttpResponse:
    """The persons whom a run did not pay for one reason."""
    run, label = _run(request, month), selectors.REASONS.get(reason)
    if label is None:
        raise Http404
    page = pages.unpaid_page(run, reason, after=whole_number(request, "after"))
    persons = [row.person_id for row in page.rows]
    case, rest = case_of(month), pages.unnamed_unpaid(run, reason)
    page_record(request, about=run, case_ref=case, persons=persons)
    context = {
        "run": run,
        "reason": label,
        "page": page,
        "unnamed": rest,
        "origin": origin_of(case),
    }
    return render(request, "payments/runs/unpaid.html", context)


@open_to(Role.REVIEWER, Role.APPROVER)
@require_safe
def run_claimable(request: SignedInRequest, month: Month) -> HttpResponse:
    """The claimable entries as they stand after a run."""
    run = _run(request, month)
    entries = ClaimableEntry.objects.visible_to(request.user)
    page = pages.claimable_page(entries, run, after=whole_number(request, "after"))
    persons = [entry.person_id for entry in page.rows]
    case = case_of(month)
    page_record(request, about=run, case_ref=case, persons=persons)
    context = {
        "run": run,
        "page": page,
        "protected": non_disclosed(persons),
        "origin": origin_of(case),
    }
    return render(request, "payments/runs/claimable.html", context)


def _run(request: SignedInRequest, month: Month) -> Run:
    people = ("prepared_by", "checked_by", "approved_by")
    return visible_or_404(request, Run, "delivery", *people, month=month.first_day)
