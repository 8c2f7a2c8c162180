"""Load the phrase library from the repository's data file."""

from __future__ import annotations

from pathlib import Path

from django.db import transaction

from config.lib.reference import Loaded, typed_rows, upsert
from grants.review.models import Phrase

DATA = Path(__file__).resolve().parents[1] / "data"


@transaction.atomic
def phrases_load() -> dict[str, Loaded]:
    """Load the phrases by their code. Raises BadReference."""
    return {"phrases": upsert(Phrase, typed_rows(DATA / "phrases.csv", Phrase), key=("code",))}
