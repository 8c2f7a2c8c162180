"""What the pages of an application show of hearings, by who looks (434/2003 § 34)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from grants.applications.models import Application
from grants.applications.states import ApplicationStatus
from grants.hearings.forms import HearingAnswerForm, HearingExtendForm, HearingForm
from grants.hearings.selectors import hearings_told, is_answerable, unheard_rows
from registry.access.models import Right, Role, User

TIME_TO_ANSWER = timedelta(days=14)


def reviewer_panel(user: User, application: Application, *, today: date) -> dict[str, Any]:
    """Context of the workbench: hearings, rows not heard on, what may be asked; six queries."""
    told = hearings_told(application)
    latest = told[0].hearing if told else None
    context: dict[str, Any] = {"hearings": told}
    if not user.access.has(Role.REVIEWER):
        return context
    if is_answerable(application, latest):
        context["hearing_extend"] = HearingExtendForm()
    if application.status == ApplicationStatus.IN_CHECK:
        context["unheard"] = unheard_rows(application, today).count()
        if latest is None or latest.is_over(today):
            context["hear"] = HearingForm(initial={"answer_by": today + TIME_TO_ANSWER})
    return context


def applicant_panel(user: User, application: Application) -> dict[str, Any]:
    """Context of the application's page: past hearings, and answering the last; three queries."""
    told = hearings_told(application)
    context: dict[str, Any] = {"hearings": told}
    if told and is_answerable(application, told[0].hearing) and not user.access.is_staff:
        context |= {"hearing_open": told[0], "hearings": told[1:]}
        if user.access.right == Right.SEND:
            context["hearing_answer"] = HearingAnswerForm()
    return context
