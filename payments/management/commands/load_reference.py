"""`load_reference`: municipalities, counties, grounds, figures, rounds from the data files."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError
from django.db import IntegrityError, transaction

from config.lib.command import SummaryCommand, refused
from config.lib.progress import Progress, bars, silent
from config.lib.reference import BadReference, Loaded
from grants.review import library
from grants.rounds import services as rounds
from payments.calendar import services as calendar
from payments.checks import services as checks
from payments.rates import services as rates
from registry.organisations import services as organisations
from registry.people import services as people

# In the order their rows refer to one another.
LOADS = (
    organisations.reference_load,
    people.reference_load,
    rates.reference_load,
    calendar.reference_load,
    checks.reference_load,
    rounds.reference_load,
    library.phrases_load,
)


class Command(SummaryCommand):
    help = "Load reference data from the repository's files; safe to run again."

    def handle(self, **options: Any) -> None:
        try:
            with bars() as progress:
                loaded = reference_load(progress)
        except BadReference as wrong:
            raise refused(wrong) from wrong
        except IntegrityError as wrong:
            raise CommandError(f"The database refused: {wrong}") from wrong
        for name, rows in loaded.items():
            self.stdout.write(f"{name:16}{_written(rows)}")
        self.summary(f"Reference data: {_written(sum(loaded.values(), Loaded()))}.")


@transaction.atomic
def reference_load(progress: Progress = silent) -> dict[str, Loaded]:
    """Load everything, or nothing. Raises BadReference, IntegrityError."""
    loaded: dict[str, Loaded] = {}
    for number, load in enumerate(LOADS, start=1):
        loaded |= load()
        progress("reference data", number, len(LOADS))
    return loaded


def _written(rows: Loaded) -> str:
    return f"{rows.new} new, {rows.changed} changed, {rows.unchanged} unchanged"
