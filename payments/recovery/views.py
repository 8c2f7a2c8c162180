"""Pages of recoveries: the work list, one case as a workbench, and the payee's own page (§ 71)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from config.lib.routes import whole_number
from config.lib.told import step_told
from payments.bank.banking_days import on_banking_day
from payments.models import RecoveryCase
from payments.recovery import forms
from payments.recovery.errors import RecoveryRefused
from payments.recovery.models import CaseStatus
from payments.recovery.policies import POLICIES
from payments.recovery.selectors.cases import CasePage, case_page, closed_page, open_rows
from payments.recovery.services import hearing
from registry.access.doors import MEMBER, SENDER, open_to, visible_or_404
from registry.access.hands import objection
from registry.access.models import Part, Right, Role
from registry.access.requests import SignedInRequest

READERS = (MEMBER, Role.REVIEWER, Role.APPROVER)
TIME_TO_ANSWER, TIME_TO_PAY = timedelta(days=14), timedelta(days=30)


@open_to(*READERS)
@require_safe
def recovery_list(request: SignedInRequest) -> HttpResponse:
    """Recoveries that one may open: what is open of each, and until when it can be decided."""
    cases, today = RecoveryCase.objects.visible_to(request.user), timezone.localdate()
    page = closed_page(cases, whole_number(request, "after"), today)
    rows = open_rows(cases, today) if page.is_first else []
    return render(request, "payments/recovery/list.html", {"rows": rows, "page": page})


@open_to(*READERS)
@require_safe
def recovery_detail(request: SignedInRequest, case_id: int) -> HttpResponse:
    """One recovery: its entries and steps, and what can be done with it."""
    return _detail(request, case_opened(request, case_id))


def _detail(
    request: SignedInRequest, case: RecoveryCase, bound: forms.StepForm | None = None
) -> HttpResponse:
    page = case_page(case, timezone.localdate())
    context: dict[str, Any] = {"case": case, "page": page, "form": bound}
    if request.user.access.has(Role.REVIEWER):
        context |= _reviewers(request, case, page, bound)
    if request.user.access.has(Role.APPROVER) and page.open_step:
        context["barrier"] = objection(case, request.user, Part.APPROVED, concerns=case.payee)
        context["refusal"] = _or_bound(forms.RefusalForm(), bound)
    if page.may_answer and request.user.access.right == Right.SEND:
        context["answer"] = _or_bound(forms.AnswerForm(), bound)
    return render(request, "payments/recovery/detail.html", context)


def _reviewers(
    request: SignedInRequest, case: RecoveryCase, page: CasePage, bound: forms.StepForm | None
) -> dict[str, Any]:
    """The forms that a reviewer may fill in now, and what bars this one."""
    if barrier := objection(case, request.user, Part.PROPOSED, concerns=case.payee):
        return {"reviewer_barrier": barrier}
    if page.open_step:
        return {}
    today = timezone.localdate()
    offered: dict[str, forms.StepForm] = {"payment": forms.PaymentForm()}
    if case.status != CaseStatus.CLOSED:
        offered["waive"] = forms.WaiveForm()
    if page.may_ask and not page.is_past:
        offered["hear"] = forms.HearingForm(initial={"answer_by": today + TIME_TO_ANSWER})
    if case.status == CaseStatus.REPAY and page.hearing and page.hearing.is_over(today):
        offered["repay"] = forms.RepayForm(initial={"due_on": on_banking_day(today + TIME_TO_PAY)})
    if page.reversible:
        offered["reverse"] = forms.ReverseForm(entries=page.reversible)
    shown = {name: _or_bound(form, bound) for name, form in offered.items()}
    may_be_left = POLICIES[case.regime].may_be_left_cents
    return {
        "forms": shown,
        "may_leave": case.status == CaseStatus.REPAY and case.may_be_set_off,
        "may_be_left": may_be_left if page.debt and page.debt.total <= may_be_left else None,
    }


def _or_bound(form: forms.StepForm, bound: forms.StepForm | None) -> forms.StepForm:
    return bound if type(bound) is type(form) else form


@open_to(Role.REVIEWER)
@require_POST
def recovery_hear(request: SignedInRequest, case_id: int) -> HttpResponse:
    """Ask the payee why it should not repay; later months are no longer set off."""
    case, form = case_opened(request, case_id), forms.HearingForm(request.POST)
    return step_taken(
        request,
        case,
        form,
        lambda: hearing.repayment_begin(
            case.pk, by=request.user, today=timezone.localdate(), **form.cleaned_data
        ),
        done=_("The payee is asked. Nothing is set off meanwhile."),
    )


@open_to(Role.REVIEWER)
@require_POST
def recovery_set_off(request: SignedInRequest, case_id: int) -> HttpResponse:
    """Set later months off again instead of a decision to repay."""
    case = case_opened(request, case_id)
    return step_taken(
        request,
        case,
        None,
        lambda: hearing.repayment_leave(case.pk, by=request.user),
        done=_("Later months are set off again."),
    )


@open_to(SENDER)
@require_POST
def recovery_answer(request: SignedInRequest, case_id: int) -> HttpResponse:
    """Answer a hearing for one's organisation."""
    case, form = case_opened(request, case_id), forms.AnswerForm(request.POST)
    return step_taken(
        request,
        case,
        form,
        lambda: hearing.hearing_answer(
            case.pk, by=request.user, today=timezone.localdate(), **form.cleaned_data
        ),
        done=_("Your answer has been sent."),
    )


def step_taken(
    request: SignedInRequest,
    case: RecoveryCase,
    form: forms.StepForm | None,
    step: Callable[[], object],
    *,
    done: str,
) -> HttpResponse:
    """Take a step if its form is right; tell what came of it."""
    if form is not None and not form.is_valid():
        return _detail(request, case, form)
    step_told(request, step, RecoveryRefused, done=done)
    return redirect("recovery_detail", case.pk)


def case_opened(request: SignedInRequest, case_id: int) -> RecoveryCase:
    return visible_or_404(request, RecoveryCase, "payee", "proposal__run", pk=case_id)
