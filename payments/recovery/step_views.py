"""Proposing a step of a recovery, and approving or refusing what was proposed (P-01)."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from payments.models import RecoveryCase, RecoveryStep
from payments.recovery import forms
from payments.recovery.models import StepKind, StepStatus
from payments.recovery.selectors.cases import case_page
from payments.recovery.services import deciding, proposing
from payments.recovery.views import case_opened, step_taken
from registry.access.doors import open_to
from registry.access.models import Role
from registry.access.requests import SignedInRequest
from registry.access.signin.fresh import fresh_sign_in


@open_to(Role.REVIEWER)
@require_POST
def recovery_propose(request: SignedInRequest, case_id: int, kind: str) -> HttpResponse:
    """Propose a step: a decision to repay, a waiver, a payment received, a reversal."""
    case = case_opened(request, case_id)
    if kind not in StepKind.values:
        raise Http404
    form = _proposal_form(request, case, StepKind(kind))
    return step_taken(
        request,
        case,
        form,
        lambda: _propose(StepKind(kind), case, form, request),
        done=_("It is proposed. Another person approves it."),
    )


def _proposal_form(request: SignedInRequest, case: RecoveryCase, kind: StepKind) -> forms.StepForm:
    if kind == StepKind.REVERSE:
        entries = case_page(case, timezone.localdate()).reversible
        return forms.ReverseForm(request.POST, entries=entries)
    simple = {
        StepKind.REPAY: forms.RepayForm,
        StepKind.WAIVE: forms.WaiveForm,
        StepKind.PAYMENT: forms.PaymentForm,
    }
    return simple[kind](request.POST)


def _propose(
    kind: StepKind, case: RecoveryCase, form: forms.StepForm, request: SignedInRequest
) -> RecoveryStep:
    given, by, at = form.cleaned_data, request.user, timezone.now()
    if kind == StepKind.REPAY:
        return proposing.repay_propose(
            case.pk, by=by, due_on=given["due_on"], reason=given["reason"], at=at
        )
    if kind == StepKind.WAIVE:
        return proposing.waive_propose(
            case.pk, by=by, cents=form.cents, reason=given["reason"], at=at
        )
    if kind == StepKind.PAYMENT:
        return proposing.payment_propose(
            case.pk,
            by=by,
            cents=form.cents,
            paid_on=given["paid_on"],
            source=given["source"],
            at=at,
        )
    return proposing.reversal_propose(
        case.pk, by=by, entry_id=given["entry"], reason=given["reason"], at=at
    )


@open_to(Role.APPROVER)
@require_POST
@fresh_sign_in(back="recovery_detail")
def recovery_approve(request: SignedInRequest, case_id: int) -> HttpResponse:
    """Approve the step that waits."""
    case, step = _case_and_step(request, case_id)
    return step_taken(
        request,
        case,
        None,
        lambda: deciding.step_approve(step, by=request.user, at=timezone.now()),
        done=_("It is approved and entered."),
    )


@open_to(Role.APPROVER)
@require_POST
def recovery_refuse(request: SignedInRequest, case_id: int) -> HttpResponse:
    """Refuse the step that waits, with a reason."""
    (case, step), form = _case_and_step(request, case_id), forms.RefusalForm(request.POST)
    return step_taken(
        request,
        case,
        form,
        lambda: deciding.step_refuse(step, by=request.user, at=timezone.now(), **form.cleaned_data),
        done=_("The proposal is refused."),
    )


def _case_and_step(request: SignedInRequest, case_id: int) -> tuple[RecoveryCase, int]:
    """The case and the id of the step that the page showed, or of the one that waits."""
    case = case_opened(request, case_id)
    given = request.POST.get("step", "")
    if given.isdecimal() and case.steps.filter(pk=int(given[:18])).exists():
        return case, int(given)
    waiting = case.steps.filter(status=StepStatus.PROPOSED).first()
    if waiting is None:
        raise Http404
    return case, waiting.pk
