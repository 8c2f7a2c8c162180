"""Runs as people and schedules work them: compute, check, approve (C-29 … C-38, P-01)."""

from __future__ import annotations

import os
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import Max
from django.utils.translation import gettext as _

from config.lib.months import Month
from config.lib.progress import Progress, silent
from payments.decisions.services import run_decide
from payments.entitlement.stages import rules_hash
from payments.models import ClaimableEntry, Run, RunChunk, RunStatus
from payments.runs import partitions
from payments.runs.compute import chunks_compute, earlier_months, statement
from payments.runs.conservation import check_conservation, lines_hash
from payments.runs.errors import NO_DELIVERY, RunChanged, RunRefused, SamePerson, WrongMonth
from payments.runs.figures import figures_by_month
from payments.runs.models import case_of
from registry.access.hands import objection
from registry.access.models import Part
from registry.audit.models import AuditEvent, Purpose, Verb
from registry.audit.services import attempt, audit_record
from registry.models import Delivery, Person, User

if TYPE_CHECKING:
    from collections.abc import Iterator

# Persons in a chunk: few enough to lose, enough to be worth a transaction, work for all workers.
CHUNK_LEAST, CHUNK_MOST, CHUNKS = 2_000, 50_000, 8
LOCK = 681_2023  # advisory lock of whoever computes or approves


def run_compute(
    month: Month,
    *,
    at: datetime,
    prepared_by: User | None = None,
    workers: int | None = None,
    progress: Progress = silent,
) -> Run:
    """Compute the automatic run of a month as a draft, replacing an earlier draft (C-37).

    Raises WrongMonth naming the month that is next, RunRefused if there is nothing to compute
    from or another process is at it.
    """
    with _alone():
        run = _run_start(month, at=at, prepared_by=prepared_by)
        chunks_compute(run, workers=workers or os.cpu_count() or 1, progress=progress)
        return _run_finish(run)


