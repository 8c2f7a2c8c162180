"""`load_reference`: municipalities, counties, grounds, figures, rounds from the data files."""

from __future__ import annotations

from django.core.management.base import BaseCommand, CommandError
from django.db import IntegrityError, transaction
from tqdm import tqdm

from config.lib.reference import BadReference, Loaded
from grants.rounds import services as rounds
from payments.rates import services as rates
from registry.organisations import services as organisations
from registry.people import services as people

# In the order their rows refer to one another.
LOADS = (
    organisations.reference_load,
    people.reference_load,
    rates.reference_load,
    rounds.reference_load,
)


class Command(BaseCommand):
    help = "Load reference data from the repository's files; safe to run again."

    def handle(self, **options: object) -> None:
        try:
            loaded = reference_load()
        except BadReference as refused:
            raise CommandError(str(refused)) from refused
        except IntegrityError as refused:
            raise CommandError(f"The database refused: {refused}") from refused
        for name, rows in loaded.items():
            self.stdout.write(f"{name:16}{_written(rows)}")
        self.stdout.write(f"Reference data: {_written(sum(loaded.values(), Loaded()))}.")


@transaction.atomic
def reference_load() -> dict[str, Loaded]:
    """Load everything, or nothing."""
    loaded: dict[str, Loaded] = {}
    for load in tqdm(LOADS, desc="reference data", unit="part", leave=False, disable=None):
        loaded |= load()
    return loaded


def _written(rows: Loaded) -> str:
    return f"{rows.new} new, {rows.changed} changed, {rows.unchanged} unchanged"
