"""What two people do with a recovery: one proposes, another approves (P-01)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from payments.bank.models import AnswerEntry
from payments.bank.models.batches import person
from payments.recovery.models.cases import RecoveryCase
from payments.recovery.models.entries import RecoveryEntry
from registry.models import Decision


class StepKind(models.TextChoices):
    REPAY = "repay", _("decision to repay")
    WAIVE = "waive", _("waiver")
    PAYMENT = "payment", _("payment received")
    REVERSE = "reverse", _("reversal of an entry")


class StepStatus(models.TextChoices):
    PROPOSED = "proposed", _("proposed")
    APPROVED = "approved", _("approved")
    REFUSED = "refused", _("refused")


DECIDING = (StepKind.REPAY, StepKind.WAIVE)


class RecoveryStep(models.Model):
    """A step of a recovery, proposed by one person and approved or refused by another; in cents.

    `reason` is what the letter says of a decision or waiver, and of the others where it comes from.
    A payment that the bank's entry names by its reference needs nobody.
    """

    case = models.ForeignKey(RecoveryCase, on_delete=models.PROTECT, related_name="steps")
    kind = models.CharField(_("step"), max_length=7, choices=StepKind)
    status = models.CharField(
        _("status"), max_length=8, choices=StepStatus, default=StepStatus.PROPOSED
    )
    amount_cents = models.BigIntegerField(_("amount, cents"))
    day = models.DateField(_("day"), help_text=_("Due day, day of payment, or day of the step."))
    reason = models.CharField(_("reason"), max_length=2000)
    entry = models.ForeignKey(
        RecoveryEntry,
        verbose_name=_("entry"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    bank_entry = models.OneToOneField(
        AnswerEntry, on_delete=models.PROTECT, null=True, related_name="recovery_step"
    )
    proposed_by = person(_("presenter"))
    proposed_at = models.DateTimeField(_("proposed"))
    decided_by = person(_("approver"))
    decided_at = models.DateTimeField(_("decided"), null=True)
    refusal = models.CharField(_("why it was refused"), max_length=500, blank=True)
    decision = models.OneToOneField(
        Decision, on_delete=models.PROTECT, null=True, related_name="of_recovery"
    )

    class Meta:
        verbose_name = _("step of a recovery")
        verbose_name_plural = _("steps of recoveries")
        ordering = ("-pk",)
        default_permissions = ("view",)
        constraints = (
            models.UniqueConstraint(
                fields=("case",),
                name="recovery_one_step_at_a_time",
                condition=Q(status=StepStatus.PROPOSED),
            ),
            models.CheckConstraint(
                name="recovery_step_says_why", condition=Q(amount_cents__gt=0) & ~Q(reason="")
            ),
            models.CheckConstraint(
                name="recovery_step_by_someone",
                condition=Q(proposed_by__isnull=False, bank_entry=None)
                | Q(
                    bank_entry__isnull=False,
                    kind=StepKind.PAYMENT,
                    status=StepStatus.APPROVED,
                    decided_by=None,
                ),
            ),
            models.CheckConstraint(
                name="recovery_step_decided_by_someone",
                condition=Q(status=StepStatus.PROPOSED, decided_by=None, decided_at=None)
                | ~Q(status=StepStatus.PROPOSED)
                & Q(decided_at__isnull=False)
                & (Q(decided_by__isnull=False) | Q(bank_entry__isnull=False)),
            ),
            models.CheckConstraint(
                name="recovery_step_refused_with_a_reason",
                condition=Q(refusal="") ^ Q(status=StepStatus.REFUSED),
            ),
            models.CheckConstraint(
                name="recovery_step_has_decision",
                condition=Q(decision=None) ^ Q(status=StepStatus.APPROVED, kind__in=DECIDING),
            ),
            models.CheckConstraint(
                name="recovery_step_reverses", condition=Q(entry=None) ^ Q(kind=StepKind.REVERSE)
            ),
        )

    def __str__(self) -> str:
        return f"{self.case}: {self.get_kind_display()}"
