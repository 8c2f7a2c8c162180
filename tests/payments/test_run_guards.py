"""What the database itself refuses in runs and in the ledger (C-29, C-35, C-37, P-01)."""

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction

from payments.models import (
    Assessment,
    ClaimableEntry,
    Line,
    Proposal,
    Rate,
    Run,
    RunChunk,
    RunRate,
    RunStatus,
)
from payments.runs.services import run_check
from tests.factories import DeliveryFactory, UserFactory
from tests.payments.law import home, person_rows, resident
from tests.payments.runs import AT, approve, compute, deliver, settle

pytestmark = pytest.mark.django_db

SINCE = "2024-05-10"


@pytest.fixture
def draft():
    """The draft of 11/2024, of one person in Lahti."""
    resident("A", moved_in=SINCE)
    return compute("2024-11")


@pytest.fixture
def approved(draft):
    """The same approved."""
    return approve(draft)


def refused(sentence: str):
    """The database refuses, in these words."""
    return pytest.raises(IntegrityError, match=sentence)


def another(row):
    """A copy of a row, to be saved as a new one."""
    row.pk = None
    row._state.adding = True
    return row


@pytest.mark.parametrize("model", [Line, Assessment])
@pytest.mark.parametrize("state", ["draft", "approved"])
def test_rows_of_a_computed_run_are_append_only(request, state, model):
    """C-29: even a draft's; it is replaced as a whole."""
    request.getfixturevalue(state)
    with refused("never added to, changed or deleted"), transaction.atomic():
        model.objects.update(benefit_month=date(2024, 10, 1))
    with refused("never added to, changed or deleted"), transaction.atomic():
        model.objects.all()._raw_delete("default")


@pytest.mark.parametrize("model", [Line, Assessment])
def test_no_row_joins_a_computed_run(draft, model):
    row = model.objects.first()
    row.benefit_month = date(2024, 10, 1)
    with refused("never added to, changed or deleted"):
        model.objects.bulk_create([row])


@pytest.mark.parametrize("model", [Proposal, RunRate, RunChunk])
def test_what_belongs_to_an_approved_run_is_kept(approved, model):
    with refused("belongs to an approved run"), transaction.atomic():
        model.objects.all()._raw_delete("default")
    with refused("belongs to an approved run"), transaction.atomic():
        model.objects.update(run=approved)
    row = another(model.objects.first())
    with refused("belongs to an approved run"), transaction.atomic():
        row.save(force_insert=True)


def test_a_proposal_of_a_draft_does_not_move_into_an_approved_run(approved):
    deliver(person_rows("B", moved_in=SINCE, homes=[home("091", SINCE)]))
    ours = compute("2024-12").proposals.filter(payee__code="091")
    with refused("belongs to an approved run"):
        ours.update(run=approved)


@pytest.mark.parametrize(
    "change",
    [{"lines_hash": ""}, {"status": RunStatus.DRAFT}, {"month": date(2024, 12, 1)}],
)
def test_an_approved_run_is_never_changed(approved, change):
    with refused("is approved and is never changed"):
        Run.objects.update(**change)


def test_an_approved_run_is_never_deleted(approved):
    with refused("is approved and is never changed or deleted"):
        Run.objects.all()._raw_delete("default")


def test_there_is_one_open_run(draft):
    with refused("run_one_open"):
        Run.objects.create(month=date(2024, 12, 1), delivery=draft.delivery, created_at=AT)


@pytest.mark.parametrize("month", [date(2024, 10, 1), date(2025, 1, 1), date(2026, 11, 1)])
def test_runs_follow_one_another(approved, month):
    """C-37: no month skipped, none gone back to."""
    with refused("the next month is 2024-12"):
        Run.objects.create(month=month, delivery=approved.delivery, created_at=AT)


def test_a_month_has_one_run(approved):
    with refused("the next month is 2024-12"):
        Run.objects.create(month=approved.month, delivery=approved.delivery, created_at=AT)


def test_a_run_is_of_a_first_day():
    with refused("run_month_first_day"):
        Run.objects.create(month=date(2024, 11, 2), delivery=DeliveryFactory(), created_at=AT)


def test_a_run_is_checked_before_it_is_approved(draft, kalle, hilkka):
    with refused("is checked before it is approved"):
        Run.objects.update(
            status=RunStatus.APPROVED, checked_by=kalle, checked_at=AT, approved_by=hilkka,
            approved_at=AT,
        )  # fmt: skip


def test_a_run_is_not_born_approved(kalle, hilkka):
    with refused("is checked before it is approved"):
        Run.objects.create(
            month=date(2024, 11, 1), status=RunStatus.APPROVED, delivery=DeliveryFactory(),
            created_at=AT, checked_by=kalle, checked_at=AT, approved_by=hilkka, approved_at=AT,
        )  # fmt: skip


@pytest.mark.parametrize("status", [RunStatus.CHECKED, RunStatus.APPROVED])
def test_a_step_names_its_person(draft, kalle, status):
    if status == RunStatus.APPROVED:
        run_check(draft.pk, checker=kalle, at=AT)
    with refused("by_someone"):
        Run.objects.update(status=status)


