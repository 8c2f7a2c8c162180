"""Legal holds by hand: what is kept although its time has come, for an audit or the like (P-14)."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from grants.models import Application
from payments.cases.models import ManualProposal
from registry.access.models import Role, User
from registry.access.rights import for_roles


def _officer(label: Any, *, null: bool = False) -> models.ForeignKey[Any, Any]:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=label,
        on_delete=models.PROTECT,
        related_name="+",
        null=null,
    )


class LegalHoldQuerySet(models.QuerySet["LegalHold"]):
    def visible_to(self, user: User) -> Self:
        """Holds are the data protection officer's."""
        return for_roles(self, user, Role.DATA_PROTECTION_OFFICER)

    def in_force(self) -> Self:
        """Holds that nobody has lifted."""
        return self.filter(lifted_on=None)


class LegalHold(models.Model):
    """A hold on an application or on manual cases, why, and until it was lifted; only added to."""

    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, related_name="legal_holds", null=True
    )
    manual = models.ForeignKey(
        ManualProposal, on_delete=models.PROTECT, related_name="legal_holds", null=True
    )
    reason = models.CharField(_("reason"), max_length=300)
    placed_by = _officer(_("placed by"))
    placed_on = models.DateField(_("placed"))
    lifted_by = _officer(_("lifted by"), null=True)
    lifted_on = models.DateField(_("lifted"), null=True)

    objects = LegalHoldQuerySet.as_manager()

    class Meta:
        verbose_name = _("legal hold")
        verbose_name_plural = _("legal holds")
        ordering = ("placed_on", "pk")
        default_permissions = ("view",)
        constraints = (
            models.CheckConstraint(
                name="hold_of_one_matter", condition=Q(application=None) ^ Q(manual=None)
            ),
            models.CheckConstraint(name="hold_has_a_reason", condition=Q(reason__regex=r"\S")),
            models.CheckConstraint(
                name="hold_lifted_whole",
                condition=Q(lifted_by=None, lifted_on=None)
                | Q(lifted_by__isnull=False, lifted_on__gte=F("placed_on")),
            ),
            models.UniqueConstraint(
                name="hold_once_an_application",
                fields=("application",),
                condition=Q(lifted_on=None),
            ),
            models.UniqueConstraint(
                name="hold_once_a_manual_case", fields=("manual",), condition=Q(lifted_on=None)
            ),
        )

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """The number of what is held."""
        return self.application.number if self.application else f"#{self.manual_id}"
