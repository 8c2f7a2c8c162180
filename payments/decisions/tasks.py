"""Making the documents of approved runs in the background."""

from __future__ import annotations

from django.utils import timezone

from config.celery import app
from payments.decisions.services import run_documents_make
from payments.models import Run


@app.task
def documents_make() -> int:
    """Make what is missing of the latest approved run's documents; return of how many decisions."""
    run = Run.objects.approved().order_by("-month").first()
    return run_documents_make(run, at=timezone.now()) if run else 0
