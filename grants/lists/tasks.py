"""Lists read by workers, and swept up after whoever fell while reading.

A message says only that lists wait; which they are stands in the database, and whose turn it is.
"""

from __future__ import annotations

import logging
from typing import Any

from django.conf import settings
from kombu.exceptions import OperationalError

from config.celery import app
from grants.lists import services
from grants.lists.models import PersonList

logger = logging.getLogger(__name__)


@app.task(name="grants.lists.read")
def read(*_more: Any, **_others: Any) -> None:
    """Read the list whose turn it is, if a reader is free, and have the next one read.

    Turned away, it is no loss: whoever is reading comes here again when that is done. One list a
    message lets other work of the workers come between.
    """
    if services.list_read_next() and settings.REDIS_URL:
        _tell()


@app.task(name="grants.lists.sweep")
def sweep(*_more: Any, **_others: Any) -> None:
    """Read what waits and nobody reads: whoever was at it has fallen, or was never told."""
    while services.list_read_next():
        pass


def hand_over(received: PersonList) -> None:
    """Have a list read: by the workers of REDIS_URL, or here and now where there are none."""
    if settings.REDIS_URL:
        _tell()
    else:
        services.list_read(received.pk)


def _tell() -> None:
    """Tell the workers that lists wait. Where the broker does not answer the sweep reads them."""
    try:
        read.delay()
    except OperationalError:
        logger.warning("The broker does not answer; the sweep will read the lists that wait.")
