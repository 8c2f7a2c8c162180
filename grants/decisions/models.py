"""What is proposed and decided on an application, row by row, and claims to rectify it (P-01, P-02)."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from grants.applications.models import Application
from grants.lists.models import ListRow
from grants.review.models import Phrase
from grants.rounds.models import RoundAmount, Support
from registry.access.models import Role, User
from registry.access.rights import own_organisations
from registry.models import Decision, OrganisationKind, Person


class Ruling(models.TextChoices):
    GRANTED = "granted", _("granted")
    PARTLY = "partly", _("partly granted")
    REFUSED = "refused", pgettext_lazy("ruling", "refused")
    INADMISSIBLE = "inadmissible", _("dismissed without considering its merits")


GRANTING = (Ruling.GRANTED, Ruling.PARTLY)


class ProposalStatus(models.TextChoices):
    PROPOSED = "proposed", _("proposed")
    RETURNED = "returned", _("returned to be checked")
    DECIDED = "decided", _("decided")


def _person(label: Any, *, null: bool = False) -> models.ForeignKey[Any, Any]:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=label,
        on_delete=models.PROTECT,
        related_name="+",
        null=null,
        blank=null,
    )


class SupportProposalQuerySet(models.QuerySet["SupportProposal"]):
    def visible_to(self, user: User) -> Self:
        """Staff see all; an officer what has been decided for their organisation."""
        if user.access.has(Role.REVIEWER, Role.APPROVER):
            return self
        return self.decided().filter(application__applicant__in=own_organisations(user))

    def open(self) -> Self:
        """Proposals that wait for an approver."""
        return self.filter(status=ProposalStatus.PROPOSED)

    def decided(self) -> Self:
        """Proposals that have become decisions."""
        return self.filter(status=ProposalStatus.DECIDED)

    def payable(self) -> Self:
        """Decisions that grant something more than those before them: what payments pay (P-05).

        A salary grant is a ceiling, of which claims of costs alone are paid (`grants.costs`).
        """
        granting = self.decided().filter(difference_cents__gt=0)
        return granting.exclude(application__support=Support.SALARY)


class SupportProposal(models.Model):
    """A presenter's proposal on an application or a claim; decided, it is the decision. In cents.

    `amount_cents` is what the application is granted in all, `difference_cents` what that is more
    than earlier decisions granted.
    """

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="proposals")
    claim = models.ForeignKey(
        "grants.RectificationClaim",
        verbose_name=_("rectification claim"),
        on_delete=models.PROTECT,
        related_name="proposals",
        null=True,
        blank=True,
    )
    ruling = models.CharField(_("ruling"), max_length=12, choices=Ruling)
    reasons = models.TextField(_("reasons"), max_length=8000, blank=True)
    # A phrase of the library; empty where the applicant was heard, or nothing of it is refused.
    unheard = models.ForeignKey(
        Phrase,
        verbose_name=_("why the applicant is not heard"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    conditions = models.TextField(_("conditions"), max_length=4000, blank=True)
    amount_cents = models.PositiveBigIntegerField(_("granted, cents"))
    difference_cents = models.PositiveBigIntegerField(_("more than before, cents"))
    status = models.CharField(
        _("status"), max_length=8, choices=ProposalStatus, default=ProposalStatus.PROPOSED
    )
    proposed_by = _person(_("presenter"))
    proposed_at = models.DateTimeField(_("proposed"))
    returned_by = _person(_("returned by"), null=True)
    returned_for = models.CharField(_("returned because"), max_length=500, blank=True)
    decided_by = _person(_("approver"), null=True)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decision = models.OneToOneField(
        Decision, on_delete=models.PROTECT, null=True, blank=True, related_name="of_support"
    )

    objects = SupportProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposal on a support")
        verbose_name_plural = _("proposals on supports")
        ordering = ("-pk",)
        default_permissions = ("view",)
        constraints = (
            models.UniqueConstraint(
                fields=("application",),
                name="support_one_open",
                condition=Q(status=ProposalStatus.PROPOSED),
            ),
            models.UniqueConstraint(
                fields=("application",),
                name="support_decided_once",
                condition=Q(status=ProposalStatus.DECIDED, claim=None),
            ),
            models.UniqueConstraint(
                fields=("claim",),
                name="support_claim_decided_once",
                condition=Q(status=ProposalStatus.DECIDED),
            ),
            models.CheckConstraint(
                name="support_decided_whole",
                condition=Q(
                    status=ProposalStatus.DECIDED,
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                    decision__isnull=False,
                )
                | Q(decided_by=None, decided_at=None, decision=None)
                & ~Q(status=ProposalStatus.DECIDED),
            ),
            models.CheckConstraint(
                name="support_two_people",
                condition=Q(decided_by=None) | ~Q(decided_by=F("proposed_by")),
            ),
            models.CheckConstraint(
                name="support_returned_with_a_reason",
                condition=Q(returned_by=None, returned_for="") & ~Q(status=ProposalStatus.RETURNED)
                | Q(returned_by__isnull=False, status=ProposalStatus.RETURNED)
                & ~Q(returned_for=""),
            ),
            models.CheckConstraint(
                name="support_amount_by_ruling",
                condition=Q(ruling__in=GRANTING, amount_cents__gt=0)
                | Q(amount_cents=0, difference_cents=0)
                | Q(claim__isnull=False, difference_cents=0),
            ),
            models.CheckConstraint(
                name="support_reasons_of_refusal",
                condition=Q(ruling=Ruling.GRANTED) | Q(reasons__regex=r"\S"),
            ),
        )

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} #{self.pk}"

    @property
    def is_granting(self) -> bool:
        """Whether something is granted by it."""
        return self.ruling in GRANTING


class ProposedRow(models.Model):
    """What a proposal says of a row for one kind of recipient (G-01, G-04); in cents.

    `is_granted`: the decision in force grants it. A person is granted once by support and kind of
    recipient, whatever the year, by whichever identifier the row has.
    """

    proposal = models.ForeignKey(SupportProposal, on_delete=models.PROTECT, related_name="rows")
    row = models.ForeignKey(ListRow, on_delete=models.PROTECT, related_name="proposed")
    recipient_kind = models.CharField(_("recipient"), max_length=12, choices=OrganisationKind)
    support = models.CharField(_("support"), max_length=12, choices=Support)
    uma_number = models.CharField(max_length=100, blank=True, db_collation="C")
    unhcr_number = models.CharField(max_length=100, blank=True, db_collation="C")
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    accepted = models.BooleanField(_("accepted"))
    phrase = models.ForeignKey(
        Phrase,
        verbose_name=_("reason"),
        on_delete=models.PROTECT,
        null=True,
        related_name="uses",
    )
    amount = models.ForeignKey(
        RoundAmount,
        verbose_name=_("round's amount"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
    )
    amount_cents = models.PositiveIntegerField(_("amount, cents"))
    is_granted = models.BooleanField(_("granted"), default=False)

    class Meta:
        verbose_name = _("row of a proposal")
        verbose_name_plural = _("rows of proposals")
        ordering = ("row__line", "recipient_kind")
        default_permissions = ("view",)
        constraints = (
            models.UniqueConstraint(
                fields=("proposal", "row", "recipient_kind"), name="proposed_row_once"
            ),
            *(
                models.UniqueConstraint(
                    fields=("support", "recipient_kind", name),
                    name=f"granted_once_by_{name}",
                    condition=Q(is_granted=True) & present,
                )
                for name, present in (
                    ("person", Q(person__isnull=False)),
                    ("uma_number", ~Q(uma_number="")),
                    ("unhcr_number", ~Q(unhcr_number="")),
                )
            ),
            models.CheckConstraint(
                name="proposed_row_whole",
                condition=Q(accepted=True, phrase=None, amount__isnull=False, amount_cents__gt=0)
                | Q(
                    accepted=False,
                    phrase__isnull=False,
                    amount=None,
                    amount_cents=0,
                    is_granted=False,
                ),
            ),
        )

    def __str__(self) -> str:
        return f"{self.proposal_id} {self.row_id} {self.recipient_kind}"


class RectificationClaimQuerySet(models.QuerySet["RectificationClaim"]):
    def visible_to(self, user: User) -> Self:
        """Claims on the decisions that the user may open."""
        return self.filter(contested__in=SupportProposal.objects.visible_to(user))

    def open(self) -> Self:
        """Claims that have not been decided."""
        return self.exclude(proposals__status=ProposalStatus.DECIDED)


class RectificationClaim(models.Model):
    """An applicant's claim to have a decision rectified, filed in the service (P-04)."""

    contested = models.OneToOneField(
        SupportProposal,
        verbose_name=_("contested decision"),
        on_delete=models.PROTECT,
        related_name="claimed",
    )
    text = models.TextField(_("what is claimed, and why"), max_length=8000)
    filed_by = _person(_("filed by"))
    filed_at = models.DateTimeField(_("filed"))

    objects = RectificationClaimQuerySet.as_manager()

    class Meta:
        verbose_name = _("rectification claim")
        verbose_name_plural = _("rectification claims")
        ordering = ("-pk",)
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} #{self.pk}"


class SupportPayment(models.Model):
    """Money that the bank has booked to an applicant, or booked back; in cents, only added to (P-06).

    Payments tell of it. `transfer` is the bank's end-to-end id: it is paid once, and comes back once
    if it was paid.
    """

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="payments")
    transfer = models.CharField(_("end-to-end id"), max_length=35)
    cents = models.BigIntegerField(
        _("amount, cents"), help_text=_("Below zero where the money came back.")
    )
    day = models.DateField(_("booked"))

    class Meta:
        verbose_name = _("payment of a support")
        verbose_name_plural = _("payments of supports")
        ordering = ("pk",)
        default_permissions = ("view",)
        constraints = (
            models.UniqueConstraint(
                fields=("transfer",), name="support_paid_once", condition=Q(cents__gt=0)
            ),
            models.UniqueConstraint(
                fields=("transfer",), name="support_returned_once", condition=Q(cents__lt=0)
            ),
            models.CheckConstraint(name="support_payment_is_of_something", condition=~Q(cents=0)),
        )

    def __str__(self) -> str:
        return self.transfer
