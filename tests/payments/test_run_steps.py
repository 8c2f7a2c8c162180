"""Starting, cancelling, returning a run: once, with a trace of who, when and why (C-37, P-01)."""

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import translation

from config.lib.months import Month
from payments.models import ClaimableEntry, Run, RunCalendar, RunChunk, RunStatus, RunStep
from payments.runs import services
from payments.runs.errors import RunChanged, RunRefused, SamePerson
from payments.runs.exports import CLAIMABLE
from registry.audit.models import AuditEvent
from registry.audit.models import Outcome as Logged
from tests.factories import UserFactory
from tests.payments.law import home, person_rows, resident
from tests.payments.parts import started
from tests.payments.runs import AT, approve, compute, deliver, rows, settle

pytestmark = pytest.mark.django_db

SINCE = "2024-05-10"


@pytest.fixture(autouse=True)
def english():
    """Sentences as they stand in the code."""
    with translation.override("en"):
        yield


@pytest.fixture
def draft():
    """The draft of 11/2024, of one person in Lahti."""
    resident("A", moved_in=SINCE)
    return compute("2024-11")


def deeds(month: str = "2024-11") -> list[str]:
    """What the steps of a month say was done, in order."""
    steps = RunStep.objects.filter(month=f"{month}-01").order_by("pk")
    return list(steps.values_list("deed", flat=True))


def bring_to(status: str, run: Run, kalle) -> Run:
    """The run in a state, by its own steps."""
    if status == "computing":
        return started("2024-11", seen=run)
    if status == "checked":
        return services.run_check(run.pk, checker=kalle, at=AT)
    return run


@pytest.mark.parametrize("status", ["computing", "draft", "checked"])
def test_a_cancelled_run_leaves_nothing_but_its_trace(draft, kalle, hilkka, status):
    run = bring_to(status, draft, kalle)
    services.run_cancel(run.pk, canceller=hilkka, reason=" a wrong delivery ")
    trace = RunStep.objects.latest("pk")
    assert (trace.deed, trace.by, trace.reason) == ("cancelled", hilkka, "a wrong delivery")
    assert (trace.month, trace.input_hash) == (run.month, run.input_hash)
    assert not Run.objects.exists() and not RunChunk.objects.exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_class WHERE relname ~ %s", [f"_run_{run.pk}$"])
        assert cursor.fetchone() == (0,)


def test_what_a_cancelled_run_did_to_claimable_entries_is_undone(kalle):
    deliver(person_rows("A", moved_in=SINCE))
    settle("2024-11")
    deliver(person_rows("B", moved_in=SINCE, homes=[home("398", SINCE)]))
    settle("2024-12")
    before = rows("2024-12", CLAIMABLE)
    deliver(person_rows("B", born="2020-05-01", moved_in=SINCE))
    january = compute("2025-01")
    assert rows("2025-01", CLAIMABLE) != before
    services.run_cancel(january.pk, canceller=kalle, reason="too early")
    assert rows("2024-12", CLAIMABLE) == before
    assert not ClaimableEntry.objects.exclude(closed_by=None).exists()


def test_an_approved_run_is_not_cancelled(draft, kalle):
    approve(draft)
    with pytest.raises(RunRefused, match=r"^An approved run is not cancelled"):
        services.run_cancel(draft.pk, canceller=kalle, reason="too late")


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_a_step_back_needs_a_reason(draft, kalle, hilkka, reason):
    run = bring_to("checked", draft, kalle)
    with pytest.raises(RunRefused, match=r"^Say why"):
        services.run_cancel(run.pk, canceller=hilkka, reason=reason)
    with pytest.raises(RunRefused, match=r"^Say why"):
        services.run_return(run.pk, returner=hilkka, reason=reason)
    assert AuditEvent.objects.latest("pk").outcome == Logged.REFUSED


def test_a_checked_run_is_returned_and_checked_anew(draft, kalle, hilkka):
    checked = bring_to("checked", draft, kalle)
    run = services.run_return(checked.pk, returner=hilkka, reason="Kotka looks wrong")
    assert (run.status, run.checked_by, run.checked_at) == (RunStatus.DRAFT, None, None)
    assert deeds() == ["started", "computed", "checked", "returned"]
    assert approve(run).status == RunStatus.APPROVED
    assert RunStep.objects.get(deed="returned").reason == "Kotka looks wrong"


def test_who_checked_a_returned_run_does_not_approve_it(draft, kalle, hilkka):
    """P-01: a part once taken is not undone by the return."""
    services.run_return(
        bring_to("checked", draft, kalle).pk, returner=hilkka, reason="Kotka looks wrong"
    )
    services.run_check(draft.pk, checker=UserFactory.create(), at=AT)
    with pytest.raises(SamePerson):
        services.run_approve(draft.pk, approver=kalle, at=AT)


@pytest.mark.parametrize("status", ["computing", "draft"])
def test_only_a_checked_run_is_returned(draft, kalle, status):
    run = bring_to(status, draft, kalle)
    with pytest.raises(RunRefused, match=r"^Only a checked run can be returned; this run is"):
        services.run_return(run.pk, returner=kalle, reason="why not")


def test_a_run_computed_again_is_checked_again(draft, kalle):
    """Any change voids a check: the new draft has none."""
    bring_to("checked", draft, kalle)
    again = compute("2024-11")
    assert (again.status, again.checked_by) == (RunStatus.DRAFT, None)
    assert deeds()[-3:] == ["replaced", "started", "computed"]


