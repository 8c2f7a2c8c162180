"""The ledger of recoveries: signed entries, only ever added to; a mistake is another entry (P-07)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery, Sum
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Coalesce, Now
from django.utils.translation import gettext_lazy as _

from payments.ledger.models import Proposal
from payments.recovery.models.cases import RecoveryCase


class EntryKind(models.TextChoices):
    CLAIMED = "claimed", _("claimed")
    SET_OFF = "set_off", _("set off")
    INTEREST = "interest", _("interest")
    PAID = "paid", _("paid back")
    WAIVED = "waived", _("waived")
    REVERSED = "reversed", _("reversed")


REDUCING = (EntryKind.SET_OFF, EntryKind.PAID, EntryKind.WAIVED)


class RecoveryEntry(models.Model):
    """One change of what a case has open, in cents: claims and interest add, the rest takes off.

    `day` is the day it counts from, `proposal` the payee's month that it was set off against.
    """

    case = models.ForeignKey(RecoveryCase, on_delete=models.PROTECT, related_name="entries")
    kind = models.CharField(_("kind"), max_length=8, choices=EntryKind)
    amount_cents = models.BigIntegerField(_("amount, cents"))
    day = models.DateField(_("day"))
    proposal = models.ForeignKey(
        Proposal,
        verbose_name=_("set off against"),
        on_delete=models.PROTECT,
        related_name="set_offs",
        null=True,
    )
    reverses = models.OneToOneField(
        "self",
        verbose_name=_("reverses"),
        on_delete=models.PROTECT,
        related_name="reversal",
        null=True,
    )
    step = models.ForeignKey(
        "RecoveryStep",
        verbose_name=_("step"),
        on_delete=models.PROTECT,
        related_name="entries",
        null=True,
    )
    at = models.DateTimeField(_("entered"), db_default=Now())

    class Meta:
        verbose_name = _("entry of a recovery")
        verbose_name_plural = _("entries of recoveries")
        ordering = ("pk",)
        default_permissions = ("view",)
        constraints = (
            models.UniqueConstraint(
                fields=("case",), name="recovery_claimed_once", condition=Q(kind=EntryKind.CLAIMED)
            ),
            models.UniqueConstraint(
                fields=("case", "proposal"),
                name="recovery_set_off_once",
                condition=Q(kind=EntryKind.SET_OFF),
            ),
            models.UniqueConstraint(
                fields=("step",), name="recovery_step_once", condition=~Q(kind=EntryKind.INTEREST)
            ),
            models.CheckConstraint(
                name="recovery_entry_sign",
                condition=Q(kind=EntryKind.CLAIMED, amount_cents__gt=0)
                | Q(kind__in=REDUCING, amount_cents__lt=0)
                | Q(kind=EntryKind.REVERSED, amount_cents__gt=0)
                | Q(kind=EntryKind.INTEREST) & ~Q(amount_cents=0),
            ),
            models.CheckConstraint(
                name="recovery_entry_reverses",
                condition=Q(kind=EntryKind.REVERSED, reverses__isnull=False)
                | ~Q(kind=EntryKind.REVERSED) & Q(reverses=None),
            ),
            models.CheckConstraint(
                name="recovery_entry_set_off_of",
                condition=Q(kind=EntryKind.SET_OFF, proposal__isnull=False)
                | Q(kind=EntryKind.REVERSED)
                | Q(proposal=None),
            ),
        )

    def __str__(self) -> str:
        return f"{self.case} {self.get_kind_display()}"


def to_pay() -> CombinedExpression:
    """An expression: what a proposal still comes to after its set-offs, in cents."""
    entries = RecoveryEntry.objects.filter(proposal=OuterRef("pk")).order_by()
    sums = entries.values("proposal").annotate(cents=Sum("amount_cents")).values("cents")
    set_off = Coalesce(Subquery(sums), 0, output_field=models.BigIntegerField())
    return F("payable_cents") + set_off
