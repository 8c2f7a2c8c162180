"""The list of persons to apply for: its template, its findings, the draft it becomes (P-08)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from config.lib.downloads import file_response
from config.lib.told import step_told
from grants.lists.forms import UploadForm
from grants.lists.reading.refusals import ListRefused, sentence
from grants.lists.schema import LANGUAGES
from payments.cases.drafts import services
from payments.cases.drafts.columns import COLUMNS
from payments.cases.drafts.errors import ListFaulty
from payments.cases.drafts.models import ManualDraft
from payments.cases.drafts.reading import MOST_LISTED
from payments.cases.drafts.template import template_make
from payments.cases.errors import CaseRefused
from registry.access.doors import MEMBER, SENDER, open_to, visible_or_404
from registry.access.models import Right
from registry.access.requests import SignedInRequest
from registry.audit.requests import page_record
from registry.models import Organisation

NAMES = ("Suomeksi", "På svenska", "In English")


@open_to(MEMBER)
@require_http_methods(["GET", "HEAD", "POST"])
def manual_list_upload(request: SignedInRequest) -> HttpResponse:
    """Take a list of persons: it becomes a draft, or all that is wrong with it is told."""
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method != "POST" or not form.is_valid():
        return _page(request, form)
    try:
        draft = services.draft_make(
            form.cleaned_data["file"].read(),
            applicant=_own(request),
            by=request.user,
            at=timezone.now(),
        )
    except ListRefused as refused:
        return _page(request, form, refusal=sentence(refused.refusal, refused.details, COLUMNS))
    except ListFaulty as faulty:
        return _page(request, form, findings=faulty.findings)
    messages.success(request, _("The list has no errors. Look it through; then it can be sent."))
    return redirect("manual_draft", draft.pk)


def _page(request: SignedInRequest, form: UploadForm, **found: Any) -> HttpResponse:
    context = {
        "form": form,
        "languages": zip(LANGUAGES, NAMES, strict=True),
        "most": MOST_LISTED,
        "applicant": _own(request),
    }
    return render(request, "payments/cases/list_upload.html", context | found)


@open_to(MEMBER)
@require_safe
def manual_list_template(request: SignedInRequest, language: str) -> HttpResponse:
    """The template of the organisation acted for, in a language."""
    if language not in LANGUAGES:
        raise Http404
    return file_response(f"persons-{language}.xlsx", template_make(_own(request), language))


@open_to(MEMBER)
@require_safe
def manual_draft(request: SignedInRequest, draft_id: int) -> HttpResponse:
    """A draft: its persons, what is to be known of them, and the way on."""
    draft = _draft(request, draft_id)
    persons = list(draft.persons.order_by("line"))
    page_record(request, about=draft)
    context = {
        "draft": draft,
        "persons": persons,
        "findings": services.draft_findings(draft, persons, today=timezone.localdate()),
        "may_send": request.user.access.right == Right.SEND,
    }
    return render(request, "payments/cases/draft.html", context)


@open_to(SENDER)
@require_POST
def manual_draft_send(request: SignedInRequest, draft_id: int) -> HttpResponse:
    """Apply for the persons of a draft."""
    draft = _draft(request, draft_id)
    try:
        proposal = services.draft_send(draft.pk, by=request.user, today=timezone.localdate())
    except CaseRefused as refused:
        messages.error(request, str(refused))
        return redirect("manual_list")
    messages.success(request, _("The application has been sent."))
    return redirect("manual_detail", proposal.pk)


@open_to(MEMBER)
@require_POST
def manual_draft_remove(request: SignedInRequest, draft_id: int) -> HttpResponse:
    """Remove a draft."""
    draft = _draft(request, draft_id)
    step_told(
        request,
        lambda: services.draft_remove(draft.pk, by=request.user),
        CaseRefused,
        done=_("The list is removed."),
    )
    return redirect("manual_list")


def _draft(request: SignedInRequest, draft_id: int) -> ManualDraft:
    return visible_or_404(request, ManualDraft, "applicant", "made_by", pk=draft_id)


def _own(request: SignedInRequest) -> Organisation:
    own = request.user.access.organisation
    assert own is not None
    return own
