"""A claim for rectification: what is contested, why, and how it was decided (P-04)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from payments.cases.models import ManualDecision, ManualProposal
from registry.access.models import User

TEXT_LENGTH = 8000


class ClaimRuling(models.TextChoices):
    UPHELD = "upheld", _("upheld")
    REFUSED = "refused", _("refused")
    INADMISSIBLE = "late", _("dismissed without considering its merits")


class ManualRectification(models.Model):
    """A claim against a decision, once; it is handled as a proposal of its own with the same persons.

    That proposal has the day of the application that was decided, for the claim is about it. The
    ruling is what is proposed: late claims are not considered, others upheld if anything is granted.
    """

    proposal = models.OneToOneField(
        ManualProposal, on_delete=models.PROTECT, primary_key=True, related_name="rectification"
    )
    contested = models.OneToOneField(
        ManualDecision, on_delete=models.PROTECT, related_name="rectification"
    )
    text = models.TextField(_("what is claimed, and why"), max_length=TEXT_LENGTH)
    filed_by = models.ForeignKey(
        User, verbose_name=_("filed by"), on_delete=models.PROTECT, related_name="+"
    )
    filed_on = models.DateField(_("filed"))
    last_day = models.DateField(_("last day for the remedy"))
    ruling = models.CharField(_("ruling"), max_length=8, choices=ClaimRuling, blank=True)

    class Meta:
        verbose_name = _("rectification claim on a manual decision")
        verbose_name_plural = _("rectification claims on manual decisions")
        constraints = (
            models.CheckConstraint(name="manual_claim_says_why", condition=Q(text__regex=r"\S")),
            models.CheckConstraint(
                name="manual_claim_late_is_not_considered",
                condition=Q(ruling="")
                | Q(ruling=ClaimRuling.INADMISSIBLE, filed_on__gt=F("last_day"))
                | ~Q(ruling=ClaimRuling.INADMISSIBLE) & Q(filed_on__lte=F("last_day")),
            ),
        )

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} #{self.pk}"

    @property
    def is_late(self) -> bool:
        """Whether it came after the last day."""
        return self.filed_on > self.last_day
