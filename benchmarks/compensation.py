"""The compensation view: the pages of the largest payee beside those of the smallest.

They read stored sums and one index, so that neither the register nor the payee makes them slower.
"""

from __future__ import annotations

import time
from datetime import timedelta
from statistics import median

from django.test import Client, override_settings
from django.utils import timezone

from benchmarks.measure import Results
from config.lib.months import Month
from payments.models import Proposal, Run
from payments.runs.services import run_check_and_approve, run_compute
from registry.access.services import membership_grant, role_grant
from registry.models import Right, Role, User

TIMES = 15
PAGES = {"months": "/compensation/", "a month": "{month}", "its persons": "{month}persons/"}


def compensation_benchmark(results: Results, month: Month) -> None:
    """Time each page as an officer of the largest and of the smallest municipality asks for it."""
    run = approved_run(month)
    proposals = run.proposals.filter(payee__kind="municipality", persons__gt=0).order_by("persons")
    smallest, largest = proposals.first(), proposals.last()
    assert smallest
    assert largest
    with override_settings(ALLOWED_HOSTS=["*"], SECURE_SSL_REDIRECT=False):
        for name, address in PAGES.items():
            seconds = [_seconds(proposal, address) for proposal in (largest, smallest)]
            results.ratio(
                f"compensation view, {name}: {largest.persons} persons to {smallest.persons}",
                *seconds,
                "2×",
            )


def approved_run(month: Month) -> Run:
    """The run of the month, computed and approved if it is not yet."""
    run = Run.objects.filter(month=month.first_day).first() or run_compute(month, at=timezone.now())
    if run.status == "approved":
        return run
    checker, approver = (_member(role) for role in (Role.REVIEWER, Role.APPROVER))
    at = timezone.now() + timedelta(seconds=1)
    return run_check_and_approve(
        run.pk, checker=checker, approver=approver, at=at, accepting="benchmark"
    )


def _member(role: Role) -> User:
    user, is_new = User.objects.get_or_create(username=f"pages-{role}")
    if is_new:
        role_grant(user, role, today=timezone.localdate())
    return user


def _seconds(proposal: Proposal, address: str) -> float:
    """Median of some requests for a page, by an officer of the payee."""
    payee = proposal.payee
    user, new = User.objects.get_or_create(username=f"pages-{payee.code}")
    if new:
        membership_grant(user, payee, Right.PREPARE, today=timezone.localdate())
    client = Client()
    client.force_login(user)
    month = f"/compensation/{payee.kind}/{payee.code}/{proposal.run.month:%Y-%m}/"
    taken = [_timed(client, address.format(month=month)) for _ in range(TIMES + 1)]
    return median(taken[1:])  # the first one compiles the templates


def _timed(client: Client, address: str) -> float:
    start = time.perf_counter()
    assert client.get(address).status_code == 200
    return time.perf_counter() - start
