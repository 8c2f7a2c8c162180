"""Facts: rows that a delivery brought and another may have closed, never changed or deleted.

The current register is `current()`; the register as it was known after a delivery is
`known_at(delivery)`. In SQL the same filter reads
`brought_by_id <= D AND (closed_by_id IS NULL OR closed_by_id > D)`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from registry.deliveries.models import Delivery


class FactQuerySet(models.QuerySet[Any]):
    """Reads of facts as known now or as known after some delivery."""

    def current(self) -> Self:
        """Facts as known now."""
        return self.filter(closed_by=None)

    def known_at(self, delivery: Delivery) -> Self:
        """Facts as they were known after the delivery."""
        return self.filter(
            Q(closed_by=None) | Q(closed_by__gt=delivery.pk), brought_by__lte=delivery.pk
        )


class Fact(models.Model):
    """A fact, the delivery that brought it and the one that closed it (none: still known)."""

    brought_by = models.ForeignKey(
        "registry.Delivery",
        verbose_name=_("brought by"),
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    closed_by = models.ForeignKey(
        "registry.Delivery",
        verbose_name=_("closed by"),
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        db_index=False,
    )

    objects = FactQuerySet.as_manager()

    class Meta:
        abstract = True


def one_current(*fields: str, name: str, condition: Q | None = None) -> models.UniqueConstraint:
    """At most one current fact for the fields."""
    current = Q(closed_by=None)
    return models.UniqueConstraint(
        fields=fields, name=name, condition=current & condition if condition else current
    )


def closed_after_brought(name: str) -> models.CheckConstraint:
    """A fact is closed by a later delivery than the one that brought it."""
    return models.CheckConstraint(name=name, condition=Q(closed_by__gt=F("brought_by")))
