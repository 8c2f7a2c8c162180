"""Load the law's figures from the repository's data files."""

from __future__ import annotations

from pathlib import Path

from django.db import models, transaction

from config.lib.reference import Loaded, typed_rows, upsert
from payments.rates.models import Citation, Duration, Rate, ReferenceRate

DATA = Path(__file__).resolve().parents[1] / "data"

# File, table, and the columns that say which row is meant.
FIGURES: dict[str, tuple[type[models.Model], tuple[str, ...]]] = {
    "rates": (
        Rate,
        ("benefit", "route", "payee_kind", "region", "component", "min_age", "valid_from"),
    ),
    "durations": (Duration, ("group", "clock_from")),
    "citations": (Citation, ("code", "benefit_from")),
    "reference_rates": (ReferenceRate, ("valid_from",)),
}


@transaction.atomic
def reference_load() -> dict[str, Loaded]:
    """Load rates, durations, citations and reference rates.

    Raises BadReference, and IntegrityError where a rate that an approved run used would change.
    """
    return {
        name: upsert(model, typed_rows(DATA / f"{name}.csv", model), key=key)
        for name, (model, key) in FIGURES.items()
    }
