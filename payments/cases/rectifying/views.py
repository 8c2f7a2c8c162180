"""Filing a claim for rectification, and refusing one as a whole."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from grants.decisions.forms import ClaimForm
from payments.cases.errors import CaseRefused
from payments.cases.forms import ReasonForm
from payments.cases.rectifying import filing, refusing
from payments.cases.views.proposals import detail_page, proposal_of, step_taken
from registry.access.doors import SENDER, open_to
from registry.access.models import Role
from registry.access.requests import SignedInRequest


@open_to(SENDER)
@require_POST
def manual_claim(request: SignedInRequest, proposal_id: int) -> HttpResponse:
    """Claim rectification of the decision on one's organisation's application."""
    decided = proposal_of(request, proposal_id)
    form = ClaimForm(request.POST)
    if not form.is_valid():
        return detail_page(request, decided, claim_form=form)
    try:
        claim = filing.rectification_claim(
            decided.pk,
            text=form.cleaned_data["text"],
            by=request.user,
            today=timezone.localdate(),
        )
    except CaseRefused as refused:
        messages.error(request, str(refused))
        return redirect("manual_detail", decided.pk)
    messages.success(request, _("The rectification claim has been filed."))
    return redirect("manual_detail", claim.pk)


@open_to(Role.REVIEWER)
@require_POST
def manual_claim_refuse(request: SignedInRequest, proposal_id: int) -> HttpResponse:
    """Refuse a claim as a whole, with a reason."""
    proposal = proposal_of(request, proposal_id)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return detail_page(request, proposal, claim_refuse_form=form)
    return step_taken(
        request,
        proposal,
        lambda: refusing.claim_refuse(
            proposal.pk, reason=form.cleaned_data["reason"], by=request.user
        ),
        done=_("The refusal is kept; propose it next."),
    )
