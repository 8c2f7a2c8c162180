"""Pages of claims: what may be applied for, applications, checking and deciding (§ 70)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from config.lib.routes import whole_number
from config.lib.told import step_told
from payments.claims import selectors, services
from payments.claims.forms import ChosenForm, ProposalForm, ReturnForm
from payments.claims.models import ApplicationStatus, ClaimApplication
from payments.claims.services import ClaimRefused, case_of
from registry.access.doors import MEMBER, SENDER, open_to, visible_or_404
from registry.access.hands import objection
from registry.access.models import Part, Right, Role
from registry.access.requests import SignedInRequest
from registry.access.signin.fresh import fresh_sign_in
from registry.audit.requests import page_record

READERS = (MEMBER, Role.REVIEWER, Role.APPROVER)


@open_to(MEMBER)
@require_safe
def claimable_list(request: SignedInRequest) -> HttpResponse:
    """Months never paid that one's organisation may apply for, and those that have lapsed."""
    own = request.user.access.organisation
    assert own is not None
    today = timezone.localdate()
    page = selectors.claimable_page(own, today, whole_number(request, "after"))
    named = [row.entry.person_id for row in page.rows if not row.is_secret]
    page_record(request, about=own, persons=named)
    context = {
        "page": page,
        "open": selectors.open_sum(own, today),
        "lapsed": selectors.lapsed_sum(own, today),
        "may_send": request.user.access.right == Right.SEND,
    }
    return render(request, "payments/claims/claimable.html", context)


@open_to(SENDER)
@require_POST
def claims_apply(request: SignedInRequest) -> HttpResponse:
    """Apply for the chosen months, or for all of them."""
    own = request.user.access.organisation
    assert own is not None
    today = timezone.localdate()
    offered = list(selectors.open_entries(own, today).values_list("pk", flat=True))
    form = ChosenForm(request.POST, offered=offered)
    if not form.is_valid():
        messages.error(request, _("Some of the months can no longer be applied for. Choose again."))
        return redirect("claimable_list")
    chosen = offered if form.cleaned_data["everything"] else form.cleaned_data["entries"]
    try:
        application = services.claims_apply(chosen, applicant=own, by=request.user, today=today)
    except ClaimRefused as refused:
        messages.error(request, str(refused))
        return redirect("claimable_list")
    messages.success(request, _("The application has been sent."))
    return redirect("claims_detail", application.pk)


@open_to(*READERS)
@require_safe
def claims_list(request: SignedInRequest) -> HttpResponse:
    """Applications that one may open, the latest first."""
    applications = ClaimApplication.objects.visible_to(request.user)
    page = selectors.applications_page(applications, whole_number(request, "after"))
    return render(request, "payments/claims/list.html", {"page": page})


@open_to(*READERS)
@require_safe
def claims_detail(request: SignedInRequest, application_id: int) -> HttpResponse:
    """An application with its months, and what is to be done with it next."""
    application = _application(request, application_id)
    return _detail(request, application, ProposalForm(application))


def _detail(
    request: SignedInRequest, application: ClaimApplication, form: ProposalForm
) -> HttpResponse:
    rows = selectors.claims_shown(application)
    named = [row.claim.person_id for row in rows if not row.is_secret]
    page_record(request, about=application, case_ref=case_of(application), persons=named)
    context = {
        "application": application,
        "rows": [(row, form[f"reason_{row.claim.pk}"]) for row in rows],
        "next": _next_step(request, application),
        "return_form": ReturnForm(),
    }
    return render(request, "payments/claims/detail.html", context)


STEPS = {
    ApplicationStatus.APPLIED: ("propose", Role.REVIEWER, Part.PROPOSED),
    ApplicationStatus.PROPOSED: ("decide", Role.APPROVER, Part.APPROVED),
}


def _next_step(request: SignedInRequest, application: ClaimApplication) -> dict[str, Any]:
    """The step the application waits for if the user has the role, and what bars them from it."""
    user = request.user
    name, role, part = STEPS.get(ApplicationStatus(application.status), ("", None, None))
    may_withdraw = bool(name) and user.access.right == Right.SEND and not user.access.is_staff
    if role is None or part is None or not user.access.has(role):
        return {"may_withdraw": may_withdraw}
    barrier = objection(application, user, part, concerns=application.applicant)
    return {"name": name, "barrier": barrier}


@open_to(Role.REVIEWER)
@require_POST
def claims_propose(request: SignedInRequest, application_id: int) -> HttpResponse:
    """Propose what is granted, and what is refused with which reason."""
    application = _application(request, application_id)
    form = ProposalForm(application, request.POST)
    if not form.is_valid():
        return _detail(request, application, form)
    return _step(
        request,
        application,
        lambda: services.application_propose(
            application.pk, by=request.user, refused=form.refused()
        ),
        done=_("The proposal is made. Another person decides."),
    )


@open_to(Role.APPROVER)
@require_POST
@fresh_sign_in(back="claims_detail")
def claims_decide(request: SignedInRequest, application_id: int) -> HttpResponse:
    """Decide as proposed."""
    application = _application(request, application_id)
    return _step(
        request,
        application,
        lambda: services.application_decide(application.pk, by=request.user, at=timezone.now()),
        done=_("The application is decided. The next run pays what was granted."),
    )


@open_to(Role.APPROVER)
@require_POST
def claims_return(request: SignedInRequest, application_id: int) -> HttpResponse:
    """Give the proposal back with a reason."""
    application = _application(request, application_id)
    reason = request.POST.get("reason", "")[:500]
    return _step(
        request,
        application,
        lambda: services.application_return(application.pk, by=request.user, reason=reason),
        done=_("The proposal is returned."),
    )


@open_to(SENDER)
@require_POST
def claims_withdraw(request: SignedInRequest, application_id: int) -> HttpResponse:
    """Withdraw one's organisation's application before it is decided."""
    application = _application(request, application_id)
    return _step(
        request,
        application,
        lambda: services.application_withdraw(application.pk, by=request.user),
        done=_("The application is withdrawn. Its months can be applied for again."),
    )


def _step(
    request: HttpRequest, application: ClaimApplication, step: Callable[[], object], *, done: str
) -> HttpResponse:
    step_told(request, step, ClaimRefused, done=done)
    return redirect("claims_detail", application.pk)


def _application(request: SignedInRequest, application_id: int) -> ClaimApplication:
    people = ("applied_by", "proposed_by", "decided_by")
    return visible_or_404(
        request, ClaimApplication, "applicant", "decision", *people, pk=application_id
    )
