"""Store a run to be computed, and take back one that is replaced or cancelled (C-36, C-37)."""

from __future__ import annotations

from datetime import datetime

from django.db import connection
from django.db.models import Max
from django.utils.translation import gettext as _

from config.lib.months import Month
from payments.cases.of_runs import allocations_give_back, allocations_take
from payments.former.of_runs import former_give_back, former_take
from payments.models import Claim, ClaimableEntry, Run, RunChunk
from payments.runs import partitions
from payments.runs.errors import NO_DELIVERY, RunRefused, WrongMonth
from payments.runs.figures import figures_by_month
from payments.runs.inputs import earlier_months, input_hash, statement, version
from payments.runs.links import links_take, relinked
from registry.models import Delivery, Person, User

# Persons in a chunk: few enough to lose, enough to be worth a transaction, work for all workers.
CHUNK_LEAST, CHUNK_MOST, CHUNKS = 2_000, 50_000, 8


def run_drafted(month: Month, *, at: datetime, prepared_by: User | None) -> tuple[Run, Run | None]:
    """The run of a month as it would be now, not stored, and the approved run before it.

    Raises WrongMonth naming the month that is next, RunRefused without a delivery.
    """
    delivery = Delivery.objects.order_by("pk").last()
    if delivery is None:
        raise RunRefused(str(NO_DELIVERY))
    last = Run.objects.approved().order_by("-month").first()
    _refuse_wrong_month(month, last)
    run = Run(month=month.first_day, delivery=delivery, created_at=at, prepared_by=prepared_by)
    run.figures = figures_by_month([*map(Month.of, earlier_months(run)), month])
    run.input_hash, run.version = input_hash(run, last, Claim.objects.to_settle()), version()
    return run, last


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


def run_store(run: Run, last: Run | None) -> None:
    """Store the run with what it settles, whose history it looks at, its parts, its bare partitions."""
    to_settle = list(Claim.objects.to_settle().values_list("pk", flat=True))
    run.save(force_insert=True)
    Claim.objects.filter(pk__in=to_settle).update(settled_by=run)
    allocations_take(run)
    links_take(run)
    former_take(run)
    _history_store(run, last)
    _chunks_store(run)
    partitions.create_bare(run.pk)


def _history_store(run: Run, last: Run | None) -> None:
    if last is None:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            statement("history"),
            {
                "run": run.pk,
                "since": last.delivery_id,
                "known_at": run.delivery_id,
                "relinked": relinked(run),
            },
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


def run_discard(run: Run) -> None:
    """Take back everything an unapproved run wrote; its step must have been recorded before.

    The partitions first: that waits for parts being computed, and stops any later one.
    """
    partitions.drop(run.pk)
    ClaimableEntry.objects.filter(opened_by=run).delete()
    Claim.objects.filter(settled_by=run).update(settled_by=None)
    allocations_give_back(run)
    former_give_back(run)
    ClaimableEntry.objects.filter(closed_by=run).update(closed_by=None)  # theirs stand again
    run.delete()
