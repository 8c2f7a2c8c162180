"""What is to be paid, and each attempt to pay it (P-05, C-34)."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from config.templatetags.finnish import month
from grants.models import Application, CostClaim, SupportProposal
from payments.bank.models.batches import Batch, person
from payments.bank.models.details import BankDetails, grouped
from payments.ledger.models import Proposal
from registry.access.models import Role, User
from registry.access.rights import for_roles
from registry.models import Decision, Organisation


class TransferStatus(models.TextChoices):
    DRAWN = "drawn", _("in a batch")
    SENT = "sent", _("sent")
    ACCEPTED = "accepted", _("accepted by the bank")
    UNKNOWN = "unknown", _("unknown")
    PAID = "paid", _("paid out")
    REJECTED = "rejected", _("rejected")
    RETURNED = "returned", _("returned")
    CANCELLED = "cancelled", _("cancelled")


# The order is paid, or may yet be by this transfer: no other may exist.
LIVE = (
    TransferStatus.DRAWN,
    TransferStatus.SENT,
    TransferStatus.ACCEPTED,
    TransferStatus.UNKNOWN,
    TransferStatus.PAID,
)
# With the bank, and it has not said what became of it.
PENDING = (TransferStatus.SENT, TransferStatus.ACCEPTED, TransferStatus.UNKNOWN)
FAILED = (TransferStatus.REJECTED, TransferStatus.RETURNED)


class PaymentOrderQuerySet(models.QuerySet["PaymentOrder"]):
    def visible_to(self, user: User) -> Self:
        """Orders to those who pay them."""
        return for_roles(self, user, Role.REVIEWER, Role.APPROVER)

    def waiting(self) -> Self:
        """Orders that no batch pays and that nobody has to look at first."""
        transfers = Transfer.objects.filter(order=OuterRef("pk"))
        return self.exclude(Exists(transfers.live())).exclude(Exists(transfers.to_review()))

    def ready(self, day: date) -> Self:
        """Waiting orders whose payee has bank details in force on the day."""
        return self.waiting().filter(self._has_details(day))

    def held(self, day: date) -> Self:
        """Waiting orders whose payee has none: shown, never skipped silently."""
        return self.waiting().exclude(self._has_details(day))

    def _has_details(self, day: date) -> Exists:
        return Exists(BankDetails.objects.in_force(day).filter(payee=OuterRef("payee")))


class PaymentOrder(models.Model):
    """A payee's payable sum of an approved run, or of a decision on a support or on costs (P-05).

    Paid by its transfers, one at a time. Amount in cents. The reference is the same for every
    attempt: it is what the payee sees.
    """

    proposal = models.OneToOneField(
        Proposal,
        on_delete=models.PROTECT,
        related_name="order",
        verbose_name=_("proposal"),
        null=True,
    )
    support = models.OneToOneField(
        SupportProposal,
        on_delete=models.PROTECT,
        related_name="order",
        verbose_name=_("decision on a support"),
        null=True,
    )
    cost = models.OneToOneField(
        CostClaim,
        on_delete=models.PROTECT,
        related_name="order",
        verbose_name=_("claim of costs"),
        null=True,
    )
    payee = models.ForeignKey(
        Organisation, verbose_name=_("payee"), on_delete=models.PROTECT, related_name="orders"
    )
    amount_cents = models.BigIntegerField(_("amount, cents"))
    reference = models.CharField(_("reference"), max_length=25, unique=True)
    text = models.CharField(_("text to the payee"), max_length=140)
    created_at = models.DateTimeField(_("drawn up"))

    objects = PaymentOrderQuerySet.as_manager()

    class Meta:
        verbose_name = _("payment order")
        verbose_name_plural = _("payment orders")
        ordering = ("proposal__run__month", "payee__kind", "payee__code")
        default_permissions = ("view",)
        constraints = (
            models.CheckConstraint(
                name="payment_order_of_one",
                condition=Q(proposal__isnull=False, support=None, cost=None)
                | Q(proposal=None, support__isnull=False, cost=None)
                | Q(proposal=None, support=None, cost__isnull=False),
            ),
            models.CheckConstraint(
                name="payment_order_is_positive", condition=Q(amount_cents__gt=0)
            ),
        )

    def __str__(self) -> str:
        return f"{self.pays} {self.payee}"

    @property
    def pays(self) -> str:
        """What it pays: the month of a run, or the number of a decision."""
        if self.proposal is not None:
            return month(self.proposal.run.month)
        return str(self.decision)

    @property
    def decision(self) -> Decision:
        """The decision on a support or on costs that it pays."""
        decided = self.support or self.cost
        assert decided is not None
        assert decided.decision is not None
        return decided.decision

    @property
    def application(self) -> Application | None:
        """The application of a support that it pays; none of a run's."""
        decided = self.support or self.cost
        return decided.application if decided else None

    @property
    def last_transfer(self) -> Transfer | None:
        """The latest attempt to pay it, of the transfers that are at hand."""
        return max(self.transfers.all(), key=lambda transfer: transfer.attempt, default=None)

    @property
    def reference_shown(self) -> str:
        """The reference as people read it."""
        return grouped(self.reference)


