"""Filters of the work list that somebody keeps under a name of their own."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from registry.access.models import User


class SavedFilterQuerySet(models.QuerySet["SavedFilter"]):
    def visible_to(self, user: User) -> Self:
        """One's own alone."""
        return self.filter(user=user)


class SavedFilter(models.Model):
    """What the work list shows under a name; a link to it, for the one who saved it."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_filters"
    )
    name = models.CharField(_("name"), max_length=40)
    # The query of the address: choices of the filter form and the order, never what was typed.
    query = models.CharField(_("filters"), max_length=200)

    objects = SavedFilterQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved filter")
        verbose_name_plural = _("saved filters")
        ordering = ("name",)
        default_permissions = ("view",)
        constraints = (
            models.UniqueConstraint(fields=("user", "name"), name="saved_filter_name"),
            models.CheckConstraint(
                name="saved_filter_named", condition=Q(name__regex=r"\S") & ~Q(query="")
            ),
        )

    def __str__(self) -> str:
        return self.name
