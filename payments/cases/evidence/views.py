"""Evidence files of applications and cases: added, handed out, removed; each is logged (P-10)."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from config.lib.told import step_told
from payments.cases.errors import CaseRefused
from payments.cases.evidence import services
from payments.cases.evidence.forms import EvidenceForm
from payments.cases.evidence.models import CaseEvidence
from payments.cases.models import ManualCase, ManualProposal
from payments.cases.services.steps import case_of
from registry.access.doors import MEMBER, SENDER, open_to, visible_or_404
from registry.access.models import Role
from registry.access.requests import SignedInRequest
from registry.audit.models import Purpose
from registry.files.downloads import kept_response
from registry.files.inspection import FileRefused


@open_to(SENDER)
@require_POST
def manual_evidence_add(request: SignedInRequest, proposal_id: int) -> HttpResponse:
    """Add files to one's organisation's application."""
    proposal = visible_or_404(request, ManualProposal, pk=proposal_id)
    return _added(
        request,
        redirect("manual_detail", proposal.pk),
        lambda form: services.application_evidence_add(
            proposal.pk,
            form.cleaned_data["attached"],
            shows=form.cleaned_data["shows"],
            by=request.user,
            at=timezone.now(),
        ),
    )


@open_to(Role.REVIEWER)
@require_POST
def case_evidence_add(request: SignedInRequest, case_id: int) -> HttpResponse:
    """Add files to a case that is being allocated."""
    case = visible_or_404(request, ManualCase, pk=case_id)
    return _added(
        request,
        redirect("case_detail", case.pk),
        lambda form: services.case_evidence_add(
            case.pk,
            form.cleaned_data["attached"],
            shows=form.cleaned_data["shows"],
            by=request.user,
            at=timezone.now(),
        ),
    )


def _added(
    request: SignedInRequest, back: HttpResponse, add: Callable[[EvidenceForm], None]
) -> HttpResponse:
    form = EvidenceForm(request.POST, request.FILES)
    if not form.is_valid():
        for errors in form.errors.values():
            messages.error(request, " ".join(map(str, errors)))
        return back
    step_told(request, lambda: add(form), CaseRefused, FileRefused, done=_("The files are kept."))
    return back


@open_to(MEMBER, Role.REVIEWER, Role.APPROVER)
@require_safe
def evidence_file(request: SignedInRequest, evidence_id: int) -> HttpResponse:
    """One file as it was sent."""
    evidence = _evidence(request, evidence_id)
    case_ref = case_of(proposal) if (proposal := _proposal_of(evidence)) else ""
    return kept_response(request, evidence.file, purpose=Purpose.COMPENSATION, case_ref=case_ref)


@open_to(SENDER, Role.REVIEWER)
@require_POST
def evidence_remove(request: SignedInRequest, evidence_id: int) -> HttpResponse:
    """Remove a file that was sent in error."""
    evidence = _evidence(request, evidence_id)
    back = (
        redirect("case_detail", evidence.case_id)
        if evidence.case_id
        else redirect("manual_detail", evidence.proposal_id)
    )
    step_told(
        request,
        lambda: services.evidence_remove(evidence.pk, by=request.user),
        CaseRefused,
        done=_("The file is removed."),
    )
    return back


def _evidence(request: SignedInRequest, evidence_id: int) -> CaseEvidence:
    related = ("proposal", "case__proposal", "file__bytes")
    return visible_or_404(request, CaseEvidence, *related, pk=evidence_id)


def _proposal_of(evidence: CaseEvidence) -> ManualProposal | None:
    return evidence.proposal or (evidence.case.proposal if evidence.case else None)
