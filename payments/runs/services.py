"""Runs as people and schedules work them (C-29 … C-38, P-01).

Start, compute, finish; check, approve; return, cancel, try again.
"""

from __future__ import annotations

import os
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from config.lib.months import Month
from config.lib.progress import Progress, silent
from payments.cases.of_runs import cases_find
from payments.checks.services import refuse_waiting, settle
from payments.decisions.services import run_decide
from payments.models import Run, RunStatus
from payments.recovery.services.opening import run_recover
from payments.runs import leases
from payments.runs.compute import chunk_next, chunks_compute
from payments.runs.conservation import check_conservation, lines_hash
from payments.runs.errors import RunBusy, RunChanged, RunRefused, SamePerson
from payments.runs.figures import figures_by_month
from payments.runs.finishing import refuse_unfinished, run_attach, run_sum
from payments.runs.inputs import chunk_context, input_hash, version
from payments.runs.models import Deed, case_of
from payments.runs.preparing import run_discard, run_drafted, run_store
from payments.runs.selectors import month_due
from payments.runs.steps import (
    attempted,
    lock_runs,
    locked,
    reason_given,
    step_record,
)
from registry.access.hands import objection
from registry.access.models import Part
from registry.audit.models import Purpose, Verb
from registry.audit.services import audit_record, event_about
from registry.models import User


def run_compute(
    month: Month,
    *,
    at: datetime,
    prepared_by: User | None = None,
    workers: int | None = None,
    progress: Progress = silent,
) -> Run:
    """Compute the automatic run of a month as a draft here and now, replacing an earlier draft.

    One that is being computed from the same inputs, or broke off, is gone on with (C-37). Raises
    WrongMonth naming the month that is next, RunBusy if others are computing another, RunUnfinished
    if parts fail, RunRefused if there is nothing to compute from.
    """
    run = _under_way(month, at=at, prepared_by=prepared_by)
    leases.retry(run)
    return run_work(run.pk, workers=workers, progress=progress)


def run_start(month: Month, *, at: datetime, starter: User, seen: int | None) -> Run:
    """Store the run of a month for workers to compute, in the place of the open run that was seen.

    `seen` is that run's id, None where there was none: of two who press the button, or press it
    twice, one starts. Raises RunChanged for the other, and as `run_compute`.
    """
    with attempted(Verb.CREATED, starter, seen, month) as event:
        lock_runs()
        now_open = Run.objects.open().values_list("pk", flat=True).first()
        if now_open != seen:
            raise RunChanged(
                _("Somebody has started a run meanwhile, or finished one; nothing was done twice.")
            )
        run = _replace(month, at=at, prepared_by=starter)
        event_about(event, run)
    return run


@transaction.atomic
def run_start_due(*, at: datetime) -> Run | None:
    """Start the month's run if the calendar says so and nobody has ever started it.

    The first run of all, and whatever follows a cancelled one, is for people to start.
    """
    if month_due(at) is None:
        return None
    lock_runs()
    month = month_due(at)  # again: somebody else may have started it meanwhile
    return None if month is None else _begun(month, at=at, prepared_by=None)


@transaction.atomic
def run_renew(run_id: int, *, at: datetime) -> Run | None:
    """Start a run anew that was begun by another version of the code and nobody goes on with.

    None if it is of this version or gone: nothing to do, and nobody to wait for.
    """
    of_another = Run.objects.filter(pk=run_id).exclude(version=version())
    if not of_another.exists():
        return None
    lock_runs()
    old = Run.objects.filter(pk=run_id, status=RunStatus.COMPUTING).first()
    if old is None or old.version == version() or leases.held(old):
        return None
    return _begun(Month.of(old.month), at=at, prepared_by=old.prepared_by)


@transaction.atomic
def _under_way(month: Month, *, at: datetime, prepared_by: User | None) -> Run:
    """The run of a month that is being computed from the same inputs, or a new one."""
    lock_runs()
    new, _last = run_drafted(month, at=at, prepared_by=prepared_by)
    same = Run.objects.filter(
        status=RunStatus.COMPUTING,
        month=new.month,
        input_hash=new.input_hash,
        version=new.version,
    ).first()
    return same or _begun(month, at=at, prepared_by=prepared_by)


def _begun(month: Month, *, at: datetime, prepared_by: User | None) -> Run:
    run = _replace(month, at=at, prepared_by=prepared_by)
    audit_record(
        verb=Verb.CREATED,
        actor=prepared_by,
        about=run,
        case_ref=case_of(month),
        purpose=Purpose.COMPENSATION,
    )
    return run


def _replace(month: Month, *, at: datetime, prepared_by: User | None) -> Run:
    """Store a new run in the place of the open one, under the lock of runs."""
    run, last = run_drafted(month, at=at, prepared_by=prepared_by)
    for replaced in Run.objects.open():
        if leases.held(replaced):
            raise RunBusy(_("Another process is computing a run; wait until it has finished."))
        step_record(replaced, Deed.REPLACED, by=prepared_by)
        run_discard(replaced)
    run_store(run, last)
    step_record(run, Deed.STARTED, by=prepared_by)
    return run


def run_work(run_id: int, *, workers: int | None = None, progress: Progress = silent) -> Run:
    """Compute what is left of a run in this process, and finish it. Raises RunRefused."""
    run = Run.objects.select_related("delivery").filter(pk=run_id).first()
    if run is not None and run.status == RunStatus.COMPUTING:
        chunks_compute(run, workers=workers or os.cpu_count() or 1, progress=progress)
    return run_finish(run_id)


