"""Tasks of runs: an id in, safe twice, late, and from another version of the code."""

import pytest
from kombu.exceptions import OperationalError

from config.celery import app
from payments.models import RunChunk, RunStatus
from payments.runs import services, tasks
from tests.payments.law import home, person_rows
from tests.payments.parts import small_parts, started
from tests.payments.runs import AT, approve, compute, deliver, texts

pytestmark = pytest.mark.django_db

SINCE = "2024-05-10"


@pytest.fixture
def run(monkeypatch):
    """The run of 11/2024 in three parts, not yet computed."""
    small_parts(monkeypatch)
    deliver(*(person_rows(f"A{n}", moved_in=SINCE, homes=[home("398", SINCE)]) for n in range(5)))
    return started("2024-11")


def done(run) -> int:
    """How many parts are done."""
    return run.chunks.exclude(done_at=None).count()


def test_tasks_part_by_part_give_what_one_process_gives(run):
    for number in (1, 2, 3):
        assert done(run) == number - 1
        tasks.compute_part.delay(run.pk)
    run.refresh_from_db()
    found = texts("2024-11")
    assert run.status == RunStatus.DRAFT
    assert compute("2024-11").lines_hash == run.lines_hash and texts("2024-11") == found


def test_the_same_task_twice_does_nothing(run):
    for _time in range(7):
        tasks.compute_part.delay(run.pk)
    assert set(run.chunks.values_list("attempt", flat=True)) == {1}


@pytest.mark.parametrize(
    ("args", "kwargs"), [((7,), {}), ((), {"chunk": 7}), (("2024-11", None), {"version": 2})]
)
def test_a_task_of_another_version_is_understood(run, args, kwargs):
    """What its message says besides the id, from before or after a deploy, is ignored."""
    tasks.compute_part.apply(args=(run.pk, *args), kwargs=kwargs, throw=True)
    assert done(run) == 1


def test_a_task_of_a_run_that_is_gone_does_nothing(run, kalle):
    services.run_cancel(run.pk, canceller=kalle, reason="a wrong delivery")
    assert tasks.compute_part.delay(run.pk).successful()


def test_the_sweep_goes_on_where_everybody_fell(run):
    tasks.compute_part.delay(run.pk)
    tasks.sweep.delay()
    run.refresh_from_db()
    assert run.status == RunStatus.DRAFT


def test_the_sweep_finishes_what_is_computed(run, monkeypatch):
    """Whoever did the last part fell before the end."""
    with monkeypatch.context() as fallen:
        fallen.setattr(services, "run_finish", lambda run_id: None)
        for _part in range(3):
            tasks.compute_part.delay(run.pk)
    assert (run.status, done(run)) == (RunStatus.COMPUTING, 3)
    tasks.sweep.delay()
    run.refresh_from_db()
    assert run.status == RunStatus.DRAFT


def test_the_sweep_begins_anew_what_an_older_version_left(run):
    run.version = "yesterday's"
    run.save(update_fields=["version"])
    tasks.sweep.delay()
    anew = type(run).objects.get()
    assert (anew.pk != run.pk, anew.status) == (True, RunStatus.DRAFT)


def test_the_calendar_has_the_month_computed(run, monkeypatch):
    services.run_work(run.pk)
    approve(run)
    tasks.start_due.delay()
    assert type(run).objects.get(month="2024-12-01").status == RunStatus.DRAFT


@pytest.fixture
def workers(monkeypatch, settings):
    """As with REDIS_URL, but messages only pile up here."""
    messages = []
    settings.REDIS_URL = "redis://broker"
    monkeypatch.setattr(tasks.compute_part, "delay", messages.append)
    return messages


def test_workers_are_sent_a_message_for_each_part(run, workers):
    tasks.hand_over(run)
    assert workers == [run.pk] * 3


def test_the_last_step_needs_a_message_too(run, workers):
    RunChunk.objects.update(done_at=AT)
    tasks.hand_over(run)
    assert workers == [run.pk]


def test_without_a_broker_the_run_waits_for_the_sweep(run, workers, monkeypatch):
    def unreachable(run_id):
        raise OperationalError

    monkeypatch.setattr(tasks.compute_part, "delay", unreachable)
    tasks.hand_over(run)
    run.refresh_from_db()
    assert run.status == RunStatus.COMPUTING


def test_beat_knows_what_it_starts():
    app.loader.import_default_modules()
    named = {entry["task"] for entry in app.conf.beat_schedule.values()}
    assert named <= set(app.tasks)
    assert {"payments.runs.start_due", "payments.runs.sweep"} < named
