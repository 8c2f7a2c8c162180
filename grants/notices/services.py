"""Sending the notices that wait, again after a pause that grows until they are given up."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from smtplib import SMTPException

from django.core.mail import send_mail
from django.db import transaction
from django.utils.translation import override

from grants.notices.models import Notice
from grants.notices.words import body, subject

# After each attempt that failed; after the last one a notice is given up, and stays to be seen.
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 2 * 60, 8 * 60, 24 * 60, 0))


@transaction.atomic
def notice_deliver(notice_id: int, *, at: datetime) -> Notice | None:
    """Send a notice that is due, unless somebody else is at it; a fault stops nothing.

    Whoever falls between the mail server and the commit has it sent twice, rather than never.
    """
    due = Notice.objects.due(at).select_for_update(of=("self",), skip_locked=True)
    notice = due.select_related("application", "recipient").filter(pk=notice_id).first()
    if notice is None:
        return None
    notice.attempts += 1
    try:
        _mail(notice)
    except (SMTPException, OSError) as fault:
        notice.last_error = type(fault).__name__
        notice.try_at = at + PAUSES[notice.attempts - 1]
    else:
        notice.sent_at, notice.last_error = at, ""
    notice.save(update_fields=["attempts", "last_error", "try_at", "sent_at"])
    return notice


def notices_deliver(*, at: datetime) -> int:
    """Try every notice that is due; return how many were sent."""
    waiting = list(Notice.objects.due(at).order_by("pk").values_list("pk", flat=True))
    tried: Iterable[Notice | None] = (notice_deliver(pk, at=at) for pk in waiting)
    return sum(1 for notice in tried if notice and notice.sent_at)


def _mail(notice: Notice) -> None:
    of, application = notice.recipient, notice.application
    address = of.email if of else application.contact_email if application else ""
    with override(notice.language):
        send_mail(subject(notice), body(notice), None, [address])