def run_part(run_id: int) -> None:
    """Compute one part of a run that is nobody's, and finish the run if it was the last.

    Does nothing to a run that is gone, finished, or of another version of the code.
    """
    run = Run.objects.select_related("delivery").filter(pk=run_id, version=version()).first()
    if run is None or run.status != RunStatus.COMPUTING:
        return
    chunk_next(run, chunk_context(run))
    if not run.chunks.filter(done_at=None).exists():
        run_finish(run_id)


def run_finish(run_id: int) -> Run:
    """Make a run whose parts are done a draft to check; one that is, is left as it is.

    In two steps: attaching shuts others out of the tables that lines refer to, summing need not.
    Raises RunUnfinished if parts are missing, RunRefused if the run is gone.
    """
    for finish in (run_attach, run_sum):
        with transaction.atomic():
            run = locked(run_id)
            if run.status == RunStatus.COMPUTING:
                refuse_unfinished(run)
                finish(run)
    return run


def run_retry(run_id: int, *, retrier: User) -> Run:
    """Have the parts that were set aside tried again. Raises RunRefused if there are none."""
    with attempted(Verb.CHANGED, retrier, run_id) as event:
        event.details = {"deed": Deed.RETRIED}
        run = locked(run_id)
        if run.status != RunStatus.COMPUTING or not leases.retry(run):
            raise RunRefused(_("No part of this run waits to be tried again."))
        step_record(run, Deed.RETRIED, by=retrier)
    return run


def run_cancel(run_id: int, *, canceller: User, reason: str) -> None:
    """Take back an unapproved run, whatever its state; who, when and why is kept (C-37).

    Raises RunRefused without a reason, and for an approved run.
    """
    with attempted(Verb.DELETED, canceller, run_id):
        reason, run = reason_given(reason), locked(run_id)
        if run.status == RunStatus.APPROVED:
            raise RunRefused(_("An approved run is not cancelled; later runs correct it."))
        step_record(run, Deed.CANCELLED, by=canceller, reason=reason)
        run_discard(run)


def run_return(run_id: int, *, returner: User, reason: str) -> Run:
    """Return a checked run to a draft with a reason; it must be checked anew.

    Who checked it has had a part in it all the same (P-01). Raises RunRefused.
    """
    with attempted(Verb.CHANGED, returner, run_id) as event:
        event.details = {"deed": Deed.RETURNED}
        reason, run = reason_given(reason), locked(run_id)
        if run.status != RunStatus.CHECKED:
            raise RunRefused(
                _("Only a checked run can be returned; this run is {status}.").format(
                    status=run.get_status_display()
                )
            )
        step_record(run, Deed.RETURNED, by=returner, reason=reason)
        run.status, run.checked_by, run.checked_at = RunStatus.DRAFT, None, None
        run.save(update_fields=["status", "checked_by", "checked_at"])
    return run


def run_check(run_id: int, *, checker: User, at: datetime) -> Run:
    """Mark a draft as checked, and log it or its refusal (P-01, P-10).

    Raises SamePerson if the checker has touched it, RunRefused if it is not a draft.
    """
    with attempted(Verb.CHECKED, checker, run_id):
        return _check(locked(run_id), checker, at)


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
    step_record(run, Deed.CHECKED, by=checker)
    return run


def run_approve(run_id: int, *, approver: User, at: datetime) -> Run:
    """Approve a checked run; its lines become the ledger's (C-35, P-01); logged as `run_check` is.

    Raises SamePerson if the approver had a part in it, RunChanged if its hashes no longer hold,
    AnomaliesWait while one is not accepted, NotConserved if the sums do not add up, RunRefused if it
    has not been checked.
    """
    with attempted(Verb.APPROVED, approver, run_id):
        return _approve(locked(run_id), approver, at)


def _approve(run: Run, approver: User, at: datetime) -> Run:
    if run.status != RunStatus.CHECKED:
        raise RunRefused(
            _("Only a checked run can be approved; this run is {status}.").format(
                status=run.get_status_display()
            )
        )
    _refuse_hand(run, approver, Part.APPROVED)
    _refuse_changed(run)
    refuse_waiting(run)
    check_conservation(run)
    run.claims.update(is_closed=True)
    run.status, run.approved_by = RunStatus.APPROVED, approver
    run.approved_at = max(at, run.checked_at or at)
    run.save(update_fields=["status", "approved_by", "approved_at"])
    step_record(run, Deed.APPROVED, by=approver)
    run_recover(run)
    run_decide(run)
    cases_find(run, today=timezone.localdate(run.approved_at))
    return run


def run_check_and_approve(
    run_id: int, *, checker: User, approver: User, at: datetime, accepting: str = ""
) -> Run:
    """Take both steps, as two people, or neither. Raises as `run_check` and `run_approve`.

    With a reason in `accepting` the checker accepts the anomalies that wait.
    """
    with attempted(Verb.CHECKED, checker, run_id):
        run = _check(locked(run_id), checker, at)
        if accepting:
            settle(run, run.anomalies.waiting(), by=checker, reason=accepting, at=at)
        with attempted(Verb.APPROVED, approver, run_id):
            return _approve(locked(run_id), approver, at)


def _refuse_hand(run: Run, user: User, part: Part) -> None:
    if reason := objection(run, user, part):
        raise SamePerson(reason)


def _refuse_changed(run: Run) -> None:
    last = Run.objects.approved().filter(month__lt=run.month).order_by("-month").first()
    now = Run(pk=run.pk, month=run.month, delivery=run.delivery)
    now.figures = figures_by_month(map(Month.parse, run.figures))
    if (
        input_hash(now, last, run.claims.all()) != run.input_hash
        or lines_hash(run) != run.lines_hash
    ):
        raise RunChanged(
            _(
                "What the run of {month} rests on has changed since it was computed. Compute it again."
            ).format(month=run)
        )
