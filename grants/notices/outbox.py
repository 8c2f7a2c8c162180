"""Putting a notice in the outbox with what it tells of: both are committed, or neither."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import get_language

from grants.applications.models import Application
from grants.notices.models import Notice, NoticeCode
from grants.notices.tasks import hand_over
from registry.access.models import User


def notice_put(application: Application, *, at: datetime, also: User | None = None) -> None:
    """Tell the contact person, and who acts if they are another, that something waits.

    The contact person is told in the language of the application, who acts in that of the page.
    """
    receivers: list[tuple[User | None, str]] = []
    if application.contact_email:
        receivers.append((None, application.language))
    if also and also.email and also.email != application.contact_email:
        receivers.append((also, (get_language() or "fi")[:2]))
    for recipient, language in receivers:
        notice = Notice.objects.create(
            code=NoticeCode.WAITS,
            application=application,
            recipient=recipient,
            language=language,
            made_at=at,
            try_at=at,
        )
        _send_when_committed(notice.pk)


def page_notice_put(
    page: str, page_of: int, *, to: User | None, language: str, at: datetime
) -> None:
    """Tell somebody that something waits on a page of another app, by its address's name and number."""
    if to is None or not to.email:
        return
    notice = Notice.objects.create(
        code=NoticeCode.WAITS,
        page=page,
        page_of=page_of,
        recipient=to,
        language=language,
        made_at=at,
        try_at=at,
    )
    _send_when_committed(notice.pk)


def _send_when_committed(notice_id: int) -> None:
    def send() -> None:  # Django names what failed by its name, which a partial has not
        hand_over(notice_id)

    transaction.on_commit(send, robust=True)
