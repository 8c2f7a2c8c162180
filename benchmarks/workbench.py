"""The reviewer's workbench with a list of 5 000 rows: only those shown are fetched and sent."""

from __future__ import annotations

import time
from statistics import median

from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from benchmarks.measure import Results
from grants.applications.states import Deed
from grants.applications.steps import step_take
from grants.models import Application, ListRow
from grants.review.services import application_assign
from registry.access.services import role_grant
from registry.models import Role, User

ROWS, TIMES = 5_000, 15


def workbench_benchmark(results: Results, application: Application) -> None:
    """Send an application whose list has been read, take it to be checked, and time its page."""
    rows = ListRow.objects.filter(list__application=application, list__is_current=True)
    kept = rows.order_by("line").values("pk")[:ROWS]
    rows.exclude(pk__in=kept).update(is_removed=True)
    reviewer = User.objects.create_user("bench-reviews")
    role_grant(reviewer, Role.REVIEWER, today=timezone.localdate())
    _send(application)
    application_assign(application.pk, reviewer=reviewer, by=reviewer, at=timezone.now())
    client = Client()
    client.force_login(reviewer)
    address = f"/supports/{application.pk}/"
    with override_settings(ALLOWED_HOSTS=["*"], SECURE_SSL_REDIRECT=False):
        with CaptureQueriesContext(connection) as asked:
            size = len(client.get(address).content)
        queries = len(asked)  # the next request forgets them
        taken = median(_timed(client, address) for _ in range(TIMES))
    results.figure(
        f"workbench with a list of {ROWS} rows",
        f"{taken * 1000:.0f} ms",
        "–",
        f"{queries} queries, {size / 1024:.0f} KiB",
    )


def _send(application: Application) -> None:
    at, officer = timezone.now(), application.created_by
    step_take(
        application,
        Deed.SENT,
        by=officer,
        at=at,
        year=at.year,
        serial=900_000,
        submitted_at=at,
        submitted_by=officer,
        content_hash="0" * 64,
        is_correct=True,
    )


def _timed(client: Client, address: str) -> float:
    start = time.perf_counter()
    assert client.get(address).status_code == 200
    return time.perf_counter() - start
