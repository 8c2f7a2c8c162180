"""Hearing the applicant: the reviewer asks and gives more time, an officer answers (434/2003 § 34)."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from config.lib.told import step_told
from grants.applications.steps import ApplicationRefused
from grants.applications.views.filling import own_application
from grants.applications.views.life import application_page
from grants.hearings import services
from grants.hearings.forms import HearingAnswerForm, HearingExtendForm, HearingForm
from grants.review.views import step, support_found, workbench
from registry.access.doors import SENDER, open_to
from registry.access.models import Role
from registry.access.requests import SignedInRequest
from registry.access.signin.fresh import fresh_sign_in


@open_to(Role.REVIEWER)
@require_POST
def support_hear(request: SignedInRequest, application_id: int) -> HttpResponse:
    """Hear the applicant on the rows that are marked to be refused."""
    application, form = support_found(request, application_id), HearingForm(request.POST)
    if not form.is_valid():
        return workbench(request, application, hear=form)
    return step(
        request,
        application,
        lambda: services.hearing_ask(
            application.pk, by=request.user, at=timezone.now(), **form.cleaned_data
        ),
        done=_("The applicant is heard."),
    )


@open_to(Role.REVIEWER)
@require_POST
def support_hear_extend(request: SignedInRequest, application_id: int) -> HttpResponse:
    """Give the applicant more time to answer the hearing."""
    application, form = support_found(request, application_id), HearingExtendForm(request.POST)
    if not form.is_valid():
        return workbench(request, application, hearing_extend=form)
    return step(
        request,
        application,
        lambda: services.hearing_extend(
            application.pk, by=request.user, at=timezone.now(), **form.cleaned_data
        ),
        done=_("The applicant has more time to answer."),
    )


@open_to(SENDER)
@require_POST
@fresh_sign_in(back="application_detail")
def application_hearing(request: SignedInRequest, application_id: int) -> HttpResponse:
    """Answer the hearing for one's organisation."""
    application, form = own_application(request, application_id), HearingAnswerForm(request.POST)
    if not form.is_valid():
        return application_page(request, application, hearing_answer=form)
    step_told(
        request,
        lambda: services.hearing_answer(
            application.pk, by=request.user, at=timezone.now(), **form.cleaned_data
        ),
        ApplicationRefused,
        done=_("Your answer has been sent."),
    )
    return redirect("application_detail", application.pk)
