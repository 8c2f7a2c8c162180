"""Load the calendar of runs from the repository's data file."""

from __future__ import annotations

from pathlib import Path

from django.db import transaction

from config.lib.reference import Loaded, typed_rows, upsert
from payments.calendar.models import RunCalendar

DATA = Path(__file__).resolve().parents[1] / "data" / "run_calendar.csv"


@transaction.atomic
def reference_load() -> dict[str, Loaded]:
    """Load the calendar to begin with; one that coordinators keep is theirs. Raises BadReference.

    It is practice and not law: the file does not win here.
    """
    if kept := RunCalendar.objects.count():
        return {"run_calendar": Loaded(unchanged=kept)}
    rows = typed_rows(DATA, RunCalendar)
    return {"run_calendar": upsert(RunCalendar, rows, key=("valid_from",))}
