"""Pages of claims of costs: the applicant's drafts and vouchers, the authority's examination."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from config.lib.told import step_told
from grants.applications.models import Application
from grants.applications.steps import ApplicationRefused
from grants.costs import selectors
from grants.costs.forms import CostAskForm, CostForm, CostProposalForm, CostSendForm
from grants.costs.models import CostAttachment, CostClaim
from grants.costs.services import claiming, closing, deciding
from grants.costs.states import WAITING, CostStatus
from grants.decisions.forms import ReturnForm
from grants.review.views import step as support_step
from grants.review.views import support_found
from registry.access.doors import MEMBER, SENDER, open_to, visible_or_404
from registry.access.hands import objection
from registry.access.models import Part, Right, Role
from registry.access.requests import SignedInRequest
from registry.access.signin.fresh import fresh_sign_in
from registry.audit.models import Purpose
from registry.audit.requests import page_record
from registry.files.downloads import kept_response
from registry.files.inspection import FileRefused

READERS = (MEMBER, Role.REVIEWER, Role.APPROVER)


@open_to(MEMBER)
@require_http_methods(["GET", "HEAD", "POST"])
def cost_new(request: SignedInRequest, application_id: int) -> HttpResponse:
    """Begin a claim of costs."""
    application = visible_or_404(request, Application, "round", "applicant", pk=application_id)
    return _begin(request, application, None)


@open_to(MEMBER)
@require_http_methods(["GET", "HEAD", "POST"])
def cost_contest(request: SignedInRequest, claim_id: int) -> HttpResponse:
    """Claim rectification of what was cut of a claim."""
    claim = _claim(request, claim_id)
    return _begin(request, claim.application, claim)


def _begin(
    request: SignedInRequest, application: Application, contests: CostClaim | None
) -> HttpResponse:
    reason = (
        claiming.contest_objection(contests, timezone.localdate())
        if contests
        else claiming.objection_to_claiming(application)
    )
    if reason:
        messages.error(request, reason)
        return redirect("application_detail", application.pk)
    form = CostForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        try:
            claim = claiming.cost_begin(
                application.pk,
                form.said(),
                files=form.cleaned_data["vouchers"],
                contests=contests,
                by=request.user,
                at=timezone.now(),
            )
        except FileRefused as refused:
            form.add_error("vouchers", str(refused))
        except ApplicationRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The claim is saved as a draft. Check it, then send it."))
            return redirect("cost_detail", claim.pk)
    context = {
        "application": application,
        "contests": contests,
        "form": form,
        "ceiling": selectors.ceiling_figures(application),
    }
    return render(request, "grants/costs/new.html", context)


@open_to(*READERS)
@require_safe
def cost_detail(request: SignedInRequest, claim_id: int) -> HttpResponse:
    """A claim: what it says, its vouchers, what has happened, and the next step of who looks."""
    return _page(request, _claim(request, claim_id))


def _page(
    request: SignedInRequest, claim: CostClaim, *, status: int = 200, **forms: Any
) -> HttpResponse:
    page_record(
        request, about=claim, case_ref=claim.application.case_ref, purpose=Purpose.SUPPLEMENTS
    )
    is_staff = request.user.access.is_staff
    attachments = CostAttachment.objects.visible_to(request.user)
    may_change = not is_staff and claim.is_editable
    context: dict[str, Any] = {
        "claim": claim,
        "application": claim.application,
        "ceiling": selectors.ceiling_figures(claim.application),
        "files": selectors.attachments_shown(attachments, claim, can_remove=may_change),
        "can_remove": may_change,
        "steps": selectors.steps_told([claim], to_staff=is_staff),
        "asked": selectors.last_asked(claim),
    }
    context |= _of_staff(request, claim) if is_staff else _of_applicant(request, claim)
    return render(request, "grants/costs/detail.html", context | forms, status=status)


def _of_applicant(request: SignedInRequest, claim: CostClaim) -> dict[str, Any]:
    sends = request.user.access.right == Right.SEND
    withdrawable = claim.status in (CostStatus.DRAFT, *WAITING)
    context: dict[str, Any] = {
        "may_send": sends,
        "may_withdraw": withdrawable and (sends or claim.number is None),
        "may_contest": claiming.contest_objection(claim, timezone.localdate()) is None,
    }
    if claim.is_editable:
        context |= {
            "form": CostForm(claim=claim),
            "send": CostSendForm(claim),
            "lacks": claiming.objection_to_sending(claim),
        }
    return context


def _of_staff(request: SignedInRequest, claim: CostClaim) -> dict[str, Any]:
    user, application = request.user, claim.application
    part = Part.APPROVED if claim.status == CostStatus.PROPOSED else Part.PROPOSED
    context: dict[str, Any] = {
        "barrier": objection(application, user, part, concerns=application.applicant)
    }
    if claim.status == CostStatus.PROPOSED and user.access.has(Role.APPROVER):
        context["return_form"] = ReturnForm()
    elif user.access.has(Role.REVIEWER) and claim.status == CostStatus.SENT:
        context |= {"propose": CostProposalForm(claim), "ask": CostAskForm()}
    elif user.access.has(Role.REVIEWER) and claim.status == CostStatus.ASKED:
        context["may_resume"] = True
    return context


@open_to(MEMBER)
@require_POST
def cost_save(request: SignedInRequest, claim_id: int) -> HttpResponse:
    """Save what a claim says, with more vouchers."""
    claim, form = _claim(request, claim_id), CostForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, claim, form=form)
    try:
        claiming.cost_save(
            claim,
            form.said(),
            files=form.cleaned_data["vouchers"],
            by=request.user,
            at=timezone.now(),
        )
    except FileRefused as refused:
        form.add_error("vouchers", str(refused))
        return _page(request, claim, form=form)
    except ApplicationRefused as refused:
        form.add_error(None, str(refused))
        return _page(request, claim, form=form)
    messages.success(request, _("The claim is saved."))
    return redirect("cost_detail", claim.pk)


@open_to(SENDER)
@require_POST
@fresh_sign_in(back="cost_detail")
def cost_send(request: SignedInRequest, claim_id: int) -> HttpResponse:
    """Send a claim, or send it again as completed."""
    claim = _claim(request, claim_id)
    form = CostSendForm(claim, request.POST)
    if not form.is_valid():
        return _page(request, claim, send=form)
    answer = form.cleaned_data.get("answer", "")
    return _step(
        request,
        claim,
        lambda: claiming.cost_send(claim, by=request.user, at=timezone.now(), answer=answer),
        done=_("The claim has been sent."),
    )


@open_to(MEMBER)
@require_POST
@fresh_sign_in(back="cost_detail")
def cost_withdraw(request: SignedInRequest, claim_id: int) -> HttpResponse:
    """Withdraw a claim that was sent, or discard a draft."""
    claim = _claim(request, claim_id)
    return _step(
        request,
        claim,
        lambda: claiming.cost_withdraw(claim, by=request.user, at=timezone.now()),
        done=_("The claim is withdrawn."),
    )


@open_to(*READERS)
@require_safe
def cost_file(request: SignedInRequest, attachment_id: int) -> HttpResponse:
    """A voucher as it was sent."""
    related = ("file__bytes", "claim")
    attachment = visible_or_404(request, CostAttachment, *related, pk=attachment_id)
    case_ref = f"application {attachment.claim.application_id}"
    return kept_response(request, attachment.file, purpose=Purpose.SUPPLEMENTS, case_ref=case_ref)


@open_to(MEMBER)
@require_POST
def cost_file_remove(request: SignedInRequest, attachment_id: int) -> HttpResponse:
    """Take back a voucher that was not sent yet."""
    related = ("file", "claim__application__applicant")
    attachment = visible_or_404(request, CostAttachment, *related, pk=attachment_id)
    return _step(
        request,
        attachment.claim,
        lambda: claiming.attachment_remove(attachment, by=request.user),
        done=_("The attachment is removed."),
    )


@open_to(Role.REVIEWER)
@require_POST
def cost_ask(request: SignedInRequest, claim_id: int) -> HttpResponse:
    """Ask the applicant to complete a claim."""
    claim, form = _claim(request, claim_id), CostAskForm(request.POST)
    if not form.is_valid():
        return _page(request, claim, ask=form)
    given = form.cleaned_data
    return _step(
        request,
        claim,
        lambda: deciding.cost_ask(claim, **given, by=request.user, at=timezone.now()),
        done=_("The applicant is asked to complete the claim."),
    )


@open_to(Role.REVIEWER)
@require_POST
def cost_resume(request: SignedInRequest, claim_id: int) -> HttpResponse:
    """Go on without an answer whose day has passed."""
    claim = _claim(request, claim_id)
    return _step(
        request,
        claim,
        lambda: deciding.cost_resume(claim, by=request.user, at=timezone.now()),
        done=_("The check goes on without an answer."),
    )


@open_to(Role.REVIEWER)
@require_POST
def cost_propose(request: SignedInRequest, claim_id: int) -> HttpResponse:
    """Propose how much of a claim is accepted."""
    claim = _claim(request, claim_id)
    form = CostProposalForm(claim, request.POST)
    if not form.is_valid():
        return _page(request, claim, propose=form)
    return _step(
        request,
        claim,
        lambda: deciding.cost_propose(
            claim,
            accepted_cents=form.cents,
            reason=form.cleaned_data["reason"],
            by=request.user,
            at=timezone.now(),
        ),
        done=_("The proposal is made. Another person decides."),
    )


@open_to(Role.APPROVER)
@require_POST
def cost_return(request: SignedInRequest, claim_id: int) -> HttpResponse:
    """Give the proposal back to be checked, with a reason."""
    claim, form = _claim(request, claim_id), ReturnForm(request.POST)
    if not form.is_valid():
        return _page(request, claim, return_form=form)
    reason = form.cleaned_data["reason"]
    return _step(
        request,
        claim,
        lambda: deciding.cost_return(claim, reason=reason, by=request.user, at=timezone.now()),
        done=_("The proposal is returned."),
    )


@open_to(Role.APPROVER)
@require_POST
@fresh_sign_in(back="cost_detail")
def cost_decide(request: SignedInRequest, claim_id: int) -> HttpResponse:
    """Accept or refuse as proposed."""
    claim = _claim(request, claim_id)
    return _step(
        request,
        claim,
        lambda: deciding.cost_decide(claim, by=request.user, at=timezone.now()),
        done=_("The claim is decided. The next batch pays what was accepted."),
    )


@open_to(Role.REVIEWER)
@require_POST
def support_close(request: SignedInRequest, application_id: int) -> HttpResponse:
    """Close a salary grant and release what is left of it."""
    application = support_found(request, application_id)
    return support_step(
        request,
        application,
        lambda: closing.grant_close(application.pk, by=request.user, at=timezone.now()),
        done=_("The grant is closed. What was left of it is released to the frame."),
    )


def _claim(request: SignedInRequest, claim_id: int) -> CostClaim:
    """The claim, if the user may open it. Raises Http404."""
    related = ("application__round", "application__applicant", "decision", "contests__decision")
    return visible_or_404(request, CostClaim, *related, pk=claim_id)


def _step(
    request: HttpRequest, claim: CostClaim, take: Callable[[], object], *, done: str
) -> HttpResponse:
    """Take a step with a claim; tell what came of it, on its page."""
    step_told(request, take, ApplicationRefused, done=done)
    return redirect("cost_detail", claim.pk)
