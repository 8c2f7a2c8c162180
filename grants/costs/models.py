"""Claims of the costs that a salary grant pays, their attachments and steps (P-01, P-02, P-05)."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from grants.applications.models import Application
from grants.costs.states import EDITABLE, TAKEN, WAITING, CostDeed, CostStatus
from registry.access.models import Role, User
from registry.models import Decision, KeptFile


class CostClaimQuerySet(models.QuerySet["CostClaim"]):
    def visible_to(self, user: User) -> Self:
        """Claims that the user may open: staff those sent, an officer their organisation's."""
        own = self.filter(application__in=Application.objects.visible_to(user))
        is_staff = user.access.has(Role.REVIEWER, Role.APPROVER)
        return own.filter(number__isnull=False) if is_staff else own

    def waiting(self) -> Self:
        """Claims that have been sent and are not decided."""
        return self.filter(status__in=WAITING)

    def payable(self) -> Self:
        """Claims that have been accepted: what payments pay (P-05)."""
        return self.filter(status__in=TAKEN)


class CostClaim(models.Model):
    """Costs that have come about, claimed of what is left of an application's ceiling; in cents.

    Its state is where its last step led (trigger). What it says is changed only while it is a
    draft or a completion is asked for; what it takes of the ceiling, the database holds.
    """

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="costs")
    # Given when it is sent, running within the application.
    number = models.PositiveSmallIntegerField(_("number"), null=True, blank=True)
    status = models.CharField(
        _("status"), max_length=9, choices=CostStatus, default=CostStatus.DRAFT
    )
    # The decided claim of which this claims rectification: what was cut of it (P-04).
    contests = models.ForeignKey(
        "self",
        verbose_name=_("claims rectification of"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="contested_by",
    )
    period_from = models.DateField(_("costs from"))
    period_to = models.DateField(_("costs to"))
    amount_cents = models.PositiveBigIntegerField(_("claimed, cents"))
    description = models.TextField(_("what the costs are of"), max_length=2000)
    answer_by = models.DateField(_("last day to answer"), null=True, blank=True)
    accepted_cents = models.PositiveBigIntegerField(_("accepted, cents"), null=True, blank=True)
    reason = models.TextField(_("why less is accepted"), max_length=4000, blank=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("presenter"),
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )
    decision = models.OneToOneField(
        Decision, on_delete=models.PROTECT, null=True, blank=True, related_name="of_cost"
    )

    objects = CostClaimQuerySet.as_manager()

    class Meta:
        verbose_name = _("claim of costs")
        verbose_name_plural = _("claims of costs")
        ordering = ("application", "pk")
        constraints = (
            models.UniqueConstraint(fields=("application", "number"), name="cost_number"),
            models.UniqueConstraint(
                fields=("contests",),
                name="cost_contested_once",
                condition=~Q(status=CostStatus.WITHDRAWN),
            ),
            models.CheckConstraint(
                name="cost_said",
                condition=Q(amount_cents__gt=0, description__regex=r"\S")
                & Q(period_to__gte=F("period_from")),
            ),
            models.CheckConstraint(
                name="cost_numbered_when_sent",
                condition=Q(number=None, status__in=[CostStatus.DRAFT, CostStatus.WITHDRAWN])
                | Q(number__gte=1) & ~Q(status=CostStatus.DRAFT),
            ),
            models.CheckConstraint(
                name="cost_accepted_at_most_what_is_claimed",
                condition=Q(accepted_cents=None)
                | Q(accepted_cents=F("amount_cents"))
                | Q(accepted_cents__lt=F("amount_cents"), reason__regex=r"\S"),
            ),
            models.CheckConstraint(
                name="cost_proposed_whole",
                condition=Q(accepted_cents=None, proposed_by=None)
                & Q(status__in=[*EDITABLE, CostStatus.SENT, CostStatus.WITHDRAWN])
                | Q(accepted_cents__isnull=False, proposed_by__isnull=False),
            ),
            models.CheckConstraint(
                name="cost_decided_whole",
                condition=Q(status__in=TAKEN, accepted_cents__gt=0, decision__isnull=False)
                | Q(status=CostStatus.REFUSED, accepted_cents=0, decision__isnull=False)
                | Q(decision=None) & ~Q(status__in=[*TAKEN, CostStatus.REFUSED]),
            ),
            models.CheckConstraint(
                name="cost_asked_by_a_day",
                condition=~Q(status=CostStatus.ASKED) | Q(answer_by__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"{self.application.number} / {self.number or '–'}"

    @property
    def is_editable(self) -> bool:
        """Whether the applicant may change what it says."""
        return self.status in EDITABLE

    @property
    def cut_cents(self) -> int:
        """What was not accepted of it, once it is decided."""
        if self.decision_id is None or self.accepted_cents is None:
            return 0
        return self.amount_cents - self.accepted_cents

    @property
    def status_told(self) -> str:
        """The state as the applicant is told it: what is proposed is still being checked."""
        hidden = self.status == CostStatus.PROPOSED
        return str(CostStatus.SENT.label if hidden else CostStatus(self.status).label)


class CostAttachmentQuerySet(models.QuerySet["CostAttachment"]):
    def visible_to(self, user: User) -> Self:
        """Attachments of the claims that the user may open; staff see those that were sent."""
        own = self.filter(claim__in=CostClaim.objects.visible_to(user))
        return own.filter(is_sent=True) if user.access.is_staff else own


class CostAttachment(models.Model):
    """A voucher of a claim; one that was sent stays (trigger)."""

    claim = models.ForeignKey(CostClaim, on_delete=models.PROTECT, related_name="attachments")
    file = models.OneToOneField(KeptFile, on_delete=models.PROTECT, related_name="+")
    is_sent = models.BooleanField(_("sent"), default=False)

    objects = CostAttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("attachment of a claim of costs")
        verbose_name_plural = _("attachments of claims of costs")
        ordering = ("pk",)
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.claim_id} {self.file_id}"


class CostStep(models.Model):
    """What was done with a claim, by whom and when; only added to."""

    claim = models.ForeignKey(CostClaim, on_delete=models.PROTECT, related_name="steps")
    deed = models.CharField(_("what was done"), max_length=9, choices=CostDeed)
    status = models.CharField(_("status after it"), max_length=9, choices=CostStatus)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("user"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text=_("Empty: the system itself."),
    )
    at = models.DateTimeField(_("time"), db_default=Now())
    # What is asked and answered, or why it is returned; no personal data.
    note = models.TextField(_("note"), max_length=2000, blank=True)

    class Meta:
        verbose_name = _("step of a claim of costs")
        verbose_name_plural = _("steps of claims of costs")
        ordering = ("pk",)
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.claim_id} {self.deed}"
