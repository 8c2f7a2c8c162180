"""What Celery beat starts, and how often; a task that finds nothing due does nothing."""

from __future__ import annotations

from celery.schedules import crontab
from django.conf import settings

SCHEDULE = {
    "decision-documents": {
        "task": "payments.decisions.tasks.documents_make",
        "schedule": 600.0,
    },
    "bank-batches": {
        "task": "payments.bank.tasks.batches_follow",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "clear-sessions": {"task": "registry.access.tasks.sessions_clear", "schedule": 3600.0},
    "notices": {
        "task": "grants.notices.sweep",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "reminders": {"task": "grants.notices.remind", "schedule": crontab(hour=7, minute=30)},
    "read-lists": {
        "task": "grants.lists.sweep",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "seal-audit": {"task": "registry.audit.tasks.seal_audit", "schedule": 60.0},
    "try-checks": {
        "task": "grants.trials.sweep",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "start-due-run": {
        "task": "payments.runs.start_due",
        "schedule": 300.0,
        "options": {"expires": 300},
    },
    "sweep-runs": {
        "task": "payments.runs.sweep",
        "schedule": settings.LEASE_SECONDS / 2,
        "options": {"expires": settings.LEASE_SECONDS},
    },
    "verify-audit": {"task": "registry.audit.tasks.verify_audit", "schedule": 86_400.0},
}