def test_of_two_who_start_a_run_one_does(draft, kalle):
    run = started("2024-11", by=kalle, seen=draft)
    with pytest.raises(RunChanged, match="nothing was done twice"):
        started("2024-11", by=kalle, seen=draft)
    assert Run.objects.get() == run and run.prepared_by == kalle


def test_the_first_run_is_started_from_nothing(kalle):
    resident("A", moved_in=SINCE)
    run = started("2024-11", by=kalle)
    with pytest.raises(RunChanged):
        started("2024-11", by=kalle)
    assert services.run_work(run.pk).status == RunStatus.DRAFT


NOBODY_RETRIES = "^No part of this run waits to be tried again"


def test_what_has_not_failed_is_not_tried_again(draft, kalle):
    with pytest.raises(RunRefused, match=NOBODY_RETRIES):
        services.run_retry(draft.pk, retrier=kalle)
    with pytest.raises(RunRefused, match=NOBODY_RETRIES):
        services.run_retry(started("2024-11", seen=draft).pk, retrier=kalle)


def test_steps_with_a_run_that_is_gone(draft, kalle):
    services.run_cancel(draft.pk, canceller=kalle, reason="a wrong delivery")
    with pytest.raises(RunRefused, match=r"^This run has been computed again or cancelled"):
        services.run_work(draft.pk)
    assert services.run_part(draft.pk) is None


# --- By the calendar ------------------------------------------------------------------------


@pytest.fixture
def settled(draft):
    """The first run of all, of 11/2024, is approved."""
    return approve(draft)


NOON = datetime(2024, 12, 10, 12, tzinfo=UTC)
EARLY = datetime(2024, 12, 10, 3, 59, tzinfo=UTC)  # 5:59 in Finland


def test_the_months_run_is_started_on_its_day_and_hour(settled):
    assert services.run_start_due(at=EARLY) is None
    run = services.run_start_due(at=NOON)
    assert (run.month, run.status, run.prepared_by) == (date(2024, 12, 1), "computing", None)


def test_the_calendar_is_data(settled):
    RunCalendar.objects.update(list_day=12, list_hour=0)
    assert services.run_start_due(at=NOON) is None
    assert services.run_start_due(at=datetime(2024, 12, 12, 1, tzinfo=UTC))


def test_two_schedulers_start_one_run(settled):
    assert services.run_start_due(at=NOON)
    assert services.run_start_due(at=NOON) is None
    assert Run.objects.filter(month="2024-12-01").count() == 1


def test_the_calendar_starts_no_first_run(kalle):
    resident("A", moved_in=SINCE)
    assert services.run_start_due(at=NOON) is None


def test_the_calendar_does_not_start_what_a_person_cancelled(settled, kalle):
    run = services.run_start_due(at=NOON)
    services.run_cancel(run.pk, canceller=kalle, reason="the delivery is late")
    assert services.run_start_due(at=NOON) is None
    assert compute("2024-12").status == RunStatus.DRAFT, "people may"


def test_the_calendar_waits_for_the_month_before(settled):
    services.run_work(services.run_start_due(at=NOON).pk)
    assert services.run_start_due(at=datetime(2025, 1, 15, tzinfo=UTC)) is None


def test_days_of_the_calendar_are_in_order():
    with pytest.raises(IntegrityError, match="run_calendar_days"):
        RunCalendar.objects.update(payment_day=9)


def test_moments_of_a_month():
    calendar = RunCalendar.objects.in_force(date(2026, 11, 1)).get()
    assert calendar.list_formed_at(Month(2026, 11)).isoformat() == "2026-11-10T06:00:00+02:00"
    assert calendar.paid_on(Month(2026, 11)) == date(2026, 11, 20)


# --- What the database refuses --------------------------------------------------------------


def refused(sentence: str):
    """The database refuses, in these words."""
    return pytest.raises(IntegrityError, match=sentence)


def test_a_run_is_not_deleted_without_a_trace(draft):
    with refused("leaves a step that says so"):
        Run.objects.all()._raw_delete("default")


def test_a_check_is_not_taken_back_without_a_trace(draft, kalle):
    bring_to("checked", draft, kalle)
    with refused("leaves a step that says so"):
        Run.objects.update(status=RunStatus.DRAFT, checked_by=None, checked_at=None)


def test_a_run_is_not_finished_before_its_parts(draft):
    started("2024-11", seen=draft)
    with refused("is not finished before its parts are"):
        Run.objects.update(status=RunStatus.DRAFT)


@pytest.mark.parametrize(("before", "after"), [("draft", "computing"), ("computing", "checked")])
def test_a_run_skips_no_step(draft, kalle, before, after):
    bring_to(before, draft, kalle)
    with refused(f"does not go from {before} to {after}"):
        Run.objects.update(status=after, checked_by=kalle, checked_at=AT)


def test_steps_are_only_added_to(draft):
    with refused("never changed or deleted"), transaction.atomic():
        RunStep.objects.update(reason="another")
    with refused("never changed or deleted"):
        RunStep.objects.all()._raw_delete("default")


@pytest.mark.parametrize(
    ("deed", "reason"), [("returned", ""), ("cancelled", " "), ("cancelled", "x")]
)
def test_a_step_back_says_who_and_why(draft, kalle, deed, reason):
    with refused("run_step_says_who_and_why"):
        RunStep.objects.create(
            month=draft.month, run_id=draft.pk, deed=deed, by=None if reason == "x" else kalle,
            reason=reason, input_hash=draft.input_hash,
        )  # fmt: skip
