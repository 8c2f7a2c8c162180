"""Payments in the background: what was interrupted is finished, what waits too long is marked."""

from __future__ import annotations

from django.utils import timezone

from config.celery import app
from payments.bank.services.sending import batches_finish
from payments.bank.services.standing import transfers_time_out


@app.task
def batches_follow() -> None:
    """Finish sending what was interrupted, and mark as unknown what was not answered in time."""
    batches_finish(at=timezone.now())
    transfers_time_out(at=timezone.now(), today=timezone.localdate())
