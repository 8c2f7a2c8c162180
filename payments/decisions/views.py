"""Pages of decisions: finding, fetching (which serves), and the stored documents (P-02, P-04)."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from config.lib.downloads import file_response
from config.lib.routes import whole_number
from payments.decisions import selectors, services
from payments.decisions.forms import FetchForm, FindForm, ServeForm
from registry.access.doors import MEMBER, open_to, visible_or_404
from registry.access.models import Role
from registry.access.requests import SignedInRequest
from registry.audit.models import Verb
from registry.audit.requests import page_record
from registry.audit.services import disclosure_record
from registry.decisions.models import Decision, DecisionDocument, Service
from registry.decisions.services import DecisionRefused
from registry.decisions.wording import APPENDIX

READERS = (MEMBER, Role.REVIEWER, Role.APPROVER)


@open_to(*READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def decision_list(request: SignedInRequest) -> HttpResponse:
    """Decisions that one may open, the latest first; found by number or recipient by POST (P-12)."""
    decisions = Decision.objects.visible_to(request.user)
    form = FindForm(request.POST or None)
    if form.is_valid():
        page = selectors.decisions_found(decisions, text=form.cleaned_data["text"])
    else:
        page = selectors.decisions_page(decisions, whole_number(request, "after"))
    return render(request, "payments/decisions/list.html", {"page": page, "form": form})


@open_to(*READERS)
@require_safe
def decision_detail(request: SignedInRequest, decision_id: int) -> HttpResponse:
    """One decision: what it comes to, until when its remedy runs, its documents."""
    decision = _decision(request, decision_id)
    return _detail(request, decision, ServeForm())


def _detail(request: SignedInRequest, decision: Decision, serve: ServeForm) -> HttpResponse:
    is_reader = request.user.access.is_staff or decision.is_served
    context = {
        "decision": decision,
        "documents": selectors.documents_shown(decision) if is_reader else [],
        "fetch": FetchForm(initial={"language": services.language_of(decision)}),
        "serve": serve if request.user.access.has(Role.REVIEWER) else None,
    }
    return render(request, "payments/decisions/detail.html", context)


@open_to(*READERS)
@require_POST
def decision_fetch(request: SignedInRequest, decision_id: int) -> HttpResponse:
    """Have the documents in a language; an officer's fetching is the decision's service (P-04)."""
    decision = _decision(request, decision_id)
    form = FetchForm(request.POST)
    if not form.is_valid():
        raise Http404
    language = form.cleaned_data["language"]
    services.documents_make(decision, language=language, at=timezone.now())
    if not request.user.access.is_staff:
        today = timezone.localdate()
        services.decision_reach(
            decision, service=Service.FETCHED, day=today, by=request.user, at=timezone.now()
        )
    return redirect("decision_detail", decision.pk)


@open_to(Role.REVIEWER)
@require_POST
def decision_serve_elsewhere(request: SignedInRequest, decision_id: int) -> HttpResponse:
    """Record that a decision reached its recipient by message or letter."""
    decision = _decision(request, decision_id)
    form = ServeForm(request.POST)
    if form.is_valid():
        service, day = Service(form.cleaned_data["service"]), form.cleaned_data["day"]
        try:
            services.decision_reach(
                decision, service=service, day=day, by=request.user, at=timezone.now()
            )
        except DecisionRefused as refused:
            form.add_error("day", str(refused))
        else:
            messages.success(request, _("The service is recorded."))
            return redirect("decision_detail", decision.pk)
    return _detail(request, decision, form)


@open_to(*READERS)
@require_safe
def decision_document(
    request: SignedInRequest, decision_id: int, kind: str, language: str, form: str
) -> HttpResponse:
    """A stored document, byte for byte as it was made; an officer's once it has been served."""
    decision = _decision(request, decision_id)
    document = decision.documents.filter(kind=kind, language=language, form=form).first()
    if document is None or not (request.user.access.is_staff or decision.is_served):
        raise Http404
    _handed_out(request, document)
    return file_response(document.name, bytes(document.content))


def _handed_out(request: SignedInRequest, document: DecisionDocument) -> None:
    """Log that a document was handed out; a person appendix is a disclosure too (P-03, P-10)."""
    decision = document.decision
    persons: list[int] = []
    if document.kind == APPENDIX:
        persons, ground = services.appendix_persons(decision)
        disclosure_record(
            actor=request.user,
            acting_for=request.user.access.organisation,
            recipient=str(decision.recipient),
            content_class=APPENDIX,
            ground=ground,
            persons=persons,
            case_ref=decision.case_ref,
        )
    page_record(
        request, verb=Verb.EXPORTED, about=document, case_ref=decision.case_ref, persons=persons
    )


def _decision(request: SignedInRequest, decision_id: int) -> Decision:
    related = (
        "recipient",
        "presenter",
        "approver",
        "of_run__proposal__run",
        "of_run__proposal__payee",
        "of_recovery__case__payee",
        "of_manual__proposal",
        "of_support__application",
        "of_cost__application__round",
        "of_cost__contests__decision",
    )
    return visible_or_404(request, Decision, *related, pk=decision_id)
