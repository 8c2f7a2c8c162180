"""Pages of an application that is filled in, step by step, each saved when one leaves it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from grants.applications import selectors, services
from grants.applications.content import content_hash
from grants.applications.forms import ContactForm, SendForm, asked, shown
from grants.applications.models import Application
from grants.applications.receipt import said_facts
from grants.applications.services import StaleSave
from grants.applications.steps import ApplicationRefused
from grants.models import Round
from registry.access.doors import MEMBER, SENDER, open_to, visible_or_404
from registry.access.models import Right
from registry.access.requests import SignedInRequest
from registry.access.signin.fresh import fresh_sign_in


@open_to(MEMBER)
@require_POST
def application_begin(request: SignedInRequest, code: str) -> HttpResponse:
    """Begin an application in a round, or go on with the draft."""
    own = request.user.access.organisation
    assert own is not None
    round_ = visible_or_404(request, Round, code=code)
    try:
        application = services.application_begin(
            round_, applicant=own, by=request.user, at=timezone.now()
        )
    except ApplicationRefused as refused:
        messages.error(request, str(refused))
        return redirect("application_front")
    return redirect("application_contact", application.pk)


@open_to(MEMBER)
@require_http_methods(["GET", "HEAD", "POST"])
def application_contact(request: SignedInRequest, application_id: int) -> HttpResponse:
    """The contact person and the declarations."""
    application = own_application(request, application_id)
    if not application.is_editable:
        return redirect("application_detail", application.pk)
    form = ContactForm(application, request.POST or None)
    if not form.is_valid():
        return _contact(request, application, form)
    try:
        saved = services.application_save(
            application.pk,
            version=form.cleaned_data["version"],
            by=request.user,
            at=timezone.now(),
            said=form.said(),
        )
    except StaleSave as stale:
        return _contact(request, stale.saved, form, status=409)
    except ApplicationRefused as refused:
        messages.error(request, str(refused))
        return redirect("application_detail", application.pk)
    return redirect(selectors.next_address(saved, "application_contact"))


def _contact(
    request: SignedInRequest, application: Application, form: ContactForm, *, status: int = 200
) -> HttpResponse:
    """The page; after a stale save with both versions, and the saved one's number to save over it."""
    context: dict[str, Any] = _filling(application, "application_contact") | {"form": form}
    if status == 409:
        context["stale"] = _differing(application, form)
        form.data = {**form.cleaned_data, "version": application.version}
    return render(request, "grants/applications/contact.html", context, status=status)


def _differing(saved: Application, form: ContactForm) -> list[tuple[str, str, str]]:
    """Label, the reader's and the saved value of each field in which the two versions differ."""
    return [
        (str(form.fields[name].label), shown(form.cleaned_data[name]), shown(getattr(saved, name)))
        for name in asked(saved.round)
        if form.cleaned_data[name] != getattr(saved, name)
    ]


@open_to(MEMBER)
@require_safe
def application_summary(request: SignedInRequest, application_id: int) -> HttpResponse:
    """What will be sent, what it still lacks, and the sending."""
    application = own_application(request, application_id)
    if application.submitted_at:
        return redirect("application_detail", application.pk)
    return _summary(request, application, SendForm())


def _summary(request: SignedInRequest, application: Application, form: SendForm) -> HttpResponse:
    round_ = application.round
    least = round_.min_committed_persons
    context = _filling(application, "application_summary") | {
        "form": form,
        "seen": content_hash(application),
        "facts": said_facts(application),
        "persons": selectors.list_part(application),
        "objection": services.objection_to_sending(application),
        "is_late": round_.is_over(timezone.now()),
        "may_send": request.user.access.right == Right.SEND,
        "lacks_agreement": not application.has_agreement,
        "few_committed": least and (application.committed_persons or 0) < least,
    }
    return render(request, "grants/applications/summary.html", context)


@open_to(SENDER)
@require_POST
@fresh_sign_in(back="application_summary")
def application_send(request: SignedInRequest, application_id: int) -> HttpResponse:
    """Send the application as the summary showed it."""
    application = own_application(request, application_id)
    form = SendForm(request.POST)
    if not form.is_valid():
        return _summary(request, application, form)
    try:
        services.application_send(
            application.pk,
            seen=form.cleaned_data["seen"],
            by=request.user,
            at=timezone.now(),
        )
    except ApplicationRefused as refused:
        messages.error(request, str(refused))
        return redirect("application_summary", application.pk)
    messages.success(request, _("The application has been sent and received."))
    return redirect("application_detail", application.pk)


def _filling(application: Application, here: str) -> dict[str, Any]:
    return {"application": application, "places": selectors.places(application, here)}


def own_application(request: SignedInRequest, application_id: int) -> Application:
    """The application, if the user may open it. Raises Http404."""
    related = ("round", "applicant", "submitted_by", "saved_by", "replaces")
    return visible_or_404(request, Application, *related, pk=application_id)
