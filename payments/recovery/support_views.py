"""Handing a support that was paid over to recovery."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from grants.applications.steps import ApplicationRefused
from grants.models import Application
from payments.recovery.forms import HandOverForm
from payments.recovery.services.handing import support_recover as hand_over
from registry.access.doors import open_to, visible_or_404
from registry.access.models import Role
from registry.access.requests import SignedInRequest


@open_to(Role.REVIEWER)
@require_http_methods(["GET", "HEAD", "POST"])
def support_recover(request: SignedInRequest, application_id: int) -> HttpResponse:
    """Say how much of what was paid is to be recovered, and since when one knows why."""
    application = visible_or_404(request, Application, "applicant", "round", pk=application_id)
    form = HandOverForm(request.POST or None)
    if form.is_valid():
        try:
            case = hand_over(
                application.pk,
                cents=form.cents,
                known_on=form.cleaned_data["known_on"],
                by=request.user,
                at=timezone.now(),
                today=timezone.localdate(),
            )
        except ApplicationRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The recovery is opened. Hear the applicant next."))
            return redirect("recovery_detail", case.pk)
    context = {"application": application, "form": form}
    return render(request, "payments/recovery/hand_over.html", context)
