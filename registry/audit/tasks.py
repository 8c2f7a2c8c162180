"""Sealing and verifying in the background."""

from __future__ import annotations

from django.utils import timezone

from config.celery import app
from registry.audit.anchors import anchor_write
from registry.audit.sealing import audit_seal
from registry.audit.verifications import verification_record


@app.task
def seal_audit() -> None:
    """Seal what is waiting; write the day's anchor if it is not there."""
    audit_seal(at=timezone.now())
    anchor_write(today=timezone.localdate())


@app.task
def verify_audit() -> None:
    """Verify the logs and keep the result for the pages that show it. Raises Broken, kept too."""
    verification_record(at=timezone.now())
