"""Choosing whom one acts for."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from registry.access.doors import ANYONE, open_to
from registry.access.forms import OrganisationForm
from registry.access.middleware import CHOSEN
from registry.access.requests import SignedInRequest


@open_to(ANYONE)
@require_http_methods(["GET", "HEAD", "POST"])
def organisation_choose(request: SignedInRequest) -> HttpResponse:
    """Choose the one organisation whose matters one sees from now on."""
    form = OrganisationForm(request.user.access, request.POST or None)
    if form.is_valid():
        request.session[CHOSEN] = form.cleaned_data["organisation"]
        return redirect("front")
    return render(request, "registry/access/organisation.html", {"form": form})
