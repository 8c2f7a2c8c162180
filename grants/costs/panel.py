"""What the pages of an application show of its claims of costs, by who looks."""

from __future__ import annotations

from typing import Any

from grants.applications.models import Application
from grants.applications.states import AFTER_DECISION
from grants.costs.models import CostClaim
from grants.costs.selectors import ceiling_figures, claims_shown, steps_told
from grants.costs.services.claiming import objection_to_claiming
from grants.costs.states import OPEN
from registry.access.models import Role, User


def costs_panel(user: User, application: Application) -> dict[str, Any]:
    """Context of the page: the ceiling, claims, and what may be done; four queries, none with a list."""
    if application.round.has_list:
        return {}
    claims = claims_shown(CostClaim.objects.visible_to(user), application)
    is_staff = user.access.is_staff
    context: dict[str, Any] = {
        "ceiling": ceiling_figures(application),
        "costs": claims,
        "cost_steps": steps_told(claims, to_staff=is_staff),
    }
    if not is_staff:
        context["may_claim"] = objection_to_claiming(application) is None
    elif user.access.has(Role.REVIEWER) and application.status in AFTER_DECISION:
        context["may_close"] = not any(claim.status in OPEN for claim in claims)
    return context
