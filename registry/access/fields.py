"""A field that several models have: who did something."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models


def somebody(
    verbose_name: Any, *, null: bool = False, blank: bool = False
) -> models.ForeignKey[Any, Any]:
    """A user who had a part in what a row tells; kept as long as the row is."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=verbose_name,
        on_delete=models.PROTECT,
        related_name="+",
        null=null,
        blank=blank,
    )
