"""Whom a provider knows a user as."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from registry.access.models import User


class Subject(models.Model):
    """A user's name at a provider: issuer and subject, which may be an identity code (P-12)."""

    user = models.ForeignKey(
        User, verbose_name=_("user"), on_delete=models.PROTECT, related_name="subjects"
    )
    issuer = models.CharField(_("provider"), max_length=255)
    sealed = models.BinaryField(_("sealed subject"))
    subject_hash = models.UUIDField(_("look-up hash"))
    created_at = models.DateTimeField(_("time"), auto_now_add=True)

    class Meta:
        verbose_name = _("name at a provider")
        verbose_name_plural = _("names at providers")
        default_permissions = ("view",)
        constraints = (
            models.UniqueConstraint(fields=("issuer", "subject_hash"), name="subject_of_one_user"),
        )

    def __str__(self) -> str:
        return f"{self.user} ({self.issuer})"
