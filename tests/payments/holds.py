"""Legal holds in short."""

from __future__ import annotations

from datetime import date

from payments.models import LegalHold
from tests.factories import user_named


def held(application_id: object) -> int:
    """The id of a hold on an application."""
    hold = LegalHold.objects.create(
        application_id=application_id,
        reason="VTV 12/2026",
        placed_by=user_named("tytti"),
        placed_on=date(2026, 1, 2),
    )
    return hold.pk
