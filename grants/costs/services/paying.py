"""Telling a claim of costs what the bank did with its money (P-05)."""

from __future__ import annotations

from datetime import datetime

from grants.applications.steps import application_locked
from grants.costs.models import CostClaim
from grants.costs.states import STEPS, CostDeed, CostStatus
from grants.costs.steps import cost_locked, cost_step


def cost_settle(claim: CostClaim, deed: CostDeed, *, at: datetime) -> None:
    """Take the step of being paid, or held, unless the claim has been there before."""
    found = cost_locked(claim, application_locked(claim.application_id))
    if (deed, CostStatus(found.status)) in STEPS:
        cost_step(found, deed, by=None, at=at)