class TransferQuerySet(models.QuerySet["Transfer"]):
    def live(self) -> Self:
        """Transfers that pay their order, or may yet."""
        return self.filter(status__in=LIVE)

    def to_review(self) -> Self:
        """Rejected and returned ones that a reviewer has not yet looked at."""
        return self.filter(status__in=FAILED, released_at=None)


class Transfer(models.Model):
    """One attempt to pay an order, by the bank details as approved at that moment; in cents."""

    order = models.ForeignKey(PaymentOrder, on_delete=models.PROTECT, related_name="transfers")
    attempt = models.PositiveSmallIntegerField(_("attempt"))
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="transfers")
    end_to_end_id = models.CharField(_("end-to-end id"), max_length=35, unique=True)
    amount_cents = models.BigIntegerField(_("amount, cents"))
    details = models.ForeignKey(BankDetails, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("payee"), max_length=70)
    business_id = models.CharField(_("business ID"), max_length=9)
    iban = models.CharField(_("IBAN"), max_length=18)
    bic = models.CharField(_("BIC"), max_length=11)
    status = models.CharField(
        _("status"), max_length=9, choices=TransferStatus, default=TransferStatus.DRAWN
    )
    # What the bank said: days of booking, and its code where it rejected or returned.
    paid_on = models.DateField(pgettext_lazy("money", "paid"), null=True)
    returned_on = models.DateField(_("returned"), null=True)
    reason = models.CharField(_("bank's reason"), max_length=35, blank=True)
    # A reviewer has looked at why it failed: the order may be paid anew.
    released_by = person(_("looked at by"))
    released_at = models.DateTimeField(_("looked at"), null=True)
    note = models.CharField(_("what was found"), max_length=300, blank=True)

    objects = TransferQuerySet.as_manager()

    class Meta:
        verbose_name = _("transfer")
        verbose_name_plural = _("transfers")
        ordering = ("order", "attempt")
        default_permissions = ("view",)
        constraints = (
            models.UniqueConstraint(fields=("order", "attempt"), name="transfer_attempt"),
            models.UniqueConstraint(
                fields=("order",), name="transfer_one_live", condition=Q(status__in=LIVE)
            ),
            models.CheckConstraint(
                name="transfer_is_positive", condition=Q(amount_cents__gt=0, attempt__gt=0)
            ),
            models.CheckConstraint(
                name="transfer_released_by_someone",
                condition=Q(released_by=None, released_at=None, note="")
                | Q(released_by__isnull=False, released_at__isnull=False, status__in=FAILED)
                & ~Q(note=""),
            ),
            models.CheckConstraint(
                name="transfer_paid_on_a_day",
                condition=~Q(status=TransferStatus.PAID) | Q(paid_on__isnull=False),
            ),
            models.CheckConstraint(
                name="transfer_returned_on_a_day",
                condition=Q(status=TransferStatus.RETURNED) ^ Q(returned_on=None),
            ),
        )

    def __str__(self) -> str:
        return self.end_to_end_id

    @property
    def iban_shown(self) -> str:
        """The account number as people read it."""
        return grouped(self.iban)

    @property
    def is_to_review(self) -> bool:
        """Whether it failed and nobody has looked at why."""
        return self.status in FAILED and self.released_at is None
