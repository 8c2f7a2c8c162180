"""Faults at each step of a run: it ends by itself, byte-identical, nothing twice, nothing lost."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from functools import partial
from threading import Thread

import pytest
from django.db import connection

from payments.checks.services import anomalies_accept
from payments.models import Run, RunStatus, RunStep
from payments.runs.partitions import partition
from payments.runs.services import run_check_and_approve
from payments.runs.steps import LOCK
from registry.decisions.models import Decision
from registry.models import Person
from tests.chaos.barriers import Barrier
from tests.chaos.browser import Browser, press_at_once
from tests.chaos.house import ROOT, House, until
from tests.chaos.scene import Scene, member_of_staff
from tests.payments.runs import AT, texts


@pytest.fixture
def scene(house: House) -> Scene:
    return Scene(house, member_of_staff("reviewer"))


# Where a run is when the fault comes: the lock that a process runs into there.
STEPS: dict[str, tuple[str | int, ...]] = {
    "part claimed, nothing written": ("registry_permit",),
    "inside a part's transaction": ("payments_claimableentry",),
    "all parts done, before the end": (LOCK,),
    "inside the end's first transaction": ("registry_person", "ROW EXCLUSIVE"),  # read by parts
    "inside the end's second transaction": ("payments_proposal",),
}


def caught(scene: Scene, step: str, fault: Callable[[], None]) -> None:
    """Let a run come to a step, do something to it there, let go."""
    scene.staged()
    with Barrier(*STEPS[step]) as barrier:
        scene.house.resume_workers()
        barrier.arrived()
        fault()
    scene.ends_as_undisturbed()


@pytest.mark.parametrize("step", STEPS)
def test_a_pool_process_is_killed(scene, step):
    caught(scene, step, lambda: scene.house.kill_child(scene.victim()))


@pytest.mark.parametrize("step", STEPS)
def test_a_worker_is_killed(scene, step):
    caught(scene, step, lambda: scene.house.kill_worker(scene.victim()))


def test_a_worker_is_killed_as_soon_as_a_part_is_done(scene):
    scene.start()
    until(scene.parts_done, "a part is done")
    scene.house.kill_worker(scene.victim())
    scene.ends_as_undisturbed()


def test_both_workers_are_killed(scene):
    def fault() -> None:
        for name in ("worker-1", "worker-2"):
            scene.house.kill_worker(scene.house.running[name].pid)

    caught(scene, "inside a part's transaction", fault)


@pytest.mark.parametrize(
    "step", ["inside a part's transaction", "inside the end's second transaction"]
)
def test_a_process_freezes_and_wakes_too_late(scene, step):
    frozen = []

    def fault() -> None:
        frozen.append(scene.victim())
        scene.house.freeze(frozen[0])

    caught(scene, step, fault)
    scene.house.resume_workers()
    scene.ends_as_undisturbed()


@pytest.mark.parametrize(
    "step", ["inside a part's transaction", "inside the end's second transaction"]
)
def test_connections_of_the_database_are_cut(scene, step):
    caught(scene, step, scene.house.cut_connections)


def test_redis_is_killed_with_its_messages(scene):
    caught(scene, "inside a part's transaction", scene.house.restart_redis)


def test_a_run_is_started_while_redis_is_away(scene):
    scene.house.stop_redis()
    scene.start()
    scene.house.start_redis()
    scene.ends_as_undisturbed()


def test_messages_come_twice_late_and_from_other_versions(scene):
    run = scene.staged()
    for _time in range(3):
        scene.house.message("payments.runs.compute_part", run.pk)
        scene.house.message("payments.runs.compute_part", run.pk, 7, chunk=3)
        scene.house.message("payments.runs.compute_chunk", run.pk)  # a task that is no more
        scene.house.message("payments.runs.compute_part", run.pk - 1)  # a run that is no more
        scene.house.message("payments.runs.sweep", "yesterday")
    scene.house.faults["messages twice or strange"] += 15
    scene.house.resume_workers()
    scene.ends_as_undisturbed()


def test_two_schedulers_start_one_run(scene, house):
    """The month after, by the calendar: its day has come long ago."""
    run_check_and_approve(
        scene.run.pk, checker=member_of_staff("reviewer"), approver=member_of_staff("approver"),
        at=AT, accepting="looked at",
    )  # fmt: skip
    house.faults["schedulers too many"] += 7
    threads = [
        Thread(target=scene.house.message, args=("payments.runs.start_due",)) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    until(lambda: Run.objects.filter(status=RunStatus.DRAFT).exists(), "the run is computed")
    following = Scene(house, scene.reviewer).month
    started = RunStep.objects.filter(month=following.first_day, deed="started")
    assert started.filter(by=None).count() == 2, "by the calendar, and here to compare"


def test_run_month_is_killed_and_another_goes_on(scene, house):
    """Without workers, in the process of a command."""
    command = [sys.executable, "manage.py", "run_month", str(scene.month)]
    environment = house.environment | {"REDIS_URL": ""}
    house.pause_workers()
    scene.start()
    with Barrier("payments_claimableentry") as barrier:
        process = subprocess.Popen(command, cwd=ROOT, env=environment)
        barrier.arrived()
        house.faults["run_month killed"] += 1
        process.kill()
        process.wait()
    subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)
    scene.ends_as_undisturbed()
    house.resume_workers()


def test_a_poisoned_part_is_set_aside_and_tried_again(scene, house):
    run = scene.staged()
    table = partition("payments_assessment", run.pk)
    person = Person.objects.earliest("pk").pk
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT poison CHECK (person_id <> {person})")
    house.faults["part poisoned"] += 1
    house.resume_workers()
    until(lambda: run.chunks.filter(error="CheckViolation 23514 poison").exists(), "set aside")
    until(lambda: scene.parts_done() == run.chunks.count() - 1, "the rest are done")
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT poison")
    assert scene.browser.post(f"/runs/{scene.month}/retry/") == 302
    scene.ends_as_undisturbed()


def test_buttons_are_pressed_by_two_at_once(scene, house):
    """Started, checked, approved: each once, whoever is first."""
    draft, month = scene.run, scene.month
    reviewers = [Browser(house, member_of_staff("reviewer")) for _ in range(2)]
    approvers = [Browser(house, member_of_staff("approver")) for _ in range(2)]
    starts = {"month": month, "seen": draft.pk}
    press_at_once(*((one, "/runs/start/", starts) for one in (scene.browser, *reviewers)))
    scene.ends_as_undisturbed()
    assert RunStep.objects.filter(run_id__gt=draft.pk, deed="started").count() == 1
    seen = {"input_hash": scene.run.input_hash}
    fresh = [Browser(house, member_of_staff("reviewer")) for _ in range(2)]
    press_at_once(*((one, f"/runs/{month}/check/", seen) for one in (*fresh, *fresh)))
    if waiting := list(scene.run.anomalies.waiting().values_list("pk", flat=True)):
        said = {"acceptor": member_of_staff("reviewer"), "reason": "looked at", "at": AT}
        anomalies_accept(scene.run.pk, anomalies=waiting, **said)
    press_at_once(*((one, f"/runs/{month}/approve/", seen) for one in (*approvers, *approvers)))
    house.faults["buttons pressed too often"] += 8
    run = Run.objects.get(month=month.first_day)
    deeds = list(
        RunStep.objects.filter(run_id=run.pk).order_by("pk").values_list("deed", flat=True)
    )
    assert deeds == ["started", "computed", "checked", "approved"]
    assert Decision.objects.filter(case_ref=f"run {month}").count() == run.proposals.count()
    assert texts(str(month)) == scene.undisturbed[1]


def test_a_run_is_cancelled_by_two_at_once_while_it_is_computed(scene, house):
    run = scene.staged()
    cancels = {"run": run.pk, "reason": "a wrong delivery"}
    approver = Browser(house, member_of_staff("approver"))
    with Barrier("registry_permit") as barrier:
        house.resume_workers()
        barrier.arrived()
        pressing = Thread(
            target=partial(
                press_at_once,
                *(
                    (one, f"/runs/{scene.month}/cancel/", cancels)
                    for one in (scene.browser, approver)
                ),
            )
        )
        pressing.start()
    pressing.join()
    house.faults["buttons pressed too often"] += 1
    assert RunStep.objects.filter(run_id=run.pk, deed="cancelled").count() == 1
    assert not Run.objects.open().exists()
    assert scene.browser.post("/runs/start/", month=scene.month) == 302
    scene.ends_as_undisturbed()
