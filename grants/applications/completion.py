"""Asking an applicant to complete an application, and the answer (434/2003 § 22)."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from grants.applications.attempts import application_attempt, own_locked
from grants.applications.models import Application, CompletionRequest
from grants.applications.states import Deed
from grants.applications.steps import ApplicationRefused, application_locked, step_take
from grants.lists.services import list_ready
from grants.notices import notice_send
from registry.access.hands import objection
from registry.access.models import Part, Right, User
from registry.audit.models import Verb


def completion_ask(
    application_id: int, *, by: User, at: datetime, asked: str, answer_by: date
) -> CompletionRequest:
    """Ask the applicant to complete an application in check, and mail that something waits.

    Raises ApplicationRefused.
    """
    with application_attempt(Verb.RETURNED, by, application_id) as event:
        event.details = {"deed": Deed.ASKED}
        application = _locked_to_check(application_id, by)
        _refuse_past(answer_by, at)
        if not asked.strip():
            raise ApplicationRefused(_("Say what is missing."))
        step_take(application, Deed.ASKED, by=by, at=at)
        request = CompletionRequest.objects.create(
            application=application,
            asked=asked.strip(),
            asked_by=by,
            asked_at=at,
            answer_by=answer_by,
        )
        notice_send(
            [application.contact_email],
            "application_detail",
            application.pk,
            language=application.language,
        )
        return request


def completion_extend(
    application_id: int, *, by: User, at: datetime, answer_by: date
) -> CompletionRequest:
    """Give the applicant more time to answer. Raises ApplicationRefused."""
    with application_attempt(Verb.CHANGED, by, application_id) as event:
        event.details = {"deed": Deed.EXTENDED}
        application = _locked_to_check(application_id, by)
        _refuse_past(answer_by, at)
        request = _open(application)
        if answer_by <= request.answer_by:
            raise ApplicationRefused(_("The new last day is after the present one."))
        step_take(application, Deed.EXTENDED, by=by, at=at)
        request.answer_by = answer_by
        request.save(update_fields=["answer_by"])
        return request


def completion_resume(application_id: int, *, by: User, at: datetime) -> Application:
    """Go on with the check without an answer, once the time to answer is past.

    Raises ApplicationRefused.
    """
    with application_attempt(Verb.CHANGED, by, application_id) as event:
        event.details = {"deed": Deed.RESUMED}
        application = _locked_to_check(application_id, by)
        request = _open(application)
        if timezone.localdate(at) <= request.answer_by:
            raise ApplicationRefused(_("The applicant may still answer."))
        request.closed_at = at
        request.save(update_fields=["closed_at"])
        step_take(application, Deed.RESUMED, by=by, at=at)
        return application


def completion_answer(application_id: int, *, by: User, at: datetime, answer: str) -> Application:
    """Answer the completion request that is open; the check goes on.

    An answer that comes late is taken while the request is open. Raises ApplicationRefused.
    """
    with application_attempt(Verb.CHANGED, by, application_id) as event:
        event.details = {"deed": Deed.ANSWERED}
        application = own_locked(application_id, by, right=Right.SEND)
        request = _open(application)
        if application.round.has_list and (reason := list_ready(application)):
            raise ApplicationRefused(reason)
        if not answer.strip():
            raise ApplicationRefused(_("Write what has been completed, or why nothing is."))
        request.answer, request.answered_by, request.answered_at = answer.strip(), by, at
        request.save(update_fields=["answer", "answered_by", "answered_at"])
        step_take(application, Deed.ANSWERED, by=by, at=at)
        return application


def _locked_to_check(application_id: int, by: User) -> Application:
    """The application, locked for a reviewer who may handle it. Raises ApplicationRefused."""
    application = application_locked(application_id)
    if reason := objection(application, by, Part.PROPOSED, concerns=application.applicant):
        raise ApplicationRefused(reason)
    return application


def _open(application: Application) -> CompletionRequest:
    request = application.completion_requests.filter(answered_at=None, closed_at=None).first()
    if request is None:
        raise ApplicationRefused(_("Nothing is asked to be completed."))
    return request


def _refuse_past(answer_by: date, at: datetime) -> None:
    if answer_by <= timezone.localdate(at):
        raise ApplicationRefused(_("Give a last day that is still to come."))
