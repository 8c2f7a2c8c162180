"""Pages of the check: the workbench, and the steps that a reviewer takes there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from config.lib.routes import whole_number
from config.lib.told import step_told
from grants.applications.models import Application
from grants.applications.receipt import said_facts
from grants.applications.steps import ApplicationRefused
from grants.costs.panel import costs_panel
from grants.decisions import panel
from grants.hearings import panel as hearings
from grants.review import marking, selectors, services
from grants.review.forms import (
    CompletionForm,
    ExtendForm,
    MarksForm,
    NoteForm,
)
from registry.access.doors import open_to, visible_or_404
from registry.access.hands import objection
from registry.access.models import Part, Role
from registry.access.requests import SignedInRequest
from registry.audit.models import Purpose
from registry.audit.requests import page_record

DECIDERS = (Role.REVIEWER, Role.APPROVER)


@open_to(*DECIDERS)
@require_safe
def support_detail(request: SignedInRequest, application_id: int) -> HttpResponse:
    """The workbench: what checks found, rows beside the register, the proposal and the decision."""
    return workbench(request, support_found(request, application_id))


def workbench(request: SignedInRequest, application: Application, **forms: Any) -> HttpResponse:
    """The page of an application; `forms` are those that were sent and have a fault."""
    show = request.GET.get("show", "all")
    page = selectors.bench_page(application, show=show, after=whole_number(request, "after"))
    page_record(
        request,
        about=application,
        case_ref=application.case_ref,
        purpose=Purpose.SUPPLEMENTS,
        persons=[row.row.person_id for row in page.rows if row.row.person_id],
    )
    context: dict[str, Any] = {
        "application": application,
        "page": page,
        "show": show if show in selectors.SHOWS else "all",
        "shows": SHOWS,
        "facts": [] if application.round.has_list else said_facts(application),
        "progress": selectors.progress(application),
        "checks": selectors.checks_told(application),
        "notes": application.notes.select_related("by"),
        "phrases": selectors.refusal_phrases(),
        "note": NoteForm(),
        "barrier": objection(
            application, request.user, Part.PROPOSED, concerns=application.applicant
        ),
        "may_check": request.user.access.has(Role.REVIEWER),
        **panel.decision_panel(request.user, application),
        **costs_panel(request.user, application),
        **hearings.reviewer_panel(request.user, application, today=timezone.localdate()),
    }
    if application.status == "completion_requested":
        requests = application.completion_requests.filter(answered_at=None, closed_at=None)
        context |= {"asked": requests.first(), "extend": ExtendForm()}
    elif application.status == "in_check":
        context["completion"] = CompletionForm()
    return render(request, "grants/review/detail.html", context | forms)


SHOWS = (
    ("all", gettext_lazy("All")),
    ("unmarked", gettext_lazy("Not marked yet")),
    ("found", gettext_lazy("Something found")),
    ("refused", gettext_lazy("Rows refused")),
)


@open_to(Role.REVIEWER)
@require_POST
def support_take(request: SignedInRequest, application_id: int) -> HttpResponse:
    """Take an application to check it oneself."""
    application = support_found(request, application_id)
    return step(
        request,
        application,
        lambda: services.application_assign(
            application.pk, reviewer=request.user, by=request.user, at=timezone.now()
        ),
        done=_("You check this application."),
    )


@open_to(*DECIDERS)
@require_POST
def support_check(request: SignedInRequest, application_id: int) -> HttpResponse:
    """Do the checks anew, on the register and the other lists as they are now."""
    application = support_found(request, application_id)
    return step(
        request,
        application,
        lambda: services.checks_redo(application.pk, by=request.user, at=timezone.now()),
        done=_("The checks have been done anew."),
    )


@open_to(Role.REVIEWER)
@require_POST
def support_mark(request: SignedInRequest, application_id: int) -> HttpResponse:
    """Keep the marks of the rows of a page."""
    application = support_found(request, application_id)
    rows = [int(name) for name in request.POST.getlist("row") if name.isdecimal()]
    form = MarksForm(request.POST, rows=rows[: selectors.ROWS_A_PAGE])
    if not form.is_valid():
        messages.error(request, _("Choose the reason of each refusal. Nothing was kept."))
        return _back_to_rows(request, application)
    try:
        marking.rows_mark(application.pk, marks=form.marks(), by=request.user, at=timezone.now())
    except ApplicationRefused as refused:
        messages.error(request, str(refused))
    return _back_to_rows(request, application)


def _back_to_rows(request: SignedInRequest, application: Application) -> HttpResponse:
    """The same rows, or the next ones if they were asked for."""
    response = redirect("support_detail", application.pk)
    show, after = request.POST.get("show", "all"), request.POST.get("after", "")
    known = show if show in selectors.SHOWS else "all"
    place = f"&after={after}" if after.isdecimal() else ""
    response["Location"] += f"?show={known}{place}#rows"
    return response


@open_to(Role.REVIEWER)
@require_POST
def support_accept_clean(request: SignedInRequest, application_id: int) -> HttpResponse:
    """Accept all rows in which nothing was found and that have no mark."""
    application = support_found(request, application_id)
    return step(
        request,
        application,
        lambda: marking.rows_accept_clean(application.pk, by=request.user, at=timezone.now()),
        done=_("The clean rows are accepted."),
    )


@open_to(Role.REVIEWER)
@require_POST
def support_ask(request: SignedInRequest, application_id: int) -> HttpResponse:
    """Ask the applicant to complete the application."""
    application = support_found(request, application_id)
    form = CompletionForm(request.POST)
    if not form.is_valid():
        return workbench(request, application, completion=form)
    return step(
        request,
        application,
        lambda: services.completion_ask(
            application.pk,
            asked=form.text(application.language),
            answer_by=form.cleaned_data["answer_by"],
            by=request.user,
            at=timezone.now(),
            today=timezone.localdate(),
        ),
        done=_("The applicant is asked to complete the application."),
    )


@open_to(Role.REVIEWER)
@require_POST
def support_extend(request: SignedInRequest, application_id: int) -> HttpResponse:
    """Give the applicant more time to answer."""
    application = support_found(request, application_id)
    form = ExtendForm(request.POST)
    if not form.is_valid():
        return workbench(request, application, extend=form)
    day = form.cleaned_data["answer_by"]
    return step(
        request,
        application,
        lambda: services.completion_extend(
            application.pk, answer_by=day, by=request.user, at=timezone.now()
        ),
        done=_("The applicant has more time to answer."),
    )


@open_to(Role.REVIEWER)
@require_POST
def support_resume(request: SignedInRequest, application_id: int) -> HttpResponse:
    """Go on without an answer whose day has passed."""
    application = support_found(request, application_id)
    return step(
        request,
        application,
        lambda: services.check_resume(
            application.pk, by=request.user, at=timezone.now(), today=timezone.localdate()
        ),
        done=_("The check goes on without an answer."),
    )


@open_to(*DECIDERS)
@require_POST
def support_note(request: SignedInRequest, application_id: int) -> HttpResponse:
    """Write a note that the authority alone reads."""
    application = support_found(request, application_id)
    form = NoteForm(request.POST)
    if not form.is_valid():
        return workbench(request, application, note=form)
    return step(
        request,
        application,
        lambda: services.note_add(application.pk, text=form.cleaned_data["text"], by=request.user),
        done=_("The note is kept."),
    )


def step(
    request: HttpRequest, application: Application, take: Callable[[], object], *, done: str
) -> HttpResponse:
    """Take a step with an application; tell what came of it, on the workbench."""
    step_told(request, take, ApplicationRefused, done=done)
    return redirect("support_detail", application.pk)


def support_found(request: SignedInRequest, application_id: int) -> Application:
    """The application that was sent, if the user may open it. Raises Http404."""
    related = ("round__frame", "applicant__county", "review__reviewer")
    return visible_or_404(request, Application, *related, pk=application_id)
