"""Finish a run whose parts are all done: keyed, attached, summed; a draft to check."""

from __future__ import annotations

from django.db import connection
from django.utils.translation import gettext as _

from payments.changes.storing import changes_store
from payments.checks.finding import anomalies_find
from payments.models import Run, RunStatus
from payments.runs import leases, partitions
from payments.runs.conservation import lines_hash
from payments.runs.errors import RunUnfinished
from payments.runs.inputs import statement
from payments.runs.models import Deed
from payments.runs.steps import step_record


def refuse_unfinished(run: Run) -> None:
    """Refuse a run of which parts are missing. Raises RunUnfinished, saying how many and why."""
    aside = list(run.chunks.exclude(set_aside_at=None))
    if aside:
        raise RunUnfinished(
            _(
                "The run of {month} cannot be finished: {number} of its parts failed ({why}). The "
                "other parts are done and kept. When the cause is mended, have it tried again."
            ).format(month=run, number=len(aside), why=", ".join({part.error for part in aside}))
        )
    if leases.open_parts(run).exists():
        raise RunUnfinished(_("Parts of the run of {month} are still computed.").format(month=run))


def run_attach(run: Run) -> None:
    """Key and attach the partitions, unless whoever began to finish the run has."""
    if not partitions.attached(run.pk):
        partitions.attach(run.pk)


def run_sum(run: Run) -> None:
    """Sum the proposals, compare with last month, hash the lines; the run is a draft."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '256MB'")
        cursor.execute(statement("finish"), {"run": run.pk, "month": run.month})
    changes_store(run)
    anomalies_find(run)
    run.lines_hash = lines_hash(run)
    run.status = RunStatus.DRAFT
    run.save(update_fields=["lines_hash", "status"])
    step_record(run, Deed.COMPUTED, by=None)
