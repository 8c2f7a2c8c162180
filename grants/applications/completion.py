"""The answer to a completion request (434/2003 § 22); the authority asks in `grants.review`."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from grants.applications.attempts import application_attempt, own_locked
from grants.applications.models import Application, CompletionRequest
from grants.applications.states import Deed
from grants.applications.steps import ApplicationRefused, step_take
from grants.lists.services import list_ready
from registry.access.models import Right, User
from registry.audit.models import Verb


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


def _open(application: Application) -> CompletionRequest:
    request = application.completion_requests.filter(answered_at=None, closed_at=None).first()
    if request is None:
        raise ApplicationRefused(_("Nothing is asked to be completed."))
    return request
