"""Clearing away in the background."""

from __future__ import annotations

from django.core.management import call_command

from config.celery import app


@app.task
def sessions_clear() -> None:
    """Take away the sessions that have ended by time."""
    call_command("clearsessions")
