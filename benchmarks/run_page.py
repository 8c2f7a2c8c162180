"""The run's page: its time and queries for a run that is compared with the one before it.

It reads stored sums, so that it costs the same whatever the register; measure it at two sizes.
"""

from __future__ import annotations

import time
from datetime import timedelta
from statistics import median

from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from benchmarks.measure import Results
from config.lib.months import Month
from payments.models import Change, Run, RunChange
from payments.runs.services import run_check_and_approve, run_compute
from registry.access.services import role_grant
from registry.models import Role, User

TIMES = 15


def run_page_benchmark(results: Results, month: Month) -> None:
    """Time the pages of a run after the first as a reviewer asks for them."""
    run = Run.objects.open().exclude(month=month.first_day).first() or _second(month)
    client = Client()
    client.force_login(_person("page-reads", Role.REVIEWER))
    changes = RunChange.objects.filter(run=run, kind=Change.LAST).exclude(payee=None)
    largest = changes.select_related("payee").order_by("-persons").first()
    assert largest
    assert largest.payee
    head = f"/runs/{run}/"
    pages = {
        "run page": head,
        "steps of every payee": f"{head}changes/",
        "persons who stayed with the largest payee": (
            f"{head}changes/stayed/{largest.payee.kind}/{largest.payee.code}/"
        ),
    }
    with override_settings(ALLOWED_HOSTS=["*"], SECURE_SSL_REDIRECT=False):
        for name, address in pages.items():
            with CaptureQueriesContext(connection) as asked:
                assert client.get(address).status_code == 200
            queries = len(asked)  # the next request forgets them
            taken = median(_timed(client, address) for _ in range(TIMES))
            limit = "200 ms" if address == head else "–"
            results.figure(name, f"{taken * 1000:.0f} ms", limit, f"{queries} queries")


def _second(month: Month) -> Run:
    """The run after the first, as a draft."""
    first = Run.objects.filter(month=month.first_day).first()
    if first is None:
        first = run_compute(month, at=timezone.now())
    if first.status != "approved":
        run_check_and_approve(
            first.pk,
            checker=_person("page-checks", Role.REVIEWER),
            approver=_person("page-approves", Role.APPROVER),
            at=timezone.now() + timedelta(seconds=1),
            accepting="benchmark",
        )
    return run_compute(month + 1, at=timezone.now())


def _person(name: str, role: Role) -> User:
    user, new = User.objects.get_or_create(username=name)
    if new:
        role_grant(user, role, today=timezone.localdate())
    return user


def _timed(client: Client, address: str) -> float:
    start = time.perf_counter()
    assert client.get(address).status_code == 200
    return time.perf_counter() - start
