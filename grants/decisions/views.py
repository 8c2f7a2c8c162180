"""Steps towards a decision: proposing, returning, deciding, claiming rectification."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from config.lib.downloads import file_response
from config.lib.told import step_told
from grants.applications.models import Application
from grants.applications.steps import ApplicationRefused
from grants.decisions import letter
from grants.decisions.forms import (
    CeilingForm,
    ClaimForm,
    ClaimProposalForm,
    ProposalForm,
    ReturnForm,
)
from grants.decisions.models import RectificationClaim, Ruling, SupportProposal
from grants.decisions.services import ceilings, claiming, deciding, proposing
from grants.review.views import step, support_found, workbench
from registry.access.doors import SENDER, open_to, visible_or_404
from registry.access.models import Role
from registry.access.requests import SignedInRequest
from registry.access.signin.fresh import fresh_sign_in
from registry.audit.models import Purpose, Verb
from registry.audit.requests import page_record


@open_to(Role.REVIEWER)
@require_POST
def support_propose(request: SignedInRequest, application_id: int) -> HttpResponse:
    """Propose what the marks say or a ceiling, or dismissal."""
    application = support_found(request, application_id)
    if not application.round.has_list:
        return _ceiling_propose(request, application)
    form = ProposalForm(application, request.POST)
    if not form.is_valid():
        return workbench(request, application, propose=form)
    return step(
        request,
        application,
        lambda: proposing.decision_propose(
            application.pk,
            by=request.user,
            at=timezone.now(),
            reasons=form.text(),
            is_inadmissible=form.is_inadmissible,
            unheard=form.cleaned_data["unheard"],
        ),
        done=_("The proposal is made. Another person decides."),
    )


def _ceiling_propose(request: SignedInRequest, application: Application) -> HttpResponse:
    form = CeilingForm(application, request.POST)
    if not form.is_valid():
        return workbench(request, application, propose=form)
    return step(
        request,
        application,
        lambda: ceilings.ceiling_propose(
            application.pk, form.said(), by=request.user, at=timezone.now()
        ),
        done=_("The proposal is made. Another person decides."),
    )


@open_to(Role.REVIEWER)
@require_POST
def support_claim_propose(request: SignedInRequest, application_id: int) -> HttpResponse:
    """Propose a decision on the open rectification claim."""
    application = support_found(request, application_id)
    claims = RectificationClaim.objects.visible_to(request.user).open()
    related = "contested__application__round"
    claim = claims.filter(contested__application=application).select_related(related).first()
    if claim is None:
        raise Http404
    form = ClaimProposalForm(claim, request.POST)
    if not form.is_valid():
        return workbench(request, application, claim_form=form)
    return step(
        request,
        application,
        lambda: proposing.rectification_propose(
            claim.pk,
            by=request.user,
            at=timezone.now(),
            reasons=form.text(),
            ruling=Ruling(form.cleaned_data["ruling"]),
            ceiling_cents=form.ceiling_cents,
        ),
        done=_("The proposal is made. Another person decides."),
    )


@open_to(Role.APPROVER)
@require_POST
def support_return(request: SignedInRequest, application_id: int) -> HttpResponse:
    """Give the open proposal back to be checked, with a reason."""
    application = support_found(request, application_id)
    proposal, form = _proposal(request, application), ReturnForm(request.POST)
    if not form.is_valid():
        return workbench(request, application, return_form=form)
    reason = form.cleaned_data["reason"]
    return step(
        request,
        application,
        lambda: proposing.proposal_return(
            proposal.pk, by=request.user, at=timezone.now(), reason=reason
        ),
        done=_("The proposal is returned."),
    )


@open_to(Role.APPROVER)
@require_POST
@fresh_sign_in(back="support_detail")
def support_decide(request: SignedInRequest, application_id: int) -> HttpResponse:
    """Decide as proposed."""
    application = support_found(request, application_id)
    proposal = _proposal(request, application)
    return step(
        request,
        application,
        lambda: deciding.decision_make(proposal.pk, by=request.user, at=timezone.now()),
        done=_("The application is decided. The next batch pays what was granted.")
        if application.round.has_list
        else _("The application is decided. What is granted is paid by claims of costs."),
    )


@open_to(Role.REVIEWER, Role.APPROVER)
@require_safe
def support_letter(request: SignedInRequest, application_id: int) -> HttpResponse:
    """The letter of the open proposal as it would be; it names no person."""
    application = support_found(request, application_id)
    proposal, at = _proposal(request, application), timezone.now()
    decision = deciding.decision_of(proposal, request.user, timezone.localdate(at))
    page_record(
        request,
        verb=Verb.EXPORTED,
        about=application,
        case_ref=application.case_ref,
        purpose=Purpose.SUPPLEMENTS,
    )
    return file_response("draft.pdf", letter.preview(proposal, decision, at))


def _proposal(request: SignedInRequest, application: Application) -> SupportProposal:
    """The proposal that waits for the approver. Raises Http404."""
    proposals = SupportProposal.objects.visible_to(request.user).open()
    related = ("application__round", "application__applicant", "proposed_by", "claim__contested")
    found = proposals.filter(application=application).select_related(*related).first()
    if found is None:
        raise Http404
    return found


@open_to(SENDER)
@require_POST
@fresh_sign_in(back="application_detail")
def support_claim(request: SignedInRequest, application_id: int) -> HttpResponse:
    """Claim rectification of the decision on one's application."""
    application = visible_or_404(request, Application, pk=application_id)
    decided = SupportProposal.objects.visible_to(request.user).filter(
        application=application, claim=None
    )
    form, contested = ClaimForm(request.POST), decided.select_related("decision").first()
    if contested is None:
        raise Http404
    if not form.is_valid():
        messages.error(request, _("Write what you claim, and why."))
        return redirect("application_detail", application.pk)
    step_told(
        request,
        lambda: claiming.rectification_claim(
            contested,
            text=form.cleaned_data["text"],
            by=request.user,
            at=timezone.now(),
            today=timezone.localdate(),
        ),
        ApplicationRefused,
        done=_("The rectification claim has been filed."),
    )
    return redirect("application_detail", application.pk)
