"""Runs in the background: by the calendar, part by part, and swept up after whoever fell.

A message carries an id and no more, and may come twice, late, or from another version of the
code: what it adds is ignored, what is done already stays done. A message that is lost is sent
again by the sweep.
"""

from __future__ import annotations

import logging
from typing import Any

from django.conf import settings
from django.utils import timezone
from kombu.exceptions import OperationalError

from config.celery import app
from payments.models import Run, RunStatus
from payments.runs import leases, services

logger = logging.getLogger(__name__)


@app.task(name="payments.runs.compute_part")
def compute_part(run_id: int, *_more: Any, **_others: Any) -> None:
    """Compute one part of a run, whichever is nobody's."""
    services.run_part(run_id)


@app.task(name="payments.runs.start_due")
def start_due(*_more: Any, **_others: Any) -> None:
    """Start the month's run if its hour has come."""
    run = services.run_start_due(at=timezone.now())
    if run is not None:
        hand_over(run)


@app.task(name="payments.runs.sweep")
def sweep(*_more: Any, **_others: Any) -> None:
    """Tell workers again of what nobody is doing; begin anew what an older version left."""
    for run in Run.objects.filter(status=RunStatus.COMPUTING):
        renewed = services.run_renew(run.pk, at=timezone.now())
        hand_over(renewed or run)


def hand_over(run: Run) -> None:
    """Have a run computed: by the workers of REDIS_URL, or here and now where there are none.

    Where the broker does not answer the sweep will tell the workers.
    """
    if not settings.REDIS_URL:
        services.run_work(run.pk)
        return
    try:
        for _message in range(max(leases.unheld(run), 1)):
            compute_part.delay(run.pk)
    except OperationalError:
        logger.warning("The broker does not answer; the sweep will hand over the run of %s.", run)
