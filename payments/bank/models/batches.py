"""Batches: what one file to the bank holds, and the steps it takes (P-05, § 38)."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import F, Q, Value
from django.utils.translation import gettext_lazy as _

from registry.access.models import Role, User
from registry.access.rights import for_roles


class BatchStatus(models.TextChoices):
    DRAWN_UP = "drawn_up", _("drawn up")
    CHECKED = "checked", _("checked")
    APPROVED = "approved", _("approved")
    SENDING = "sending", _("being sent")
    SENT = "sent", _("sent")
    ACKNOWLEDGED = "acknowledged", _("acknowledged")
    PARTLY_REJECTED = "partly_rejected", _("partly rejected")
    UNKNOWN = "unknown", _("unknown")
    REJECTED = "rejected", _("rejected")
    SETTLED = "settled", _("settled")
    CANCELLED = "cancelled", _("cancelled")


# Being prepared; there is one of these at most.
OPEN = (BatchStatus.DRAWN_UP, BatchStatus.CHECKED)
# Not yet with the bank: these may still be cancelled.
UNSENT = (*OPEN, BatchStatus.APPROVED)
# With the bank, waiting for more of its answers.
AWAITING = (
    BatchStatus.SENT,
    BatchStatus.ACKNOWLEDGED,
    BatchStatus.PARTLY_REJECTED,
    BatchStatus.UNKNOWN,
)


class BatchQuerySet(models.QuerySet["Batch"]):
    def visible_to(self, user: User) -> Self:
        """Batches to those who pay."""
        return for_roles(self, user, Role.REVIEWER, Role.APPROVER)

    def open(self) -> Self:
        """The batch being prepared, if any."""
        return self.filter(status__in=OPEN)

    def awaiting(self) -> Self:
        """Batches whose answers are not complete."""
        return self.filter(status__in=AWAITING)


def person(label: Any) -> models.ForeignKey[User | None, User | None]:
    """Somebody who took a step, where it has been taken."""
    return models.ForeignKey(
        User, verbose_name=label, on_delete=models.PROTECT, null=True, related_name="+"
    )


class Batch(models.Model):
    """One file to the bank: drawn up, checked, approved by two persons, sent once (§ 38).

    From its approval the bytes and their SHA-256 stay as they are; the message id is made of the
    month and the number, so that the same batch is the same message however often it is sent.
    """

    month = models.DateField(_("month"))
    number = models.PositiveSmallIntegerField(_("number in the month"))
    message_id = models.CharField(_("message id"), max_length=35, unique=True)
    status = models.CharField(
        _("status"), max_length=15, choices=BatchStatus, default=BatchStatus.DRAWN_UP
    )
    due_day = models.DateField(_("due day"))
    debtor_name = models.CharField(_("payer"), max_length=70)
    debtor_iban = models.CharField(_("payer's account"), max_length=34)
    debtor_bic = models.CharField(_("payer's bank"), max_length=11)
    count = models.PositiveIntegerField(_("transfers"))
    sum_cents = models.BigIntegerField(_("sum, cents"))
    created_at = models.DateTimeField(_("drawn up"))
    prepared_by = person(_("drawn up by"))
    checked_by = person(_("checked by"))
    checked_at = models.DateTimeField(_("checked"), null=True)
    approved_by = person(_("approved by"))
    approved_at = models.DateTimeField(_("approved"), null=True)
    cancelled_by = person(_("cancelled by"))
    cancelled_at = models.DateTimeField(_("cancelled"), null=True)
    document = models.BinaryField(_("file"), null=True)
    sha256 = models.CharField(_("SHA-256 of the file"), max_length=64, blank=True)
    sending_at = models.DateTimeField(_("sending began"), null=True)
    sent_at = models.DateTimeField(_("sent"), null=True)

    objects = BatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("batch of payments")
        verbose_name_plural = _("batches of payments")
        ordering = ("-month", "-number")
        default_permissions = ("view",)
        constraints = (
            models.UniqueConstraint(fields=("month", "number"), name="batch_number"),
            models.UniqueConstraint(Value(1), name="batch_one_open", condition=Q(status__in=OPEN)),
            models.CheckConstraint(
                name="batch_has_transfers", condition=Q(count__gt=0, sum_cents__gt=0)
            ),
            models.CheckConstraint(
                name="batch_checked_by_someone",
                condition=Q(checked_by__isnull=False, checked_at__gte=F("created_at"))
                | Q(checked_by=None, checked_at=None)
                & Q(status__in=[BatchStatus.DRAWN_UP, BatchStatus.CANCELLED]),
            ),
            models.CheckConstraint(
                name="batch_approved_with_its_file",
                condition=Q(
                    approved_by__isnull=False,
                    approved_at__gte=F("checked_at"),
                    document__isnull=False,
                    sha256__regex="^[0-9a-f]{64}$",
                )
                | Q(approved_by=None, approved_at=None, document=None, sha256="")
                & Q(status__in=[*OPEN, BatchStatus.CANCELLED]),
            ),
            models.CheckConstraint(
                name="batch_sent_after_approval",
                condition=Q(sending_at__gte=F("approved_at"))
                | Q(sending_at=None) & Q(status__in=[*UNSENT, BatchStatus.CANCELLED]),
            ),
            models.CheckConstraint(
                name="batch_sent_once",
                condition=Q(sent_at__gte=F("sending_at"))
                | Q(sent_at=None)
                & Q(status__in=[*UNSENT, BatchStatus.SENDING, BatchStatus.CANCELLED]),
            ),
            models.CheckConstraint(
                name="batch_cancelled_by_someone",
                condition=Q(cancelled_by=None, cancelled_at=None)
                ^ Q(
                    cancelled_by__isnull=False,
                    cancelled_at__isnull=False,
                    status=BatchStatus.CANCELLED,
                ),
            ),
        )

    def __str__(self) -> str:
        return self.message_id

    @property
    def is_cancellable(self) -> bool:
        """Whether nothing of it can be on its way to the bank."""
        return self.status in UNSENT
