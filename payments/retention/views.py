"""The page of the retention preview (P-14)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from config.lib.told import step_told
from payments.retention import services
from payments.retention.forms import HoldForm, RetentionForm
from payments.retention.models import LegalHold
from payments.retention.selectors import retention_preview
from registry.access.doors import open_to, visible_or_404
from registry.access.models import Role
from registry.access.requests import SignedInRequest


@open_to(Role.DATA_PROTECTION_OFFICER)
@require_safe
def retention(request: SignedInRequest) -> HttpResponse:
    """What would be destroyed on a day, as counts; nothing is."""
    return _page(request, HoldForm())


def _page(request: SignedInRequest, hold: HoldForm) -> HttpResponse:
    form = RetentionForm(request.GET if "day" in request.GET else {"day": timezone.localdate()})
    related = ("application", "placed_by")
    context: dict[str, Any] = {
        "form": form,
        "preview": retention_preview(form.cleaned_data["day"]) if form.is_valid() else None,
        "hold": hold,
        "holds": LegalHold.objects.visible_to(request.user).in_force().select_related(*related),
    }
    return render(request, "payments/retention/preview.html", context)


@open_to(Role.DATA_PROTECTION_OFFICER)
@require_POST
def hold_place(request: SignedInRequest) -> HttpResponse:
    """Hold an application or manual cases, whatever their time."""
    form = HoldForm(request.POST)
    if not form.is_valid():
        return _page(request, form)
    matter = form.matter()
    if matter is None:
        form.add_error("number", _("There is none of that number."))
        return _page(request, form)
    reason, today = form.cleaned_data["reason"], timezone.localdate()
    try:
        services.hold_place(matter, reason=reason, by=request.user, today=today)
    except services.HoldRefused as refused:
        form.add_error("number", str(refused))
        return _page(request, form)
    messages.success(request, _("It is held until somebody lifts the hold."))
    return redirect("retention")


@open_to(Role.DATA_PROTECTION_OFFICER)
@require_POST
def hold_lift(request: SignedInRequest, hold_id: int) -> HttpResponse:
    """Lift a hold."""
    hold = visible_or_404(request, LegalHold, pk=hold_id)
    step_told(
        request,
        lambda: services.hold_lift(hold.pk, by=request.user, today=timezone.localdate()),
        services.HoldRefused,
        done=_("The hold is lifted."),
    )
    return redirect("retention")