def approve_by_sql(run: Run, *, approver, at=AT) -> None:
    """Approve a checked run past the service."""
    Run.objects.filter(pk=run.pk).update(
        status=RunStatus.APPROVED, approved_by=approver, approved_at=at
    )


def test_the_checker_does_not_approve(draft, kalle):
    run_check(draft.pk, checker=kalle, at=AT)
    with refused("had a part in a case"):
        approve_by_sql(draft, approver=kalle)


def test_the_preparer_does_not_approve(kalle, hilkka):
    resident("A", moved_in=SINCE)
    draft = compute("2024-11", by=hilkka)
    run_check(draft.pk, checker=kalle, at=AT)
    with refused("had a part in a case"):
        approve_by_sql(draft, approver=hilkka)


def test_who_brought_a_delivery_of_the_run_does_not_approve(kalle, hilkka):
    """P-01: deliveries since the last approved run; an older one does not bar."""
    deliver(person_rows("A", moved_in=SINCE), by=hilkka)
    draft = compute("2024-11")
    run_check(draft.pk, checker=kalle, at=AT)
    with refused("had a part in a case"), transaction.atomic():
        approve_by_sql(draft, approver=hilkka)
    approve_by_sql(draft, approver=UserFactory())
    december = compute("2024-12")
    run_check(december.pk, checker=kalle, at=AT)
    approve_by_sql(december, approver=hilkka)


@pytest.mark.parametrize(
    ("step", "constraint"),
    [("checked", "run_order_of_steps"), ("approved", "run_approved_after_check")],
)
def test_steps_are_taken_in_the_order_of_time(draft, kalle, hilkka, step, constraint):
    earlier = datetime(2020, 1, 1, tzinfo=UTC)
    if step == "approved":
        run_check(draft.pk, checker=kalle, at=AT)
    with refused(constraint):
        Run.objects.update(**{"status": step, f"{step}_by": hilkka if step == "approved" else kalle,
                              f"{step}_at": earlier})  # fmt: skip


@pytest.fixture
def claimable(approved):
    """An entry that the approved run of 12/2024 opened."""
    deliver(person_rows("B", moved_in=SINCE))
    settle("2024-12")
    return ClaimableEntry.objects.first()


@pytest.mark.parametrize(
    "change", [{"amount_cents": 1}, {"last_day_to_apply": date(2030, 1, 1)}, {"component": "adult"}]
)
def test_a_claimable_entry_is_not_changed(claimable, change):
    with refused("claimable entry"):
        ClaimableEntry.objects.filter(pk=claimable.pk).update(**change)


def test_a_claimable_entry_of_an_approved_run_is_not_deleted(claimable):
    with refused("claimable entry"):
        claimable.delete()


def test_a_claimable_entry_that_an_approved_run_closed_stays_closed(claimable):
    deliver(person_rows("B", moved_in=SINCE, homes=[home("091", SINCE)]))
    settle("2025-01")
    with refused("claimable entry"):
        ClaimableEntry.objects.filter(pk=claimable.pk).update(closed_by=None)


def test_an_approved_run_neither_opens_nor_closes_an_entry_any_more(claimable, approved):
    with refused("claimable entry"), transaction.atomic():
        ClaimableEntry.objects.filter(pk=claimable.pk).update(closed_by=approved)
    entry = another(claimable)
    entry.component = "adult"
    with refused("claimable entry"), transaction.atomic():
        entry.save(force_insert=True)


def rate_used() -> Rate:
    """A rate that the run of 11/2024 used; it is in force until 31.12.2024."""
    return Rate.objects.get(
        payee_kind="county", route="automatic", min_age=7, valid_to=date(2024, 12, 31)
    )


@pytest.mark.parametrize(
    "change",
    [
        {"annual_eur": "1.00"},
        {"valid_to": date(2024, 10, 31)},
        {"valid_from": date(2024, 1, 1)},
        {"min_age": 8},
        {"source": "another"},
        {"route": "reduced"},
    ],
)
def test_a_rate_that_an_approved_run_used_is_not_changed(approved, change):
    with refused("An approved run has used this rate for 2024-11"):
        Rate.objects.filter(pk=rate_used().pk).update(**change)


def test_a_rate_that_an_approved_run_used_is_not_deleted(approved):
    with refused("An approved run has used this rate for 2024-11"):
        Rate.objects.filter(pk=rate_used().pk)._raw_delete("default")


@pytest.mark.parametrize("last", [date(2024, 11, 1), date(2024, 12, 30)])
def test_a_rate_that_an_approved_run_used_may_end_later(approved, last):
    assert Rate.objects.filter(pk=rate_used().pk).update(valid_to=last) == 1


def test_a_rate_of_a_draft_may_be_changed(draft):
    assert Rate.objects.filter(pk=rate_used().pk).update(annual_eur="1.00") == 1
