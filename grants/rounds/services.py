"""Load the published support rounds from the repository's data files."""

from __future__ import annotations

from pathlib import Path

from django.db import models, transaction

from config.lib.reference import Loaded, Values, typed_rows, upsert
from grants.rounds.models import Round, RoundAmount, RoundGround

DATA = Path(__file__).resolve().parents[1] / "data"


@transaction.atomic
def reference_load() -> dict[str, Loaded]:
    """Load rounds with their amounts and grounds. Raises BadReference."""
    rounds = upsert(Round, typed_rows(DATA / "supplement_rounds.csv", Round), key=("code",))
    amounts = _of_rounds("supplement_amounts.csv", RoundAmount)
    grounds = [
        {"ground_id": row.pop("ground"), **row}
        for row in _of_rounds("supplement_grounds.csv", RoundGround)
    ]
    return {
        "rounds": rounds,
        "amounts": upsert(RoundAmount, amounts, key=("round_id", "applicant_kind", "min_age")),
        "round_grounds": upsert(RoundGround, grounds, key=("round_id", "ground_id")),
    }


def _of_rounds(file: str, model: type[models.Model]) -> list[Values]:
    """Rows that belong to a round, which their file names by its code."""
    ids = dict(Round.objects.values_list("code", "id"))
    return [{"round_id": ids[row.pop("round")], **row} for row in typed_rows(DATA / file, model)]
