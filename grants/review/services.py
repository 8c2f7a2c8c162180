"""Taking a case, asking for completions, noting; who does it is the case's reviewer (G, P-01)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from django.utils.translation import gettext as _

from grants.applications.models import Application, CompletionRequest
from grants.applications.states import OPEN, ApplicationStatus, Deed
from grants.applications.steps import step_take
from grants.notices.outbox import notice_put
from grants.review.attempts import case_attempt
from grants.review.checks import checks_do
from grants.review.errors import ReviewRefused
from grants.review.models import Note, Review
from registry.access.models import Role, User
from registry.audit.models import Verb

TAKEABLE = (ApplicationStatus.SUBMITTED, ApplicationStatus.IN_CHECK)


def application_assign(
    application_id: int, *, reviewer: User, by: User, at: datetime
) -> Application:
    """Give an application to a reviewer to be checked, oneself or another; do its checks.

    Raises ReviewRefused, or ApplicationRefused if it is not to be checked.
    """
    with case_attempt(Verb.CHANGED, by, application_id, deed=Deed.TAKEN) as (application, _event):
        if not reviewer.access.has(Role.REVIEWER):
            raise ReviewRefused(_("Only a reviewer checks applications."))
        step_take(application, Deed.TAKEN, by=by, at=at)
        given = {"reviewer": reviewer, "assigned_at": at}
        Review.objects.update_or_create(application=application, defaults=given)
        checks_do(application, at=at)
        return application


def applications_assign(
    applications: Collection[int], *, reviewer: User, by: User, at: datetime
) -> int:
    """Give several applications to a reviewer, each in its own step; return how many."""
    for application_id in sorted(applications):
        application_assign(application_id, reviewer=reviewer, by=by, at=at)
    return len(applications)


def completion_ask(
    application_id: int, *, asked: str, answer_by: date, by: User, at: datetime, today: date
) -> CompletionRequest:
    """Ask the applicant to complete the application by a day; its contact person is told.

    Raises ReviewRefused.
    """
    with case_attempt(Verb.CHANGED, by, application_id, deed=Deed.ASKED) as (application, _event):
        if not asked.strip():
            raise ReviewRefused(_("Say what is missing."))
        _refuse_past(answer_by, today)
        step_take(application, Deed.ASKED, by=by, at=at)
        request = CompletionRequest.objects.create(
            application=application,
            asked=asked.strip(),
            asked_by=by,
            asked_at=at,
            answer_by=answer_by,
        )
        notice_put(application, at=at)
        return request


def completion_extend(
    application_id: int, *, answer_by: date, by: User, at: datetime
) -> CompletionRequest:
    """Give more time to answer. Raises ReviewRefused unless the day is later than before."""
    with case_attempt(Verb.CHANGED, by, application_id, deed=Deed.EXTENDED) as (application, _e):
        step_take(application, Deed.EXTENDED, by=by, at=at)
        request = _open_request(application)
        _refuse_past(answer_by, request.answer_by)
        request.answer_by = answer_by
        request.save(update_fields=["answer_by"])
        notice_put(application, at=at)
        return request


def check_resume(application_id: int, *, by: User, at: datetime, today: date) -> Application:
    """Go on without an answer, once its day has passed: no answer does not stop the decision.

    Raises ReviewRefused.
    """
    with case_attempt(Verb.CHANGED, by, application_id, deed=Deed.RESUMED) as (application, _e):
        step_take(application, Deed.RESUMED, by=by, at=at)
        request = _open_request(application)
        if today <= request.answer_by:
            raise ReviewRefused(_("The applicant still has time to answer."))
        request.closed_at = at
        request.save(update_fields=["closed_at"])
        return application


def checks_redo(application_id: int, *, by: User, at: datetime) -> Application:
    """Do the checks of an open application anew, as the register and the lists are now.

    Raises ReviewRefused.
    """
    with case_attempt(Verb.CHECKED, by, application_id, deed="checks") as (application, _event):
        if application.status not in OPEN:
            raise ReviewRefused(_("The application is no longer being checked."))
        checks_do(application, at=at)
        return application


def note_add(application_id: int, *, text: str, by: User) -> Note:
    """Write a note that the authority alone reads. Raises ReviewRefused."""
    with case_attempt(Verb.CHANGED, by, application_id, deed="note") as (application, _event):
        if not text.strip():
            raise ReviewRefused(_("Write the note first."))
        return Note.objects.create(application=application, text=text.strip(), by=by)


def _open_request(application: Application) -> CompletionRequest:
    return application.completion_requests.get(answered_at=None, closed_at=None)


def _refuse_past(day: date, before: date) -> None:
    if day <= before:
        raise ReviewRefused(_("The last day to answer must be later than that."))
