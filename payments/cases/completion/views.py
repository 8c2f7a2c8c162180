"""Asking for a completion, giving more time, answering."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from payments.cases.completion import services
from payments.cases.completion.forms import AnswerForm, AskForm, MoreTimeForm
from payments.cases.completion.models import ManualCompletion
from payments.cases.views.proposals import detail_page, proposal_of, step_taken
from registry.access.doors import SENDER, open_to, visible_or_404
from registry.access.models import Role
from registry.access.requests import SignedInRequest


@open_to(Role.REVIEWER)
@require_POST
def manual_ask(request: SignedInRequest, proposal_id: int) -> HttpResponse:
    """Ask the applicant to complete its application."""
    proposal = proposal_of(request, proposal_id)
    form = AskForm(request.POST, proposal=proposal)
    if not form.is_valid():
        return detail_page(request, proposal, ask_form=form)
    given = form.cleaned_data
    return step_taken(
        request,
        proposal,
        lambda: services.completion_ask(
            proposal.pk,
            asked=form.text(services.language_of(proposal.payee)),
            answer_by=given["answer_by"],
            case=given["case"],
            by=request.user,
            at=timezone.now(),
        ),
        done=_("The applicant is asked to complete the application."),
    )


@open_to(Role.REVIEWER)
@require_POST
def manual_extend(request: SignedInRequest, proposal_id: int, completion_id: int) -> HttpResponse:
    """Give the applicant more time to answer."""
    proposal = proposal_of(request, proposal_id)
    asked = visible_or_404(request, ManualCompletion, pk=completion_id, proposal=proposal)
    form = MoreTimeForm.of(asked, data=request.POST)
    if not form.is_valid():
        return detail_page(request, proposal, extend_form=form)
    day = form.cleaned_data["answer_by"]
    return step_taken(
        request,
        proposal,
        lambda: services.completion_extend(
            asked.pk, answer_by=day, by=request.user, at=timezone.now()
        ),
        done=_("The applicant has more time to answer."),
    )


@open_to(SENDER)
@require_POST
def manual_answer(request: SignedInRequest, proposal_id: int, completion_id: int) -> HttpResponse:
    """Answer a request for one's organisation."""
    proposal = proposal_of(request, proposal_id)
    asked = visible_or_404(request, ManualCompletion, pk=completion_id, proposal=proposal)
    form = AnswerForm.of(asked, data=request.POST)
    if not form.is_valid():
        return detail_page(request, proposal, answer_form=form)
    return step_taken(
        request,
        proposal,
        lambda: services.completion_answer(
            asked.pk,
            answer=form.cleaned_data["answer"],
            by=request.user,
            today=timezone.localdate(),
        ),
        done=_("The answer has been sent."),
    )
