"""Telling an application that its decision has been served (P-04)."""

from __future__ import annotations

from datetime import datetime

from grants.applications.states import STEPS, ApplicationStatus, Deed
from grants.applications.steps import application_locked, step_take
from grants.decisions.models import SupportProposal
from registry.access.models import User


def support_served(decided: SupportProposal, *, by: User, at: datetime) -> None:
    """Take the step of being served, unless the application has been there before."""
    application = application_locked(decided.application_id)
    if (Deed.SERVED, ApplicationStatus(application.status)) not in STEPS:
        return
    if not application.steps.filter(deed=Deed.SERVED).exists():
        step_take(application, Deed.SERVED, by=by, at=at)
