"""Pages of former payments: sent by a reviewer, looked at and approved by another."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from config.lib.routes import whole_number
from config.lib.told import step_told
from payments.former import selectors, services
from payments.former.errors import FormerRefused
from payments.former.forms import FormerForm, ReasonForm
from payments.former.models import FormerImport, FormerStatus
from registry.access.doors import open_to, visible_or_404
from registry.access.models import Role
from registry.access.requests import SignedInRequest
from registry.access.signin.fresh import fresh_sign_in
from registry.audit.requests import page_record

STAFF = (Role.REVIEWER, Role.APPROVER)
FAULTS_SHOWN = 200


@open_to(*STAFF)
@require_safe
def former_list(request: SignedInRequest) -> HttpResponse:
    """Files of former payments, the latest first."""
    imports = FormerImport.objects.visible_to(request.user)
    page = selectors.imports_page(imports, whole_number(request, "after"))
    may_import = request.user.access.has(Role.REVIEWER)
    return render(request, "payments/former/list.html", {"page": page, "may_import": may_import})


@open_to(Role.REVIEWER)
@require_http_methods(["GET", "HEAD", "POST"])
def former_import(request: SignedInRequest) -> HttpResponse:
    """Send a workbook with its control totals; all that is wrong is said at once."""
    form = FormerForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {"form": form}
    if form.is_valid():
        given = form.cleaned_data
        try:
            source = services.former_import(
                given["file"], given["controls"], by=request.user, at=timezone.now()
            )
        except FormerRefused as refused:
            form.add_error("file", str(refused))
            context["faults"] = refused.faults[:FAULTS_SHOWN]
            context["more"] = max(len(refused.faults) - FAULTS_SHOWN, 0)
            context["differences"] = refused.differences
        else:
            messages.success(
                request, _("The file is read and adds up. Another person approves it.")
            )
            return redirect("former_detail", source.pk)
    return render(request, "payments/former/import.html", context)


@open_to(*STAFF)
@require_safe
def former_detail(request: SignedInRequest, import_id: int) -> HttpResponse:
    """What a file comes to by payee and year, its rows, and the next step."""
    return _detail(request, _source(request, import_id))


def _detail(request: SignedInRequest, source: FormerImport, **forms: Any) -> HttpResponse:
    page = selectors.payments_page(source, whole_number(request, "after"))
    may_approve = source.status == FormerStatus.PROPOSED and request.user.access.has(Role.APPROVER)
    page_record(
        request,
        about=source,
        persons=[payment.person_id for payment in page.rows],
        case_ref=services.case_of(source),
    )
    context = {
        "source": source,
        "totals": selectors.import_totals(source),
        "page": page,
        "may_approve": may_approve,
        "barrier": services.barrier(source, request.user) if may_approve else None,
        "refuse_form": ReasonForm(),
    }
    return render(request, "payments/former/detail.html", context | forms)


@open_to(Role.APPROVER)
@require_POST
@fresh_sign_in(back="former_detail")
def former_approve(request: SignedInRequest, import_id: int) -> HttpResponse:
    """Let the payments of the file count as paid."""
    source = _source(request, import_id)
    return _step(
        request,
        source,
        lambda: services.former_approve(source.pk, by=request.user, at=timezone.now()),
        done=_("The payments are approved. What they paid is not paid again."),
    )


@open_to(Role.APPROVER)
@require_POST
def former_refuse(request: SignedInRequest, import_id: int) -> HttpResponse:
    """Refuse the file with a reason."""
    source, form = _source(request, import_id), ReasonForm(request.POST)
    if not form.is_valid():
        return _detail(request, source, refuse_form=form)
    return _step(
        request,
        source,
        lambda: services.former_refuse(source.pk, by=request.user, **form.cleaned_data),
        done=_("The file is refused."),
    )


def _step(
    request: SignedInRequest, source: FormerImport, step: Callable[[], object], *, done: str
) -> HttpResponse:
    step_told(request, step, FormerRefused, done=done)
    return redirect("former_detail", source.pk)


def _source(request: SignedInRequest, import_id: int) -> FormerImport:
    people = ("imported_by", "approved_by", "opened_by")
    return visible_or_404(request, FormerImport, *people, pk=import_id)
