"""Pages of the work on a run: started, watched, tried again, cancelled, returned."""

import pytest
from django.test import Client
from django.urls import reverse

from payments.models import Run, RunStatus, RunStep
from payments.runs.errors import RunUnfinished
from payments.runs.services import run_check, run_work
from registry.models import Person
from tests.payments.law import home, person_rows
from tests.payments.parts import poison, small_parts, started
from tests.payments.runs import AT, compute, deliver, settle
from tests.payments.test_pages import english, words

pytestmark = pytest.mark.django_db

SINCE = "2024-05-10"


@pytest.fixture(autouse=True)
def people(monkeypatch):
    """Five persons of Lahti, two a part."""
    small_parts(monkeypatch)
    deliver(*(person_rows(f"A{n}", moved_in=SINCE, homes=[home("398", SINCE)]) for n in range(5)))


@pytest.fixture
def reviewer(client: Client, kalle) -> Client:
    client.force_login(kalle)
    return english(client)


def press(client: Client, step: str, **posted) -> str:
    """Press a button; return the page that follows."""
    address = reverse("run_start") if step == "start" else f"/runs/2024-11/{step}/"
    return words(client.post(address, posted, follow=True))


def page(client: Client, address: str = "/runs/2024-11/") -> str:
    return words(client.get(address))


def test_the_first_run_is_started_from_the_list(reviewer, kalle):
    assert "This will be the first run" in page(reviewer, "/runs/")
    assert "The run is started." in press(reviewer, "start", month="2024-11")
    run = Run.objects.get()
    assert (run.status, run.prepared_by) == (RunStatus.DRAFT, kalle)


def test_the_next_run_is_started_from_the_list(reviewer):
    settle("2024-11")
    assert "Start the run of 12/2024" in page(reviewer, "/runs/")
    press(reviewer, "start", month="2024-12")
    assert Run.objects.get(month="2024-12-01").status == RunStatus.DRAFT
    assert "Start the run of" not in page(reviewer, "/runs/"), "one run is open at a time"


@pytest.mark.parametrize("month", ["2024-13", "", "November"])
def test_a_month_is_written_like_one(reviewer, month):
    assert "Not done. Month:" in press(reviewer, "start", month=month)


def test_a_wrong_month_is_refused_in_a_sentence(reviewer):
    settle("2024-11")
    assert "Next is 2024-12." in press(reviewer, "start", month="2025-01")


def test_pressed_twice_a_run_is_started_once(reviewer):
    press(reviewer, "start", month="2024-11")
    assert "nothing was done twice" in press(reviewer, "start", month="2024-11")
    assert RunStep.objects.filter(deed="started").count() == 1


def test_a_draft_is_computed_again(reviewer):
    draft = compute("2024-11")
    press(reviewer, "start", month="2024-11", seen=draft.pk)
    assert Run.objects.get().pk != draft.pk
    assert "nothing was done twice" in press(reviewer, "start", month="2024-11", seen=draft.pk)


def test_a_run_being_computed_says_how_far_it_is(reviewer, settings):
    settings.REDIS_URL = "redis://workers"
    started("2024-11")
    assert "0 of 3 parts are done, 0 are being computed." in page(reviewer)
    part = reviewer.get("/runs/2024-11/progress/")
    assert "0 of 3 parts" in words(part) and "HX-Refresh" not in part.headers


def test_the_page_is_asked_for_anew_when_the_run_is_computed(reviewer):
    compute("2024-11")
    assert reviewer.get("/runs/2024-11/progress/").headers["HX-Refresh"] == "true"


def test_failed_parts_are_shown_and_tried_again(reviewer):
    run = started("2024-11")
    with poison(run, Person.objects.get(uma_number="A2")), pytest.raises(RunUnfinished):
        run_work(run.pk)
    assert "2 of 3 parts are done" in page(reviewer)
    assert "Part 2: CheckViolation 23514 poison" in page(reviewer)
    assert "The parts are tried again." in press(reviewer, "retry")
    run.refresh_from_db()
    assert run.status == RunStatus.DRAFT


def test_nothing_failed_nothing_to_try_again(reviewer):
    compute("2024-11")
    assert "No part of this run waits" in press(reviewer, "retry")


def test_a_run_is_cancelled_with_a_reason(reviewer):
    run = compute("2024-11")
    assert "Not done. Reason:" in press(reviewer, "cancel", run=run.pk)
    assert "Its trace is kept." in press(reviewer, "cancel", run=run.pk, reason="a wrong delivery")
    assert not Run.objects.exists()
    assert "meanwhile" in press(reviewer, "cancel", run=run.pk, reason="once more")


def test_a_checked_run_is_returned_with_a_reason(reviewer, hilkka):
    run = compute("2024-11")
    run_check(run.pk, checker=hilkka, at=AT)
    assert "Return to draft" in page(reviewer)
    shown = press(reviewer, "return", run=run.pk, reason="Kotka looks wrong")
    assert "The run is a draft again." in shown
    assert "Returned to draft Kalle Tarkka Kotka looks wrong" in shown


def test_an_approved_run_offers_no_step_back(reviewer):
    run = settle("2024-11")
    assert "Steps back" not in page(reviewer)
    assert "is not cancelled" in press(reviewer, "cancel", run=run.pk, reason="too late")


def test_the_trace_of_a_cancelled_run_is_on_the_next_ones_page(reviewer):
    press(reviewer, "cancel", run=compute("2024-11").pk, reason="a wrong delivery")
    compute("2024-11")
    assert "Cancelled Kalle Tarkka a wrong delivery" in page(reviewer)


@pytest.mark.parametrize("step", ["retry", "cancel", "return"])
def test_steps_are_not_taken_by_reading(reviewer, step):
    compute("2024-11")
    assert reviewer.get(f"/runs/2024-11/{step}/").status_code == 405
