"""Asking the applicant before something is refused, and its answer (434/2003 § 34)."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from grants.applications.attempts import application_attempt, own_locked
from grants.applications.models import Application
from grants.applications.states import Deed
from grants.applications.steps import ApplicationRefused, step_take
from grants.hearings.models import Hearing, HearingRow
from grants.hearings.selectors import is_answerable, latest_hearing, refused_rows
from grants.notices.outbox import notice_put
from grants.review.attempts import case_attempt
from grants.review.errors import ReviewRefused
from registry.access.models import Right, User
from registry.audit.models import Verb


def hearing_ask(
    application_id: int, *, question: str, answer_by: date, by: User, at: datetime
) -> Hearing:
    """Hear the applicant on the rows that are marked to be refused now, and their reasons.

    Raises ReviewRefused.
    """
    with case_attempt(Verb.CHANGED, by, application_id, deed=Deed.HEARING) as (application, _e):
        _refuse_waiting(latest_hearing(application), timezone.localdate(at))
        _refuse_past(answer_by, timezone.localdate(at))
        marks = list(refused_rows(application).values_list("pk", "mark__phrase"))
        if not marks and not question.strip():
            raise ReviewRefused(
                _(
                    "Mark the rows that may be refused first, or write what the applicant is heard on."
                )
            )
        step_take(application, Deed.HEARING, by=by, at=at)
        hearing = Hearing.objects.create(
            application=application,
            question=question.strip(),
            asked_by=by,
            asked_at=at,
            answer_by=answer_by,
        )
        HearingRow.objects.bulk_create(
            HearingRow(hearing=hearing, row_id=row, phrase_id=phrase) for row, phrase in marks
        )
        notice_put(application, at=at)
        return hearing


def hearing_extend(application_id: int, *, answer_by: date, by: User, at: datetime) -> Hearing:
    """Give more time to answer. Raises ReviewRefused unless the day is later than before."""
    with case_attempt(Verb.CHANGED, by, application_id, deed=Deed.EXTENDED) as (application, _e):
        hearing = latest_hearing(application)
        if hearing is None or not is_answerable(application, hearing):
            raise ReviewRefused(_("No hearing waits for its answer."))
        _refuse_past(answer_by, max(hearing.answer_by, timezone.localdate(at)))
        step_take(application, Deed.EXTENDED, by=by, at=at)
        hearing.answer_by = answer_by
        hearing.save(update_fields=["answer_by"])
        notice_put(application, at=at)
        return hearing


def hearing_answer(application_id: int, *, answer: str, by: User, at: datetime) -> Application:
    """Answer for the applicant; late answers are taken until something is proposed.

    Raises ApplicationRefused.
    """
    with application_attempt(Verb.CHANGED, by, application_id) as event:
        event.details = {"deed": Deed.HEARD}
        application = own_locked(application_id, by, right=Right.SEND)
        hearing = latest_hearing(application)
        if hearing is None or not is_answerable(application, hearing):
            raise ApplicationRefused(_("This hearing has been answered, or its time has passed."))
        if not answer.strip():
            raise ApplicationRefused(_("Write your answer."))
        hearing.answer, hearing.answered_by, hearing.answered_at = answer.strip(), by, at
        hearing.save(update_fields=["answer", "answered_by", "answered_at"])
        step_take(application, Deed.HEARD, by=by, at=at)
        return application


def _refuse_waiting(hearing: Hearing | None, today: date) -> None:
    if hearing is not None and not hearing.is_over(today):
        raise ReviewRefused(_("The applicant still has time to answer."))


def _refuse_past(day: date, before: date) -> None:
    if day <= before:
        raise ReviewRefused(_("The last day to answer must be later than that."))
