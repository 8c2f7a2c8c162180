"""The work list of supports: what waits, saved filters, finding, giving to be checked."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from config.lib.routes import whole_number
from config.lib.sorting import Sort
from config.lib.told import step_told
from grants.applications.models import Application
from grants.applications.steps import ApplicationRefused
from grants.costs import selectors as costs
from grants.costs.models import CostClaim
from grants.review.services import TAKEABLE, applications_assign
from grants.worklist import selectors, services
from grants.worklist.forms import AssignForm, FilterForm, FindForm, SaveForm
from grants.worklist.models import SavedFilter
from registry.access.doors import open_to, visible_or_404
from registry.access.models import Role
from registry.access.requests import SignedInRequest
from registry.audit.models import Purpose, Verb
from registry.audit.requests import page_record

DECIDERS = (Role.REVIEWER, Role.APPROVER)


@open_to(*DECIDERS)
@require_http_methods(["GET", "HEAD", "POST"])
def support_list(request: SignedInRequest) -> HttpResponse:
    """Applications that wait, the oldest first; found by number, applicant or person by POST (P-12)."""
    find = FindForm(request.POST or None)
    filters = _filters(request.GET)
    context: dict[str, Any] = {
        "filters": filters,
        "find": find,
        "costs": costs.claims_waiting(CostClaim.objects.visible_to(request.user)),
        "saved": SavedFilter.objects.visible_to(request.user),
        **(_found(request, find) if find.is_valid() else _asked(request, filters)),
    }
    if request.user.access.has(Role.REVIEWER):
        context["assign"] = AssignForm(today=timezone.localdate())
    return render(request, "grants/worklist/list.html", context)


def _filters(data: Any) -> FilterForm:
    return FilterForm(data, rounds=list(selectors.rounds_with_cases()))


def _found(request: SignedInRequest, find: FindForm) -> dict[str, Any]:
    page_record(request, verb=Verb.SEARCHED, about=Application, purpose=Purpose.SUPPLEMENTS)
    applications = Application.objects.visible_to(request.user)
    text = find.cleaned_data["text"].strip()
    return {"page": selectors.cases_found(applications, text=text, today=timezone.localdate())}


def _asked(request: SignedInRequest, filters: FilterForm) -> dict[str, Any]:
    sort = Sort.asked(request, selectors.ORDERS, default="sent", table="applications")
    page = selectors.cases_page(
        Application.objects.visible_to(request.user),
        filters.asked(),
        user=request.user,
        order=sort,
        after=whole_number(request, "after"),
        today=timezone.localdate(),
    )
    sorts = {key: key for key in selectors.ORDERS}  # of what was found, there is no other order
    return {"page": page, "sort": sort, "sorts": sorts, "save": SaveForm()}


@open_to(Role.REVIEWER)
@require_POST
def support_assign(request: SignedInRequest) -> HttpResponse:
    """Give the applications that were ticked to a reviewer."""
    offered = Application.objects.visible_to(request.user).filter(status__in=TAKEABLE)
    keys = list(offered.values_list("pk", flat=True))
    form = AssignForm(request.POST, offered=keys, today=timezone.localdate())
    if not form.is_valid():
        messages.error(request, _("Tick the applications, and choose who checks them."))
        return _back(request)
    try:
        count = applications_assign(
            form.cleaned_data["applications"],
            reviewer=form.cleaned_data["reviewer"],
            by=request.user,
            at=timezone.now(),
        )
    except ApplicationRefused as refused:
        messages.error(request, str(refused))
    else:
        done = ngettext(
            "{count} application is given to be checked.",
            "{count} applications are given to be checked.",
            count,
        )
        messages.success(request, done.format(count=count))
    return _back(request)


@open_to(*DECIDERS)
@require_POST
def filter_save(request: SignedInRequest) -> HttpResponse:
    """Save the filters of the work list under a name."""
    form, filters = SaveForm(request.POST), _filters(request.POST)
    if not form.is_valid():
        messages.error(request, _("Give the filters a name of at most 40 characters."))
        return _back(request)
    step_told(
        request,
        lambda: services.filter_save(
            request.user, name=form.cleaned_data["name"], query=filters.query()
        ),
        services.FilterRefused,
        done=_("The filters are saved."),
    )
    return _back(request)


@open_to(*DECIDERS)
@require_POST
def filter_delete(request: SignedInRequest, filter_id: int) -> HttpResponse:
    """Delete a saved filter of one's own."""
    saved = visible_or_404(request, SavedFilter, pk=filter_id)
    services.filter_delete(request.user, filter_id=saved.pk)
    messages.success(request, _("The saved filter is deleted."))
    return redirect("support_list")


def _back(request: SignedInRequest) -> HttpResponse:
    """The work list as it was filtered."""
    response = redirect("support_list")
    response["Location"] += f"?{_filters(request.POST).query()}"
    return response
