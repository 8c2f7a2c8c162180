"""Parts of a run cannot get stuck: leases lapse, work is handed in once, faults are set aside."""

import pytest
from django.db import OperationalError
from django.utils import timezone, translation

from payments.models import RunChunk, RunStatus
from payments.runs import compute as computing
from payments.runs import leases, services
from payments.runs.errors import RunUnfinished
from payments.runs.inputs import chunk_context
from payments.runs.models import ATTEMPTS
from registry.models import Person
from tests.payments.law import home, person_rows
from tests.payments.parts import poison, small_parts, started
from tests.payments.runs import AT, compute, deliver, texts

pytestmark = pytest.mark.django_db

SINCE = "2024-05-10"


@pytest.fixture(autouse=True)
def english():
    """Sentences as they stand in the code."""
    with translation.override("en"):
        yield


@pytest.fixture
def run(monkeypatch):
    """The run of 11/2024 in three parts, not yet computed."""
    small_parts(monkeypatch)
    deliver(*(person_rows(f"A{n}", moved_in=SINCE, homes=[home("398", SINCE)]) for n in range(5)))
    return started("2024-11")


def lapse(run):
    """Let time pass: every lease has lapsed."""
    RunChunk.objects.filter(run=run, held_until__isnull=False).update(held_until=AT)


def test_each_part_is_claimed_once(run):
    assert [leases.claim(run).number for _ in range(3)] == [1, 2, 3]
    assert leases.claim(run) is None


def test_a_lapsed_part_is_anybodys_again(run):
    first = leases.claim(run)
    lapse(run)
    again = leases.claim(run)
    assert (again.pk, again.attempt) == (first.pk, first.attempt + 1)


def test_of_two_who_hold_a_part_the_later_hands_it_in(run):
    slow = leases.claim(run)
    lapse(run)
    quick = leases.claim(run)
    with pytest.raises(leases.LeaseLost):
        leases.hand_in(slow, assessments=1, lines=1)
    leases.hand_in(quick, assessments=2, lines=2)
    with pytest.raises(leases.LeaseLost):
        leases.hand_in(quick, assessments=2, lines=2)


def test_who_has_lost_a_part_writes_nothing(run, monkeypatch):
    """The rows of whoever comes too late are rolled back with their transaction."""
    slow = leases.claim(run)
    lapse(run)
    services.run_work(run.pk)
    found = texts("2024-11")
    monkeypatch.setattr(leases, "claim", lambda run: slow)
    assert computing.chunk_next(run, chunk_context(run))
    assert texts("2024-11") == found


def test_a_lease_is_renewed_while_its_holder_lives(run, settings):
    settings.LEASE_SECONDS = 0.04
    chunk, beats = leases.claim(run), []
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(leases, "renew", beats.append)
        with leases.renewed(chunk):
            while len(beats) < 2:
                pass
    assert beats[:2] == [chunk, chunk]


def test_a_failing_part_is_set_aside_while_the_rest_finish(run):
    with poison(run, Person.objects.get(uma_number="A2")) as rule:
        with pytest.raises(RunUnfinished, match=r"cannot be finished: 1 of its parts failed"):
            services.run_work(run.pk)
        parts = run.chunks.values_list("number", "error")
        assert list(parts) == [(1, ""), (2, f"CheckViolation 23514 {rule}"), (3, "")]
    assert run.chunks.exclude(done_at=None).count() == 2


def test_a_part_set_aside_is_tried_again_and_the_run_is_as_if_undisturbed(run, kalle):
    with poison(run, Person.objects.get(uma_number="A2")), pytest.raises(RunUnfinished):
        services.run_work(run.pk)
    services.run_retry(run.pk, retrier=kalle)
    disturbed = services.run_work(run.pk)
    found = texts("2024-11")
    undisturbed = compute("2024-11")
    assert disturbed.lines_hash == undisturbed.lines_hash and texts("2024-11") == found


def test_an_error_says_nothing_of_persons(run):
    """The database's own words name the row; ours do not."""
    with poison(run, Person.objects.get(uma_number="A2")), pytest.raises(RunUnfinished) as said:
        services.run_work(run.pk)
    assert "A2" not in str(said.value) and "Failing row" not in str(said.value)


@pytest.fixture
def broken_connection(monkeypatch):
    """Every attempt to compute a part loses its connection."""

    def lost(chunk, context):
        raise OperationalError("server closed the connection")

    monkeypatch.setattr(computing, "chunk_compute", lost)


def test_a_lost_connection_is_tried_again_but_not_for_ever(run, broken_connection):
    with pytest.raises(RunUnfinished, match=r"3 of its parts failed \(OperationalError\)"):
        services.run_work(run.pk)
    assert set(run.chunks.values_list("attempt", flat=True)) == {ATTEMPTS}


def test_a_part_that_takes_its_worker_along_each_time_is_set_aside(run):
    for _attempt in range(ATTEMPTS):
        assert leases.claim(run).number == 1
        lapse(run)
    services.run_part(run.pk)
    assert leases.open_parts(run).count() == 1
    assert run.chunks.get(number=1).error == leases.WORKER_LOST


def test_a_part_is_computed_by_code_of_its_own_version(run, monkeypatch):
    monkeypatch.setattr(leases, "version", lambda: "tomorrow's")
    assert leases.claim(run) is None


def test_what_an_older_version_left_is_begun_anew(run, monkeypatch):
    run.version = "yesterday's"
    run.save(update_fields=["version"])
    services.run_part(run.pk)
    assert not run.chunks.exclude(attempt=0).exists(), "another version does not touch it"
    anew = services.run_renew(run.pk, at=timezone.now())
    assert anew.pk != run.pk and anew.prepared_by == run.prepared_by
    assert services.run_work(anew.pk).status == RunStatus.DRAFT


def test_what_an_older_version_is_still_computing_is_left_to_it(run):
    leases.claim(run)
    run.version = "yesterday's"
    run.save(update_fields=["version"])
    assert services.run_renew(run.pk, at=timezone.now()) is None


def test_workers_are_told_of_what_nobody_does(run):
    assert leases.unheld(run) == 3
    leases.claim(run)
    assert leases.unheld(run) == 0, "somebody is at it"
    lapse(run)
    assert leases.unheld(run) == 3
