"""Deliveries: what came in, when, and which rows were refused."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from config.lib import sealing
from registry.access.models import Role, User
from registry.access.rights import for_roles


class DeliveryKind(models.TextChoices):
    REGISTRY = "registry", _("registry delivery")
    AGREEMENTS = "agreements", _("agreements")


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def visible_to(self, user: User) -> Self:
        """Deliveries that the user may open, refused rows included."""
        return for_roles(self, user, Role.REVIEWER, Role.APPROVER)


class Delivery(models.Model):
    """One accepted delivery; its number orders what was known when.

    `register_hash` chains the content hashes: equal hashes, equal registers (C-36).
    """

    kind = models.CharField(_("kind"), max_length=10, choices=DeliveryKind)
    content_hash = models.CharField(_("content hash"), max_length=64)
    register_hash = models.CharField(_("register hash"), max_length=64)
    received_at = models.DateTimeField(_("received"))
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("received by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    # {"uma_persons.csv": {"rows": 5, "accepted": 4, "refused": 1, "new": 4, "closed": 0,
    #  "unchanged": 0, "kept_aside": 0}, …}
    counts = models.JSONField(_("counts"), default=dict)
    # [{"file": …, "line": …, "code": "birth_date_differs"}, …], no personal data
    notices = models.JSONField(_("notices"), default=list)

    objects = DeliveryQuerySet.as_manager()

    repeated = False  # on what an import returns: this very content was the latest already

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.get_kind_display()} #{self.pk}"


class RejectedRow(models.Model):
    """A row that was refused alone, and why; its value is sealed, for it may be an identity code."""

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="rejected_rows")
    file = models.CharField(_("file"), max_length=40)
    line = models.PositiveIntegerField(_("line"))
    column = models.CharField(_("column"), max_length=40, blank=True)
    sealed_value = models.BinaryField(_("value"))
    reason = models.CharField(_("reason"), max_length=40)

    class Meta:
        verbose_name = _("refused row")
        verbose_name_plural = _("refused rows")
        ordering = ("delivery", "file", "line")
        constraints = (
            models.UniqueConstraint(
                fields=("delivery", "file", "line"), name="rejected_row_one_reason"
            ),
        )

    def __str__(self) -> str:
        return f"{self.file}:{self.line} {self.reason}"

    @property
    def value(self) -> str:
        """The refused value in clear. Raises CannotUnseal."""
        return sealing.unseal(self.sealed_value)
