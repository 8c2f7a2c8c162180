"""The start page: what waits for whoever has signed in."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from grants.applications import selectors as supports
from grants.costs.selectors import costs_to_complete, costs_waiting
from grants.models import Application, CostClaim
from grants.worklist.selectors import cases_waiting
from payments.cases.completion.selectors import to_answer
from payments.cases.selectors.lists import case_counts
from payments.models import (
    ClaimableEntry,
    ManualCase,
    ManualCompletion,
    ManualProposal,
    Proposal,
    RecoveryCase,
    Run,
)
from payments.start import selectors
from registry.access.doors import ANYONE, open_to
from registry.access.models import Role
from registry.access.requests import SignedInRequest
from registry.audit.models import AuditEvent
from registry.models import Delivery, PersonLink


@open_to(ANYONE)
@require_safe
def front(request: SignedInRequest) -> HttpResponse:
    """What waits, by the roles and the organisation of the one who asks."""
    user, access, today = request.user, request.user.access, timezone.localdate()
    context: dict[str, Any] = {}
    if access.organisation:
        context["to_answer"] = to_answer(ManualCompletion.objects.visible_to(user))
        context["member"] = selectors.member_part(
            Proposal.objects.visible_to(user),
            ClaimableEntry.objects.visible_to(user),
            RecoveryCase.objects.visible_to(user),
            today=today,
        )
        context["supports"] = supports.officer_part(
            access.organisation, Application.objects.visible_to(user), today=today
        )
        context["to_complete"] = costs_to_complete(CostClaim.objects.visible_to(user))
    runs = Run.objects.visible_to(user)
    if access.has(Role.REVIEWER):
        deliveries = Delivery.objects.visible_to(user)
        context["reviewer"] = selectors.reviewer_part(runs, deliveries, user)
    if access.has(Role.APPROVER):
        context["approver"] = selectors.approver_part(runs, user)
        context["links_waiting"] = PersonLink.objects.visible_to(user).waiting().count()
    if access.has(Role.REVIEWER, Role.APPROVER):
        context["cases"] = case_counts(
            ManualCase.objects.visible_to(user), ManualProposal.objects.visible_to(user), today
        )
        context["checking"] = cases_waiting(Application.objects.visible_to(user), user)
        context["claiming"] = costs_waiting(CostClaim.objects.visible_to(user))
        context["money"] = selectors.money_part(today=today)
    if access.has(Role.COORDINATOR):
        context["coordinator"] = selectors.coordinator_part(runs, today=today)
    if access.has(Role.DATA_PROTECTION_OFFICER):
        events = AuditEvent.objects.visible_to(user)
        context["officer"] = selectors.officer_part(events, at=timezone.now())
    return render(request, "payments/start/page.html", context)
