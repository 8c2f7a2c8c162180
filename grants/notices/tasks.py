"""Notices sent by workers, swept up after a mail server that was away, and reminders once a day.

A message carries an id and no more; what is to be sent stands in the database.
"""

from __future__ import annotations

import logging
from typing import Any

from django.conf import settings
from django.utils import timezone
from kombu.exceptions import OperationalError

from config.celery import app
from grants.notices.reminders import reminders_store
from grants.notices.services import notice_deliver, notices_deliver

logger = logging.getLogger(__name__)


@app.task(name="grants.notices.deliver")
def deliver(notice_id: int, *_more: Any, **_others: Any) -> None:
    """Send one notice, if it still waits."""
    notice_deliver(notice_id, at=timezone.now())


@app.task(name="grants.notices.sweep")
def sweep(*_more: Any, **_others: Any) -> None:
    """Send what waits and what could not be sent before."""
    notices_deliver(at=timezone.now())


@app.task(name="grants.notices.remind")
def remind(*_more: Any, **_others: Any) -> None:
    """Remind of days that come near or have passed, then send it."""
    reminders_store(at=timezone.now(), today=timezone.localdate())
    notices_deliver(at=timezone.now())


def hand_over(notice_id: int) -> None:
    """Have a notice sent: by the workers of REDIS_URL, or here and now where there are none."""
    if not settings.REDIS_URL:
        notice_deliver(notice_id, at=timezone.now())
        return
    try:
        deliver.delay(notice_id)
    except OperationalError:
        logger.warning("The broker does not answer; the sweep will send %s.", notice_id)
