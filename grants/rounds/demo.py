"""Rounds of the demo: last year's arrivals, open now; invented, and they say so."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction

from grants.rounds.models import Round, RoundAmount, RoundGround, RoundStatus
from grants.rounds.services import SAME, copied

MODELS = ("L2024", "K2023", "P2023")  # the latest published round of each support
WEEKS = 6


@transaction.atomic
def rounds_open(*, today: date) -> list[Round]:
    """Open a round of each support for the arrivals of last and this year; those there stay."""
    return [_opened(Round.objects.get(code=code), today) for code in MODELS]


def _opened(model: Round, today: date) -> Round:
    new, is_new = Round.objects.get_or_create(
        code=f"{model.code[:1]}{today.year}",
        defaults={
            **{name: getattr(model, name) for name in SAME},
            "arrivals_from": date(today.year - 1, 1, 1),
            "arrivals_to": date(today.year, 12, 31),
            "opens": today - timedelta(weeks=1),
            "closes": today + timedelta(weeks=WEEKS),
            "status": RoundStatus.OPEN,
            "source": "demo",
        },
    )
    if is_new:
        copied(RoundAmount, model, new)
        copied(RoundGround, model, new)
    return new
