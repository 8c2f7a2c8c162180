"""A demo year: a synthetic country delivered, computed and approved month by month."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from config.lib.months import Month
from config.lib.progress import Progress
from payments.demo.money import Treasury, month_pay
from payments.models import Run
from payments.runs.services import run_check_and_approve, run_compute
from registry.deliveries.services import agreements_import, delivery_import
from registry.deliveries.synthetic.make import delivery_make, delivery_make_next
from registry.models import User

MONTHS_APPROVED = 12
SEED = 2026
MONTH_RETURNED = 3  # months before this: a payment comes back, and is paid anew the month after
BAD_ROWS = 2  # in the first delivery, so that refused rows are seen


@dataclass(frozen=True)
class Cast:
    """Who works the demo's runs, and who pays them."""

    reviewer: User
    approver: User
    treasury: Treasury


def folder(month: Month) -> Path:
    """Where the delivery of a month lies."""
    return Path(settings.BASE_DIR) / "var" / "demo" / str(month)


def year_play(this: Month, *, cast: Cast, persons: int, progress: Progress) -> Run:
    """Deliver, compute and approve the months before `this`, and compute `this` as a draft.

    What is done already is left as it is, so that playing again is quick.
    """
    first = _first_month(this)
    for number in range(this - first + 1):
        month = first + number
        run = Run.objects.filter(month=month.first_day).computed().first()
        if run is None or (month < this and run.status != "approved"):
            _deliver(month, first, persons=persons, progress=progress)
            run = run_compute(month, at=_moment(month, 10), progress=progress)
        if month < this and run.status != "approved":
            run_check_and_approve(
                run.pk,
                checker=cast.reviewer,
                approver=cast.approver,
                at=_moment(month, 12),
                accepting=_("looked at together with the payees"),
            )
        if month < this:
            _pay(run, cast, left=this - month)
    return Run.objects.get(month=this.first_day)


def _pay(run: Run, cast: Cast, *, left: int) -> None:
    """Pay the month of a run when so many months are left until this one."""
    month_pay(
        run,
        treasury=cast.treasury,
        at=_moment(Month.of(run.month), 13),
        returned=left == MONTH_RETURNED,
        rejected=left == 1,
    )


def _first_month(this: Month) -> Month:
    earliest = Run.objects.order_by("month").first()
    return Month.of(earliest.month) if earliest else this + -MONTHS_APPROVED


def _deliver(month: Month, first: Month, *, persons: int, progress: Progress) -> None:
    """Make the month's delivery unless it lies there, and import it."""
    place = folder(month)
    if not place.is_dir():
        place.parent.mkdir(parents=True, exist_ok=True)
        if month == first:
            delivery_make(
                place, persons=persons, as_of=month.first_day, seed=SEED, bad_rows=BAD_ROWS
            )
        else:
            delivery_make_next(place, folder(month + -1), as_of=month.first_day, seed=SEED)
    at = _moment(month, 5)
    if (place / "agreements.csv").exists():
        agreements_import(place / "agreements.csv", received_at=at, today=at.date())
    delivery_import(place, received_at=at, today=at.date(), progress=progress)


def _moment(month: Month, day: int) -> datetime:
    """A morning of the month, but never later than now."""
    morning = timezone.make_aware(
        datetime.combine(month.first_day + timedelta(days=day - 1), time(9))
    )
    return min(morning, timezone.now())
