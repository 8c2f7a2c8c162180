"""The page of a run's anomalies: looked at, and accepted with a reason."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from config.lib.months import Month
from payments.checks import services
from payments.checks.forms import AcceptForm
from payments.checks.models import RunAnomaly
from payments.checks.words import sentence
from payments.runs.errors import RunRefused
from payments.runs.models import Run
from registry.access.doors import open_to, visible_or_404
from registry.access.models import Role
from registry.access.requests import SignedInRequest


@open_to(Role.REVIEWER, Role.APPROVER)
@require_http_methods(["GET", "HEAD", "POST"])
def run_anomalies(request: SignedInRequest, month: Month) -> HttpResponse:
    """A run's anomalies, and the form that accepts those that wait."""
    run = visible_or_404(request, Run, month=month.first_day)
    rows = RunAnomaly.objects.visible_to(request.user).filter(run=run)
    rows = rows.select_related("payee", "accepted_by")
    waiting = [row for row in rows if row.accepted_by is None]
    form = AcceptForm(request.POST if request.method == "POST" else None, waiting=waiting)
    if request.method == "POST" and form.is_valid() and _accept(request, run, form):
        return redirect("run_anomalies", month)
    context = {
        "run": run,
        "form": form if waiting and run.status in {"draft", "checked"} else None,
        "waiting": waiting,
        "accepted": [(row, sentence(row)) for row in rows if row.accepted_by is not None],
    }
    return render(request, "payments/checks/anomalies.html", context)


def _accept(request: SignedInRequest, run: Run, form: AcceptForm) -> bool:
    """Accept what was chosen; a refusal is told at the form."""
    try:
        services.anomalies_accept(
            run.pk, acceptor=request.user, at=timezone.now(), **form.cleaned_data
        )
    except RunRefused as refused:
        form.add_error(None, str(refused))
        return False
    messages.success(request, _("Accepted. The reason is kept with the run."))
    return True
