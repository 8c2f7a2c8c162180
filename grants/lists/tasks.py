"""Lists read by workers, and swept up after whoever fell while reading.

A message carries an id and no more; what is to be done stands in the database.
"""

from __future__ import annotations

import logging
from typing import Any

from django.conf import settings
from kombu.exceptions import OperationalError

from config.celery import app
from grants.lists import services
from grants.lists.models import ListState, PersonList

logger = logging.getLogger(__name__)


@app.task(name="grants.lists.read")
def read(list_id: int, *_more: Any, **_others: Any) -> None:
    """Read one list, if it still waits."""
    services.list_read(list_id)


@app.task(name="grants.lists.sweep")
def sweep(*_more: Any, **_others: Any) -> None:
    """Read what waits and nobody reads: whoever was at it has fallen, or was never told."""
    waiting = PersonList.objects.filter(state=ListState.WAITING)
    for list_id in waiting.values_list("pk", flat=True):
        services.list_read(list_id)


def hand_over(received: PersonList) -> None:
    """Have a list read: by the workers of REDIS_URL, or here and now where there are none."""
    if not settings.REDIS_URL:
        services.list_read(received.pk)
        return
    try:
        read.delay(received.pk)
    except OperationalError:
        logger.warning("The broker does not answer; the sweep will read the list %s.", received.pk)
