"""Trials done by workers, and swept up after whoever fell; a message carries an id and no more."""

from __future__ import annotations

import logging
from typing import Any

from django.conf import settings
from django.utils import timezone
from kombu.exceptions import OperationalError

from config.celery import app
from grants.trials import services
from grants.trials.models import CheckTrial

logger = logging.getLogger(__name__)


@app.task(name="grants.trials.do")
def do(trial_id: int, *_more: Any, **_others: Any) -> None:
    """Do one trial, if it still waits."""
    services.trial_do(trial_id, at=timezone.now())


@app.task(name="grants.trials.sweep")
def sweep(*_more: Any, **_others: Any) -> None:
    """Do the trials that wait and nobody does."""
    for trial_id in CheckTrial.objects.waiting().values_list("pk", flat=True):
        services.trial_do(trial_id, at=timezone.now())


def hand_over(trial: CheckTrial) -> None:
    """Have a trial done: by the workers of REDIS_URL, or here and now where there are none."""
    if not settings.REDIS_URL:
        services.trial_do(trial.pk, at=timezone.now())
        return
    try:
        do.delay(trial.pk)
    except OperationalError:
        logger.warning("The broker does not answer; the sweep will do the trial %s.", trial.pk)
