"""Reminders of completion requests and hearings: before their day, and once after it has passed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import TypeVar

from django.conf import settings
from django.db.models import Q, QuerySet

from grants.applications.models import CompletionRequest
from grants.applications.states import ApplicationStatus
from grants.hearings.models import Hearing
from grants.hearings.selectors import HEARABLE
from grants.notices.models import Notice, NoticeCode
from registry.access.models import User

# After so long nobody is told any more that a day has passed: whoever ran late is not flooded.
TOLD_WITHIN = timedelta(days=7)
Question = CompletionRequest | Hearing
Asked = TypeVar("Asked", CompletionRequest, Hearing)


def reminders_store(*, at: datetime, today: date) -> None:
    """Store the reminders that are due on a day, each once for its day; the outbox sends them.

    The contact person is reminded before and after the day, the reviewer after it.
    """
    Notice.objects.bulk_create(
        [
            Notice(made_at=at, try_at=at, **values)
            for values in (*_completions(today), *_hearings(today))
        ],
        ignore_conflicts=True,
    )


def _completions(today: date) -> Iterator[dict[str, object]]:
    asked = CompletionRequest.objects.filter(
        application__status=ApplicationStatus.COMPLETION_REQUESTED,
        answered_at=None,
        closed_at=None,
    )
    for one in _waiting(asked, today):
        yield from _of(one, today, NoticeCode.COMPLETION_SOON, NoticeCode.COMPLETION_PAST)


def _hearings(today: date) -> Iterator[dict[str, object]]:
    asked = Hearing.objects.unanswered().filter(application__status__in=HEARABLE)
    for one in _waiting(asked, today):
        yield from _of(one, today, NoticeCode.HEARING_SOON, NoticeCode.HEARING_PAST)


def _waiting(asked: QuerySet[Asked], today: date) -> QuerySet[Asked]:
    """Questions whose day is near, or has just passed."""
    near = Q(answer_by__range=(today, today + _before()))
    past = Q(answer_by__range=(today - TOLD_WITHIN, today - timedelta(days=1)))
    return asked.filter(near | past).select_related("application__review__reviewer")


def _of(
    one: Question, today: date, soon: NoticeCode, past: NoticeCode
) -> Iterator[dict[str, object]]:
    application = one.application
    common = {"application": application, "day": one.answer_by}
    if application.contact_email:
        code = soon if today <= one.answer_by else past
        yield common | {"code": code, "recipient": None, "language": application.language}
    review = getattr(application, "review", None)
    reviewer: User | None = review.reviewer if review else None
    if today > one.answer_by and reviewer and reviewer.email:
        yield common | {"code": NoticeCode.NO_ANSWER, "recipient": reviewer, "language": "fi"}


def _before() -> timedelta:
    return timedelta(days=settings.REMINDER_DAYS)
