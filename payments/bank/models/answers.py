"""What the bank answered, as received, and what each of its entries came to (P-05)."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from payments.bank.models.orders import Transfer
from registry.access.models import Role, User
from registry.access.rights import for_roles


class AnswerKind(models.TextChoices):
    STATUS = "pain.002.001.10", _("status report")
    NOTIFICATION = "camt.054.001.08", _("notification")
    STATEMENT = "camt.053.001.08", _("statement")


class AnswerQuerySet(models.QuerySet["Answer"]):
    def visible_to(self, user: User) -> Self:
        """Answers to those who pay."""
        return for_roles(self, user, Role.REVIEWER, Role.APPROVER)


class Answer(models.Model):
    """A file of the bank, kept as it came; the same bytes again change nothing."""

    kind = models.CharField(_("kind"), max_length=15, choices=AnswerKind)
    message_id = models.CharField(_("message id"), max_length=35)
    document = models.BinaryField(_("file"))
    sha256 = models.CharField(_("SHA-256 of the file"), max_length=64, unique=True)
    size = models.PositiveIntegerField(_("bytes"))
    received_at = models.DateTimeField(_("received"))
    received_by = models.ForeignKey(
        User, verbose_name=_("brought by"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    applied = models.PositiveIntegerField(_("entries that changed something"))
    repeated = models.PositiveIntegerField(_("entries known before"))
    strangers = models.PositiveIntegerField(_("entries for a person"))

    objects = AnswerQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer of the bank")
        verbose_name_plural = _("answers of the bank")
        ordering = ("-id",)
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.kind} {self.message_id}"


class EntryKind(models.TextChoices):
    """What an entry says of a transfer."""

    PENDING = "pending", _("received")
    ACCEPTED = "accepted", _("accepted")
    REJECTED = "rejected", _("rejected")
    PAID = "paid", _("debited")
    RETURNED = "returned", _("returned")
    CREDITED = "credited", _("money received")
    DUPLICATE = "duplicate", _("said to be a duplicate")
    OTHER = "other", _("something else")


class EntryOutcome(models.TextChoices):
    APPLIED = "applied", _("changed the transfer")
    REPEATED = "repeated", _("known before")
    STRANGER = "stranger", _("for a person")
    RECOVERY = "recovery", _("paid back a recovery")


class Stranger(models.TextChoices):
    """Why an entry needs a person."""

    UNKNOWN = "unknown", _("no transfer has this end-to-end id")
    OTHER_BATCH = "other_batch", _("the transfer is of another batch than the bank says")
    NOT_SENT = "not_sent", _("the transfer has not been sent")
    AMOUNT = "amount", _("the amount differs from the transfer's")
    CONTRADICTS = "contradicts", _("it contradicts what the bank said before")
    TWICE = "twice", _("the bank booked it under another reference before")
    NOT_OURS = "not_ours", _("an entry of the account that is no transfer of ours")
    RECOVERY = "recovery", _("it names a recovery and is to be recorded there by a person")
    DUPLICATE = "duplicate", _("the bank says that it had the file before")
    CODE = "code", _("the bank's status code is not known")


class AnswerEntryQuerySet(models.QuerySet["AnswerEntry"]):
    def visible_to(self, user: User) -> Self:
        """Entries to those who pay."""
        return for_roles(self, user, Role.REVIEWER, Role.APPROVER)

    def strangers(self) -> Self:
        """Entries that wait for a person."""
        return self.filter(outcome=EntryOutcome.STRANGER, handled_at=None)


class AnswerEntry(models.Model):
    """One thing an answer says of one payment; amount in cents. No names: they may be persons'."""

    answer = models.ForeignKey(Answer, on_delete=models.PROTECT, related_name="entries")
    position = models.PositiveIntegerField(_("entry"))
    kind = models.CharField(_("what it says"), max_length=9, choices=EntryKind)
    end_to_end_id = models.CharField(_("end-to-end id"), max_length=35, blank=True)
    amount_cents = models.BigIntegerField(_("amount, cents"), null=True)
    booked_on = models.DateField(_("booked"), null=True)
    entry_reference = models.CharField(_("bank's reference"), max_length=35, blank=True)
    reason = models.CharField(_("bank's reason"), max_length=35, blank=True)
    # Of money received, only where it is the reference of a recovery.
    reference = models.CharField(_("reference"), max_length=25, blank=True)
    outcome = models.CharField(_("what came of it"), max_length=8, choices=EntryOutcome)
    stranger = models.CharField(_("why for a person"), max_length=11, choices=Stranger, blank=True)
    transfer = models.ForeignKey(
        Transfer, on_delete=models.PROTECT, null=True, related_name="entries"
    )
    handled_by = models.ForeignKey(
        User, verbose_name=_("looked at by"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    handled_at = models.DateTimeField(_("looked at"), null=True)
    note = models.CharField(_("what was found"), max_length=300, blank=True)

    objects = AnswerEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("entry of an answer")
        verbose_name_plural = _("entries of answers")
        ordering = ("answer", "position")
        default_permissions = ("view",)
        constraints = (
            models.UniqueConstraint(fields=("answer", "position"), name="answer_entry_once"),
            models.CheckConstraint(
                name="answer_entry_stranger_has_reason",
                condition=Q(stranger="") ^ Q(outcome=EntryOutcome.STRANGER),
            ),
            models.CheckConstraint(
                name="answer_entry_applied_to_a_transfer",
                condition=Q(transfer__isnull=False)
                | Q(outcome=EntryOutcome.STRANGER)
                | ~Q(reference=""),
            ),
            models.CheckConstraint(
                name="answer_entry_handled_by_someone",
                condition=Q(handled_by=None, handled_at=None, note="")
                | Q(handled_by__isnull=False, handled_at__isnull=False)
                & ~Q(note="")
                & Q(outcome=EntryOutcome.STRANGER),
            ),
        )
        indexes = (
            models.Index(
                fields=("id",), name="answer_entry_strangers", condition=Q(outcome="stranger")
            ),
        )

    def __str__(self) -> str:
        return f"{self.answer_id}/{self.position}"
