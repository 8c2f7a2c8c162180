"""Pages on which new versions of checks are tried on past rounds."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from config.lib.routes import whole_number
from grants.trials import selectors, services, tasks
from grants.trials.forms import TrialForm
from grants.trials.models import CheckTrial
from registry.access.doors import open_to, visible_or_404
from registry.access.models import Role
from registry.access.requests import SignedInRequest
from registry.audit.models import Purpose
from registry.audit.requests import page_record

TRIERS = (Role.REVIEWER, Role.COORDINATOR)


@open_to(*TRIERS)
@require_http_methods(["GET", "HEAD", "POST"])
def trial_list(request: SignedInRequest) -> HttpResponse:
    """Trials that were made; by POST another is asked for."""
    form = TrialForm(request.POST or None)
    if form.is_valid():
        return _tried(request, form)
    trials = selectors.trials_counted(CheckTrial.objects.visible_to(request.user))
    return render(request, "grants/trials/list.html", {"form": form, "trials": trials})


def _tried(request: SignedInRequest, form: TrialForm) -> HttpResponse:
    round_, at = form.cleaned_data["round"], timezone.now()
    try:
        trials = services.trials_begin(round_, names=form.names(), by=request.user, at=at)
    except services.TrialRefused as refused:
        messages.error(request, str(refused))
        return redirect("trial_list")
    for trial in trials:
        tasks.hand_over(trial)
    messages.success(request, _("The new versions are being tried. Nothing else is changed."))
    return redirect("trial_detail", trials[0].pk) if len(trials) == 1 else redirect("trial_list")


@open_to(*TRIERS)
@require_safe
def trial_detail(request: SignedInRequest, trial_id: int) -> HttpResponse:
    """What a new version would have told of each decided application, and how it was decided."""
    trial = visible_or_404(request, CheckTrial, "round", pk=trial_id)
    page_record(request, about=trial, purpose=Purpose.SUPPLEMENTS)
    show_all = request.GET.get("show") == "all"
    after = whole_number(request, "after")
    context = {
        "tried": selectors.trial_counted(trial),
        "page": selectors.differences(trial, show_all=show_all, after=after),
        "show_all": show_all,
        "may_check": request.user.access.has(Role.REVIEWER),
    }
    return render(request, "grants/trials/detail.html", context)
