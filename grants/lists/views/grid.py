"""The check step: rows of the list, what was found in each, corrected where they stand (G-12)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from config.lib.routes import whole_number
from grants.applications.models import Application
from grants.applications.selectors import places
from grants.lists import grid, selectors, services
from grants.lists.cards import card_of, choices
from grants.lists.codes import Code
from grants.lists.errors import ListStepRefused
from grants.lists.forms import RowForm
from grants.lists.models import ListRow, PersonList
from grants.lists.views.files import application_with_list
from registry.access.doors import MEMBER, open_to, visible_or_404
from registry.access.requests import SignedInRequest
from registry.audit.models import Purpose
from registry.audit.requests import page_record

SHOWN = ("errors", "warnings", "all", "removed", *Code)


@open_to(MEMBER)
@require_safe
def application_check(request: SignedInRequest, application_id: int) -> HttpResponse:
    """Rows of the list, those with faults first asked for, each a form of its own."""
    application = application_with_list(request, application_id)
    current = selectors.current_list(application)
    if current is None:
        return redirect("application_list", application.pk)
    standing = selectors.standing(current)
    show = _shown(request, standing)
    page = grid.grid_page(current, show=show, after=whole_number(request, "after"))
    page_record(
        request,
        about=current,
        purpose=Purpose.SUPPLEMENTS,
        persons=grid.persons_of(page.rows),
    )
    context = _summary(application, current, standing, show) | {
        "page": page,
        "cards": [card_of(row, application.round) for row in page.rows],
        "choices": choices(application.round, application.applicant),
        "corrections": grid.corrections(current),
        "places": places(application, "application_check"),
    }
    return render(request, "grants/lists/check.html", context)


def _shown(request: SignedInRequest, standing: selectors.Standing) -> str:
    """Which rows are asked for; by default those with errors, or warnings, or all. Raises Http404."""
    default = "errors" if standing.faulty else "warnings" if standing.warned else "all"
    show = request.GET.get("show", default)
    if show not in SHOWN:
        raise Http404
    return show


def _summary(
    application: Application, current: PersonList, standing: selectors.Standing, show: str
) -> dict[str, Any]:
    return {
        "application": application,
        "current": current,
        "standing": standing,
        "groups": selectors.groups(current),
        "show": show,
        "sum_cents": selectors.sum_cents(selectors.age_groups(current, application)),
    }


@open_to(MEMBER)
@require_POST
def row_change(request: SignedInRequest, application_id: int, row_id: int) -> HttpResponse:
    """Save, remove, put back or undo a row, and show it as it then is."""
    application = application_with_list(request, application_id)
    row = visible_or_404(request, ListRow, "list", pk=row_id, list__application=application.pk)
    form = RowForm(application.round.support, request.POST)
    done, fault = "", ""
    if not form.is_valid():
        fault = _("What you wrote is too long.")
    else:
        try:
            done = _step(request, row, form)
        except ListStepRefused as refused:
            fault = str(refused)
    if "HX-Request" in request.headers:
        return _card(request, application, row, done=done, fault=fault)
    if fault:
        messages.error(request, fault)
    elif done:
        messages.success(request, done)
    return redirect(_back(request, application, row))


def _step(request: SignedInRequest, row: ListRow, form: RowForm) -> str:
    """Do what the pressed button says; return what was done. Raises ListStepRefused."""
    common = {"seen": form.cleaned_data["seen"], "by": request.user, "at": timezone.now()}
    line = {"line": row.line}
    steps: Mapping[str, tuple[Callable[..., object], str]] = {
        "remove": (services.row_remove, _("Row {line} is removed from the list.")),
        "restore": (services.row_restore, _("Row {line} is back on the list.")),
        "undo": (services.change_undo, _("The last change of row {line} is undone.")),
    }
    step = steps.get(request.POST.get("step", ""))
    if step is None:
        services.row_correct(row.pk, form.said(), **common)
        return _("Row {line} is saved and checked.").format(**line)
    step[0](row.pk, **common)
    return step[1].format(**line)


def _card(
    request: SignedInRequest, application: Application, row: ListRow, *, done: str, fault: str
) -> HttpResponse:
    """The row alone, and beside it the figures that it changed."""
    fresh = grid.row_of(row.pk)
    current = row.list
    context = _summary(application, current, selectors.standing(current), _show_of(request)) | {
        "card": card_of(grid.grid_rows([fresh])[0], application.round),
        "done": done,
        "fault": fault,
        "is_alone": True,
    }
    page_record(
        request,
        about=current,
        purpose=Purpose.SUPPLEMENTS,
        persons=[fresh.person_id] if fresh.person_id else [],
    )
    return render(request, "grants/lists/card.html", context)


def _show_of(request: SignedInRequest) -> str:
    show = request.POST.get("show", "all")
    return show if show in SHOWN else "all"


def _back(request: SignedInRequest, application: Application, row: ListRow) -> str:
    """The page the row was changed on, at the row."""
    asked = {"show": _show_of(request)}
    after = request.POST.get("after", "")
    if after.isascii() and after.isdecimal() and len(after) < 9:
        asked["after"] = after
    address = reverse("application_check", args=[application.pk])
    return f"{address}?{urlencode(asked)}#row-{row.pk}"