@contextmanager
def _alone() -> Iterator[None]:
    """Hold the advisory lock of runs. Raises RunRefused if another process holds it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        _refuse_busy(cursor)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


@transaction.atomic
def _run_start(month: Month, *, at: datetime, prepared_by: User | None) -> Run:
    """Store the run with what it rests on, its chunks and its bare partitions."""
    delivery = Delivery.objects.order_by("pk").last()
    if delivery is None:
        raise RunRefused(str(NO_DELIVERY))
    last = Run.objects.approved().order_by("-month").first()
    _refuse_wrong_month(month, last)
    for replaced in Run.objects.open():
        run_discard(replaced)
    run = Run(month=month.first_day, delivery=delivery, created_at=at, prepared_by=prepared_by)
    run.figures = figures_by_month([*map(Month.of, earlier_months(run)), month])
    run.input_hash = input_hash(run, last)
    run.save()
    _history_store(run, last)
    _chunks_store(run)
    partitions.create_bare(run.pk)
    return run


def _refuse_wrong_month(month: Month, last: Run | None) -> None:
    if last is None or Month.of(last.month) + 1 == month:
        return
    expected = Month.of(last.month) + 1
    if month.first_day <= last.month:
        message = _(
            "The run of {month} is settled: runs up to {last} are approved. Next is {next}."
        )
    else:
        message = _("Runs follow one another: {month} would skip months. Next is {next}.")
    raise WrongMonth(message.format(month=month, last=last, next=expected))


def run_discard(run: Run) -> None:
    """Take back everything an unapproved run wrote."""
    partitions.drop(run.pk)
    ClaimableEntry.objects.filter(opened_by=run).delete()
    ClaimableEntry.objects.filter(closed_by=run).update(closed_by=None)  # theirs stand again
    run.delete()


def input_hash(run: Run, last: Run | None) -> str:
    """Hash of all that decides the lines: register, figures, rules, ledger (C-36)."""
    parts = (
        run.month.isoformat(),
        run.delivery.register_hash,
        rules_hash(),
        *(f"{month} {figures}" for month, figures in sorted(run.figures.items())),
        *((last.input_hash, last.lines_hash) if last else ()),
    )
    return sha256("\n".join(parts).encode()).hexdigest()


def _history_store(run: Run, last: Run | None) -> None:
    if last is None:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            statement("history"),
            {"run": run.pk, "since": last.delivery_id, "known_at": run.delivery_id},
        )
        cursor.execute("ANALYZE payments_runhistory")


def _chunks_store(run: Run) -> None:
    end = (Person.objects.aggregate(last=Max("pk"))["last"] or 0) + 1
    size = min(max(end // CHUNKS, CHUNK_LEAST), CHUNK_MOST)
    starts = range(1, end, size)
    RunChunk.objects.bulk_create(
        RunChunk(run=run, number=number, first_person=first, end_person=min(first + size, end))
        for number, first in enumerate(starts, start=1)
    )


@transaction.atomic
def _run_finish(run: Run) -> Run:
    """Key and attach the partitions, sum the proposals; the run is a draft to check."""
    partitions.attach(run.pk)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '256MB'")
        cursor.execute(statement("finish"), {"run": run.pk, "month": run.month})
    run.lines_hash = lines_hash(run)
    run.status = RunStatus.DRAFT
    run.save(update_fields=["lines_hash", "status"])
    audit_record(
        verb=Verb.CREATED,
        actor=run.prepared_by,
        about=run,
        case_ref=case_of(run.month),
        purpose=Purpose.COMPENSATION,
    )
    return run


def run_check(run_id: int, *, checker: User, at: datetime) -> Run:
    """Mark a draft as checked, and log it or its refusal (P-01, P-10).

    Raises SamePerson if the checker has touched it, RunRefused if it is not a draft.
    """
    with _attempt(Verb.CHECKED, checker, run_id):
        return _check(_locked(run_id), checker, at)


def _check(run: Run, checker: User, at: datetime) -> Run:
    if run.status != RunStatus.DRAFT:
        raise RunRefused(
            _("Only a draft can be checked; this run is {status}.").format(
                status=run.get_status_display()
            )
        )
    _refuse_hand(run, checker, Part.CHECKED)
    _refuse_changed(run)
    run.status, run.checked_by = RunStatus.CHECKED, checker
    run.checked_at = max(at, run.created_at)
    run.save(update_fields=["status", "checked_by", "checked_at"])
    return run


def run_approve(run_id: int, *, approver: User, at: datetime) -> Run:
    """Approve a checked run; its lines become the ledger's (C-35, P-01); logged as `run_check` is.

    Raises SamePerson if the approver had a part in it, RunChanged if its hashes no longer hold,
    NotConserved if the sums do not add up, RunRefused if it has not been checked.
    """
    with _attempt(Verb.APPROVED, approver, run_id):
        return _approve(_locked(run_id), approver, at)


def _approve(run: Run, approver: User, at: datetime) -> Run:
    if run.status != RunStatus.CHECKED:
        raise RunRefused(
            _("Only a checked run can be approved; this run is {status}.").format(
                status=run.get_status_display()
            )
        )
    _refuse_hand(run, approver, Part.APPROVED)
    _refuse_changed(run)
    check_conservation(run)
    run.status, run.approved_by = RunStatus.APPROVED, approver
    run.approved_at = max(at, run.checked_at or at)
    run.save(update_fields=["status", "approved_by", "approved_at"])
    run_decide(run)
    return run


def run_check_and_approve(run_id: int, *, checker: User, approver: User, at: datetime) -> Run:
    """Take both steps, as two people, or neither. Raises as `run_check` and `run_approve`."""
    with _attempt(Verb.CHECKED, checker, run_id):
        _check(_locked(run_id), checker, at)
        with _attempt(Verb.APPROVED, approver, run_id):
            return _approve(_locked(run_id), approver, at)


def _attempt(verb: Verb, actor: User, run_id: int) -> AbstractContextManager[AuditEvent]:
    """A step in one transaction with its event, or its refusal after the rollback (P-10)."""
    run = Run.objects.filter(pk=run_id).only("month").first()
    case = case_of(run.month) if run else ""
    return attempt(
        RunRefused, verb=verb, actor=actor, about=run, case_ref=case, purpose=Purpose.COMPENSATION
    )


def _locked(run_id: int) -> Run:
    """The run, locked, while nobody computes. Raises RunRefused."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        _refuse_busy(cursor)
    locked = Run.objects.select_for_update(of=("self",)).select_related("delivery")
    run = locked.filter(pk=run_id).first()
    if run is None:
        raise RunRefused(_("This run has been computed again meanwhile. Open it anew."))
    return run


def _refuse_busy(cursor: CursorWrapper) -> None:
    if not cursor.fetchone()[0]:
        raise RunRefused(_("Another process is computing a run; wait until it has finished."))


def _refuse_hand(run: Run, user: User, part: Part) -> None:
    if reason := objection(run, user, part):
        raise SamePerson(reason)


def _refuse_changed(run: Run) -> None:
    last = Run.objects.approved().filter(month__lt=run.month).order_by("-month").first()
    now = Run(month=run.month, delivery=run.delivery)
    now.figures = figures_by_month(map(Month.parse, run.figures))
    if input_hash(now, last) != run.input_hash or lines_hash(run) != run.lines_hash:
        raise RunChanged(
            _(
                "What the run of {month} rests on has changed since it was computed. Compute it again."
            ).format(month=run)
        )
