"""Pages of the work on a run: started, watched, tried again, cancelled, returned."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from config.lib.months import Month
from config.lib.told import step_told
from payments.models import Run, RunStatus
from payments.runs import services, tasks, work
from payments.runs.errors import RunRefused
from payments.runs.forms import ReasonForm, StartForm
from registry.access.doors import open_to, visible_or_404
from registry.access.models import Role
from registry.access.requests import SignedInRequest


@open_to(Role.REVIEWER)
@require_POST
def run_start(request: SignedInRequest) -> HttpResponse:
    """Start the run of a month, or compute a draft again, for workers or here and now."""
    form = StartForm(request.POST)
    if not form.is_valid():
        _tell(request, form)
        return redirect("run_list")
    month: Month = form.cleaned_data["month"]
    try:
        run = services.run_start(
            month, at=timezone.now(), starter=request.user, seen=form.cleaned_data["seen"]
        )
        tasks.hand_over(run)
    except RunRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("The run is started."))
    return _back(request, month)


@open_to(Role.REVIEWER, Role.APPROVER, Role.COORDINATOR)
@require_safe
def run_progress(request: SignedInRequest, month: Month) -> HttpResponse:
    """The part of a run's page that says how far it is; asks for the whole page at the end."""
    run = visible_or_404(request, Run, month=month.first_day)
    context = {"run": run, "work": work.run_progress(run)}
    response = render(request, "payments/runs/progress.html", context)
    if run.status != RunStatus.COMPUTING:
        response.headers["HX-Refresh"] = "true"
    return response


@open_to(Role.REVIEWER)
@require_POST
def run_retry(request: SignedInRequest, month: Month) -> HttpResponse:
    """Have the parts that were set aside tried again."""
    run = visible_or_404(request, Run, month=month.first_day)

    def retry() -> None:
        tasks.hand_over(services.run_retry(run.pk, retrier=request.user))

    return _taken(request, month, retry, done=_("The parts are tried again."))


@open_to(Role.REVIEWER, Role.APPROVER)
@require_POST
def run_cancel(request: SignedInRequest, month: Month) -> HttpResponse:
    """Take back the unapproved run that was looked at, with a reason."""
    return _step_back(
        request,
        month,
        lambda run, reason: services.run_cancel(run, canceller=request.user, reason=reason),
        done=_("The run is cancelled. Its trace is kept."),
    )


@open_to(Role.REVIEWER, Role.APPROVER)
@require_POST
def run_return(request: SignedInRequest, month: Month) -> HttpResponse:
    """Return the checked run that was looked at to a draft, with a reason."""
    return _step_back(
        request,
        month,
        lambda run, reason: services.run_return(run, returner=request.user, reason=reason),
        done=_("The run is a draft again."),
    )


def _step_back(
    request: SignedInRequest, month: Month, step: Callable[[int, str], object], *, done: str
) -> HttpResponse:
    form = ReasonForm(request.POST)
    if not form.is_valid():
        _tell(request, form)
        return _back(request, month)
    seen = form.cleaned_data
    return _taken(request, month, lambda: step(seen["run"], seen["reason"]), done=done)


def _taken(
    request: SignedInRequest, month: Month, step: Callable[[], object], *, done: str
) -> HttpResponse:
    """Take a step; tell what came of it."""
    step_told(request, step, RunRefused, done=done)
    return _back(request, month)


def _tell(request: SignedInRequest, form: Form) -> None:
    for name, faults in form.errors.items():
        for fault in faults:
            messages.error(request, f"{form.fields[name].label}: {fault}")


def _back(request: SignedInRequest, month: Month) -> HttpResponse:
    """The run's page; the list where the month has no run."""
    if Run.objects.visible_to(request.user).filter(month=month.first_day).exists():
        return redirect("run_detail", month)
    return redirect("run_list")
