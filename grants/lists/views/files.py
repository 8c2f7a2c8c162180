"""The list step: the template, the file, what was found in it, and files to take away."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from config.lib.downloads import file_response
from grants.applications.models import Application
from grants.applications.selectors import list_part, places
from grants.lists import differences, grid, selectors, services, tasks
from grants.lists.errors import ListStepRefused
from grants.lists.forms import UploadForm
from grants.lists.languages import page_language
from grants.lists.models import ListState, PersonList
from grants.lists.reading.refusals import ListRefused, sentence
from grants.lists.schema import LANGUAGES, columns_of
from grants.lists.template import template_make
from grants.lists.words import for_file
from registry.access.doors import MEMBER, open_to, visible_or_404
from registry.access.requests import SignedInRequest
from registry.audit.models import Purpose, Verb
from registry.audit.requests import page_record


@open_to(MEMBER)
@require_safe
def application_list(request: SignedInRequest, application_id: int) -> HttpResponse:
    """The file of an application's list: the template, the last file, what was found in it."""
    return _page(request, application_with_list(request, application_id), UploadForm())


@open_to(MEMBER)
@require_POST
def list_upload(request: SignedInRequest, application_id: int) -> HttpResponse:
    """Receive a file; it is read at once, or by whichever worker is free."""
    application = application_with_list(request, application_id)
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, application, form)
    upload = form.cleaned_data["file"]
    try:
        received = services.list_receive(
            application.pk,
            content=upload.read(),
            file_name=upload.name,
            by=request.user,
            at=timezone.now(),
        )
    except ListStepRefused as refused:
        messages.error(request, str(refused))
    except ListRefused as refused:
        messages.error(request, sentence(refused.refusal, refused.details))
    else:
        tasks.hand_over(received)
    return redirect("application_list", application.pk)


def _page(request: SignedInRequest, application: Application, form: UploadForm) -> HttpResponse:
    sent = selectors.lists_sent(application)
    current = next((one for one in sent if one.is_current), None)
    latest = sent[0] if sent else None
    is_refused = latest is not None and latest.state == ListState.REFUSED
    context: dict[str, Any] = {
        "application": application,
        "places": places(application, "application_list"),
        "form": form,
        "latest": latest,
        "is_waiting": latest is not None and latest.state == ListState.WAITING,
        "refusal": sentence(latest.refusal, latest.refusal_details)
        if latest and is_refused
        else "",
        "lists": [one for one in sent if one.state == ListState.READ],
        "languages": zip(LANGUAGES, ("Suomeksi", "På svenska", "In English"), strict=True),
        "current": current,
        "check_address": reverse("application_check", args=[application.pk]),
    }
    if current is not None:
        context |= {
            "standing": selectors.standing(current),
            "groups": selectors.groups(current),
            "persons": list_part(application),
            "difference": differences.difference(current),
        }
    return render(request, "grants/lists/list.html", context)


@open_to(MEMBER)
@require_safe
def list_template(request: SignedInRequest, application_id: int, language: str) -> HttpResponse:
    """The template of the application's round and applicant, in a language."""
    application = application_with_list(request, application_id)
    if language not in LANGUAGES:
        raise Http404
    content = template_make(application.round, application.applicant, language)
    return file_response(f"{application.round.code}-{language}.xlsx", content)


@open_to(MEMBER)
@require_safe
def list_file(request: SignedInRequest, application_id: int, number: int) -> HttpResponse:
    """A file exactly as it was sent."""
    application = application_with_list(request, application_id)
    one = visible_or_404(request, PersonList, "file", application=application.pk, number=number)
    page_record(request, about=one, verb=Verb.EXPORTED, purpose=Purpose.SUPPLEMENTS)
    return file_response(f"{application.round.code}-{number}.xlsx", bytes(one.file.content))


@open_to(MEMBER)
@require_safe
def list_corrected(request: SignedInRequest, application_id: int) -> HttpResponse:
    """The list as corrected, in the template again, with a column of findings."""
    application = application_with_list(request, application_id)
    current = selectors.current_list(application)
    if current is None:
        raise Http404
    rows = grid.with_findings(current)
    columns = columns_of(application.round.support)
    page_record(
        request,
        about=current,
        verb=Verb.EXPORTED,
        purpose=Purpose.SUPPLEMENTS,
        persons=grid.persons_of(rows),
    )
    content = template_make(
        application.round,
        application.applicant,
        page_language(),
        rows=[
            [*(for_file(row.row, column) for column in columns), row.findings_text] for row in rows
        ],
    )

    return file_response(f"{application.round.code}-{current.number}-corrected.xlsx", content)


def application_with_list(request: SignedInRequest, application_id: int) -> Application:
    """The application, if the user may open it and its support has lists. Raises Http404."""
    related = ("round", "applicant__county")
    application = visible_or_404(request, Application, *related, pk=application_id)
    if not application.round.has_list:
        raise Http404
    return application
