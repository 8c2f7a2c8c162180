"""Applications for persons and what is decided of them: by the applicant, and by those who decide."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from config.lib.routes import whole_number
from config.lib.told import step_told
from payments.cases.completion.models import ManualCompletion
from payments.cases.completion.panel import completion_panel
from payments.cases.completion.selectors import to_answer
from payments.cases.drafts.models import ManualDraft
from payments.cases.errors import CaseRefused
from payments.cases.evidence.forms import EvidenceForm
from payments.cases.evidence.panel import application_evidence
from payments.cases.evidence.services import applied_with_evidence
from payments.cases.forms import MOST_PERSONS, PersonFormSet, ReasonForm, with_one_more
from payments.cases.models import ManualProposal, ProposalStatus
from payments.cases.rectifying.panel import claim_panel
from payments.cases.selectors import details, lists
from payments.cases.services import applying, deciding
from payments.cases.services.steps import barrier, case_of
from registry.access.doors import MEMBER, SENDER, open_to, visible_or_404
from registry.access.models import Part, Right, Role
from registry.access.requests import SignedInRequest
from registry.access.signin.fresh import fresh_sign_in
from registry.audit.cases import origin_of
from registry.audit.requests import page_record
from registry.files.inspection import FileRefused

READERS = (MEMBER, Role.REVIEWER, Role.APPROVER)


@open_to(*READERS)
@require_safe
def manual_list(request: SignedInRequest) -> HttpResponse:
    """Proposals and applications that one may open, the latest first."""
    proposals = ManualProposal.objects.visible_to(request.user)
    page = lists.proposals_page(proposals, whole_number(request, "after"))
    context = {
        "page": page,
        "may_send": request.user.access.right == Right.SEND,
        "is_officer": request.user.access.organisation is not None,
        "to_answer": to_answer(ManualCompletion.objects.visible_to(request.user)),
        "drafts": ManualDraft.objects.visible_to(request.user).annotate(size=Count("persons")),
    }
    return render(request, "payments/cases/proposals.html", context)


@open_to(SENDER)
@require_http_methods(["GET", "HEAD", "POST"])
def manual_apply(request: SignedInRequest) -> HttpResponse:
    """Apply for persons whom the automatic month does not pay."""
    own = request.user.access.organisation
    assert own is not None
    evidence = EvidenceForm(request.POST or None, request.FILES or None, optional=True)
    if request.POST.get("add"):
        return _apply_page(request, with_one_more(request.POST), EvidenceForm(optional=True))
    forms = PersonFormSet(request.POST or None)
    if not request.POST or not all([forms.is_valid(), evidence.is_valid()]):
        return _apply_page(request, forms, evidence)
    rows = [form.applied() for form in forms if form.has_changed()]
    try:
        proposal = applied_with_evidence(
            rows,
            evidence.cleaned_data["attached"],
            shows=evidence.cleaned_data["shows"],
            applicant=own,
            by=request.user,
            at=timezone.now(),
        )
    except (CaseRefused, FileRefused) as refused:
        messages.error(request, str(refused))
        return _apply_page(request, forms, evidence)
    messages.success(request, _("The application has been sent."))
    return redirect("manual_detail", proposal.pk)


def _apply_page(request: HttpRequest, forms: Any, evidence: EvidenceForm) -> HttpResponse:
    context = {"forms": forms, "evidence": evidence, "most": MOST_PERSONS}
    return render(request, "payments/cases/apply.html", context)


@open_to(*READERS)
@require_safe
def manual_detail(request: SignedInRequest, proposal_id: int) -> HttpResponse:
    """A proposal with its cases, and what is to be done with it next."""
    return detail_page(request, proposal_of(request, proposal_id))


def detail_page(request: SignedInRequest, proposal: ManualProposal, **faulty: Any) -> HttpResponse:
    """The page of a proposal; `faulty` are forms that were sent with a fault."""
    is_told = request.user.access.is_staff or proposal.status == ProposalStatus.DECIDED
    rows = details.proposal_rows(proposal)
    named = [row.case.person_id for row in rows if row.case.person_id and not row.is_secret]
    page_record(request, about=proposal, case_ref=case_of(proposal), persons=named)
    context = {
        "proposal": proposal,
        "rows": rows,
        "is_told": is_told,
        "granted": sum(row.cents for row in rows),
        "decisions": proposal.decisions.select_related("decision__recipient").order_by("pk"),
        "next": _next_step(request, proposal),
        "return_form": ReasonForm(),
        "origin": origin_of(case_of(proposal)),
        **completion_panel(request.user, proposal, faulty),
        **claim_panel(request.user, proposal, faulty),
        **application_evidence(request.user, proposal),
    }
    return render(request, "payments/cases/proposal.html", context)


STEPS = {
    ProposalStatus.OPEN: ("propose", Role.REVIEWER, Part.PROPOSED),
    ProposalStatus.PROPOSED: ("decide", Role.APPROVER, Part.APPROVED),
}


def _next_step(request: SignedInRequest, proposal: ManualProposal) -> dict[str, Any]:
    """The step the proposal waits for if the user has the role, and what bars them from it."""
    user = request.user
    name, role, part = STEPS.get(ProposalStatus(proposal.status), ("", None, None))
    may_withdraw = bool(name) and user.access.right == Right.SEND and not user.access.is_staff
    if role is None or part is None or not user.access.has(role):
        return {"may_withdraw": may_withdraw}
    return {"name": name, "barrier": barrier(proposal, user, part)}


@open_to(Role.REVIEWER)
@require_POST
def manual_propose(request: SignedInRequest, proposal_id: int) -> HttpResponse:
    """Propose what the allocations come to and what is refused."""
    proposal = proposal_of(request, proposal_id)
    today = timezone.localdate()
    return step_taken(
        request,
        proposal,
        lambda: deciding.proposal_propose(proposal.pk, by=request.user, today=today),
        done=_("The proposal is made. Another person decides."),
    )


@open_to(Role.APPROVER)
@require_POST
@fresh_sign_in(back="manual_detail")
def manual_decide(request: SignedInRequest, proposal_id: int) -> HttpResponse:
    """Decide as proposed."""
    proposal = proposal_of(request, proposal_id)
    return step_taken(
        request,
        proposal,
        lambda: deciding.proposal_decide(proposal.pk, by=request.user, at=timezone.now()),
        done=_("It is decided. The next run pays what was granted."),
    )


@open_to(Role.APPROVER)
@require_POST
def manual_return(request: SignedInRequest, proposal_id: int) -> HttpResponse:
    """Give the proposal back with a reason."""
    proposal = proposal_of(request, proposal_id)
    reason = request.POST.get("reason", "")[:500]
    return step_taken(
        request,
        proposal,
        lambda: deciding.proposal_return(proposal.pk, by=request.user, reason=reason),
        done=_("The proposal is returned."),
    )


@open_to(SENDER)
@require_POST
def manual_withdraw(request: SignedInRequest, proposal_id: int) -> HttpResponse:
    """Withdraw one's organisation's application before it is decided."""
    proposal = proposal_of(request, proposal_id)
    return step_taken(
        request,
        proposal,
        lambda: applying.application_withdraw(proposal.pk, by=request.user),
        done=_("The application is withdrawn."),
    )


def step_taken(
    request: HttpRequest, proposal: ManualProposal, step: Callable[[], object], *, done: str
) -> HttpResponse:
    """Take a step, say that it is done or why it is refused, and go back to the page."""
    step_told(request, step, CaseRefused, done=done)
    return redirect("manual_detail", proposal.pk)


def proposal_of(request: SignedInRequest, proposal_id: int) -> ManualProposal:
    """The proposal, if the user may open it. Raises Http404."""
    people = ("payee", "applied_by", "proposed_by", "decided_by")
    return visible_or_404(request, ManualProposal, *people, pk=proposal_id)
