"""The Celery application: workers where REDIS_URL is set, the calling process where it is not.

`celery --app config.celery worker` computes, `… beat` starts what is due (`config/clock.py`). Tasks
are functions of the subjects' `tasks` modules: `from config.celery import app`, then `@app.task`.
"""

from __future__ import annotations

import os
from pathlib import Path
from pkgutil import iter_modules

from celery import Celery

from config.lib import embedded

ROOT = Path(__file__).resolve().parents[1]
APPS = ("registry", "grants", "payments")

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
embedded.ensure()

from config.clock import SCHEDULE  # noqa: E402 # the settings read DATABASE_URL


def subjects() -> list[str]:
    """The packages inside the project's apps; each may have a `tasks` module."""
    return [
        f"{app}.{module.name}"
        for app in APPS
        for module in iter_modules([str(ROOT / app)])
        if module.ispkg and module.name not in ("management", "migrations")
    ]


def where_tasks_run() -> str:
    """A sentence for the terminal."""
    if app.conf.task_always_eager:
        return (
            "Tasks run in this process. With a Redis server: REDIS_URL=redis://localhost:6379/0 "
            "make run, and the same before make worker and make beat, each on a terminal."
        )
    return "Tasks are handed to the workers of REDIS_URL: make worker, make beat."


app = Celery("kuntakorvaus")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.beat_schedule = SCHEDULE
app.autodiscover_tasks(subjects)
