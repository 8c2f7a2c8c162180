"""Pages of applications: rounds and own applications, and one's life after it was sent."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from config.lib.downloads import file_response
from config.lib.routes import whole_number
from config.lib.told import step_told
from grants.applications import selectors, services
from grants.applications.completion import completion_answer
from grants.applications.forms import AnswerForm
from grants.applications.models import Application, Receipt
from grants.applications.receipt import said_facts, second
from grants.applications.steps import ApplicationRefused
from grants.applications.views.filling import own_application
from grants.costs.panel import costs_panel
from grants.decisions.panel import applicant_panel
from grants.hearings import panel as hearings
from registry.access.doors import MEMBER, SENDER, open_to
from registry.access.models import Right, Role
from registry.access.requests import SignedInRequest
from registry.access.signin.fresh import fresh_sign_in
from registry.audit.models import Purpose, Verb
from registry.audit.requests import page_record

READERS = (MEMBER, Role.REVIEWER, Role.APPROVER)


@open_to(MEMBER)
@require_safe
def application_front(request: SignedInRequest) -> HttpResponse:
    """Rounds that one may apply in, and the organisation's applications by state."""
    own = request.user.access.organisation
    assert own is not None
    applications = Application.objects.visible_to(request.user)
    context = {
        "offers": selectors.offers(own, applications, timezone.localdate()),
        "page": selectors.applications_page(applications, whole_number(request, "after")),
    }
    return render(request, "grants/applications/front.html", context)


@open_to(*READERS)
@require_safe
def application_detail(request: SignedInRequest, application_id: int) -> HttpResponse:
    """An application: its state, what was sent, what happened, what waits for an answer."""
    application = own_application(request, application_id)
    return application_page(request, application)


def application_page(
    request: SignedInRequest, application: Application, **forms: Any
) -> HttpResponse:
    """The page of an application; `forms` are those that were sent and have a fault."""
    access = request.user.access
    page_record(
        request, about=application, case_ref=application.case_ref, purpose=Purpose.SUPPLEMENTS
    )
    may_send = access.right == Right.SEND and not access.is_staff
    context: dict[str, Any] = {
        "application": application,
        "facts": said_facts(application),
        "persons": selectors.list_part(application),
        "arrived": second(application),
        "steps": selectors.steps_told(application, to_staff=access.is_staff),
        "receipt": Receipt.objects.visible_to(request.user).filter(application=application).first(),
        "request_open": selectors.open_request(application),
        "answered": application.completion_requests.exclude(answered_at=None),
        "form": AnswerForm(),
        "may_send": may_send,
        "may_withdraw": selectors.is_withdrawable(application)
        and (may_send or (not access.is_staff and application.submitted_at is None)),
        **applicant_panel(request.user, application, today=timezone.localdate()),
        **costs_panel(request.user, application),
        **hearings.applicant_panel(request.user, application),
    }
    return render(request, "grants/applications/detail.html", context | forms)


@open_to(*READERS)
@require_safe
def application_receipt(request: SignedInRequest, application_id: int) -> HttpResponse:
    """The receipt as it was made when the application was sent."""
    application = own_application(request, application_id)
    receipts = Receipt.objects.visible_to(request.user)
    receipt = receipts.filter(application=application).select_related("application").first()
    if receipt is None:
        raise Http404
    page_record(
        request,
        verb=Verb.EXPORTED,
        about=application,
        case_ref=application.case_ref,
        purpose=Purpose.SUPPLEMENTS,
    )
    return file_response(receipt.name, bytes(receipt.content))


@open_to(SENDER)
@require_POST
@fresh_sign_in(back="application_detail")
def application_answer(request: SignedInRequest, application_id: int) -> HttpResponse:
    """Answer the completion request."""
    application = own_application(request, application_id)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return application_page(request, application, form=form)
    step_told(
        request,
        lambda: completion_answer(
            application.pk, by=request.user, at=timezone.now(), answer=form.cleaned_data["answer"]
        ),
        ApplicationRefused,
        done=_("The answer has been sent. The check goes on."),
    )
    return redirect("application_detail", application.pk)


@open_to(MEMBER)
@require_POST
@fresh_sign_in(back="application_detail")
def application_withdraw(request: SignedInRequest, application_id: int) -> HttpResponse:
    """Withdraw an application that was sent, or discard a draft."""
    application = own_application(request, application_id)
    step_told(
        request,
        lambda: services.application_withdraw(application.pk, by=request.user, at=timezone.now()),
        ApplicationRefused,
        done=_("The application is withdrawn."),
    )
    return redirect("application_detail", application.pk)
