"""Taking a step with a run: one at a time, logged whether done or refused, its trace kept."""

from __future__ import annotations

from contextlib import AbstractContextManager

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from config.lib.months import Month
from payments.models import Run, RunStep
from payments.runs.errors import RunRefused
from payments.runs.models import Deed, case_of
from registry.audit.models import AuditEvent, Purpose, Verb
from registry.audit.services import attempt
from registry.models import User

LOCK = 681_2023  # advisory lock of whoever starts, finishes or takes a step with a run


def lock_runs() -> None:
    """Take the lock of runs until the transaction ends; wait for whoever has it.

    Who has it and falls silent is cut off by the database, so that nobody waits for ever.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"SET LOCAL idle_in_transaction_session_timeout = '{settings.LEASE_SECONDS:d}s'"
        )
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def locked(run_id: int) -> Run:
    """The run, locked, while nobody else takes a step. Raises RunRefused if it is gone.

    Without its key: parts being computed refer to it and go on.
    """
    lock_runs()
    runs = Run.objects.select_for_update(of=("self",), no_key=True).select_related("delivery")
    run = runs.filter(pk=run_id).first()
    if run is None:
        raise RunRefused(
            _("This run has been computed again or cancelled meanwhile. Open it anew.")
        )
    return run


def attempted(
    verb: Verb, actor: User | None, run_id: int | None = None, month: Month | None = None
) -> AbstractContextManager[AuditEvent]:
    """A step in one transaction with its event, or its refusal after the rollback (P-10)."""
    run = Run.objects.filter(pk=run_id).only("month").first() if run_id else None
    case = case_of(run.month) if run else case_of(month) if month else ""
    about = run or Run
    return attempt(
        RunRefused, verb=verb, actor=actor, about=about, case_ref=case, purpose=Purpose.COMPENSATION
    )


def step_record(run: Run, deed: Deed, *, by: User | None, reason: str = "") -> RunStep:
    """Keep what is done with the run, in the transaction that does it."""
    return RunStep.objects.create(
        month=run.month,
        run_id=run.pk,
        deed=deed,
        by=by,
        reason=reason,
        input_hash=run.input_hash,
        lines_hash=run.lines_hash,
    )


def reason_given(reason: str) -> str:
    """The reason without blanks around it. Raises RunRefused if there is none."""
    if not reason.strip():
        raise RunRefused(_("Say why, in a sentence: the reason is kept with the run's steps."))
    return reason.strip()[:500]
