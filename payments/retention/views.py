"""The page of the retention preview (P-14)."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from payments.retention.forms import RetentionForm
from payments.retention.selectors import retention_preview
from registry.access.doors import open_to
from registry.access.models import Role
from registry.access.requests import SignedInRequest


@open_to(Role.DATA_PROTECTION_OFFICER)
@require_safe
def retention(request: SignedInRequest) -> HttpResponse:
    """What would be destroyed on a day, as counts; nothing is."""
    form = RetentionForm(request.GET if "day" in request.GET else {"day": timezone.localdate()})
    preview = retention_preview(form.cleaned_data["day"]) if form.is_valid() else None
    return render(request, "payments/retention/preview.html", {"form": form, "preview": preview})
