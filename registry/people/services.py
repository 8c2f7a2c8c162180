"""Load the grounds of residence permits from the repository's data file."""

from __future__ import annotations

from pathlib import Path

from django.db import transaction

from config.lib.reference import Loaded, typed_rows, upsert
from registry.people.models import Ground

DATA = Path(__file__).resolve().parents[1] / "data"


@transaction.atomic
def reference_load() -> dict[str, Loaded]:
    """Load the grounds. Raises BadReference."""
    return {"grounds": upsert(Ground, typed_rows(DATA / "grounds.csv", Ground), key=("code",))}
