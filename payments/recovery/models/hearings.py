"""Asking the payee before it has to repay (Administrative Procedure Act 434/2003 § 34)."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from payments.recovery.models.cases import RecoveryCase
from registry.access.models import User


class RecoveryHearing(models.Model):
    """What a payee was asked, by when it may answer, and what it answered; answered once."""

    case = models.ForeignKey(RecoveryCase, on_delete=models.PROTECT, related_name="hearings")
    question = models.CharField(_("why it is to be repaid"), max_length=2000)
    asked_by = models.ForeignKey(
        User, verbose_name=_("asked by"), on_delete=models.PROTECT, related_name="+"
    )
    asked_on = models.DateField(_("asked"))
    answer_by = models.DateField(_("to be answered by"))
    answer = models.CharField(_("answer"), max_length=4000, blank=True)
    answered_by = models.ForeignKey(
        User, verbose_name=_("answered by"), on_delete=models.PROTECT, related_name="+", null=True
    )
    answered_on = models.DateField(_("answered"), null=True)

    class Meta:
        verbose_name = _("hearing")
        verbose_name_plural = _("hearings")
        ordering = ("-pk",)
        default_permissions = ("view",)
        constraints = (
            models.CheckConstraint(
                name="recovery_hearing_time", condition=Q(answer_by__gt=F("asked_on"))
            ),
            models.CheckConstraint(
                name="recovery_hearing_answered_by_someone",
                condition=Q(answer="", answered_by=None, answered_on=None)
                | ~Q(answer="") & Q(answered_by__isnull=False, answered_on__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"{self.case} {self.asked_on}"

    def is_over(self, day: date) -> bool:
        """Whether the payee has answered, or can no longer."""
        return self.answered_on is not None or day > self.answer_by
