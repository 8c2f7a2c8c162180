"""A recovery case: what one payee is to give back for one reason, and how (C-34, P-07)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from grants.models import Application
from payments.ledger.models import Proposal
from registry.access.models import Role, User
from registry.access.rights import own_organisations
from registry.models import Organisation

WARNED = timedelta(days=365)  # before the last day to decide


class Regime(models.TextChoices):
    """The law that a case is recovered under; each has its policy (P-07)."""

    COMPENSATION = "compensation", _("calculated compensation, 681/2023 71 §")
    SUPPLEMENT = "supplement", _("supplement, 688/2001 21 and 22 §")


class CaseStatus(models.TextChoices):
    SET_OFF = "set_off", _("set off against later months")
    REPAY = "repay", _("to be repaid, not decided yet")
    DECIDED = "decided", _("repayment decided")
    CLOSED = "closed", _("closed")


# Nobody has decided on these, so that their time to decide runs.
UNDECIDED = (CaseStatus.SET_OFF, CaseStatus.REPAY)


class CaseQuerySet(models.QuerySet["RecoveryCase"]):
    def visible_to(self, user: User) -> Self:
        """Cases that the user may open: staff all, an officer their organisation's."""
        if user.access.has(Role.REVIEWER, Role.APPROVER):
            return self
        return self.filter(payee__in=own_organisations(user))

    def open(self) -> Self:
        """Cases that are not closed."""
        return self.exclude(status=CaseStatus.CLOSED)

    def to_set_off(self, day: date) -> Self:
        """Cases that later months are set off against on the day: undecided, and in time."""
        return self.filter(status=CaseStatus.SET_OFF, decide_by__gte=day)

    def warned(self, day: date) -> Self:
        """Undecided cases whose last day to decide is near on the day, or past."""
        return self.filter(status__in=UNDECIDED, decide_by__lte=day + WARNED)


class RecoveryCase(models.Model):
    """What a payee is to give back; the sum of its entries is what is still open. In cents.

    `decide_by` is the last day to decide, reckoned by the regime's policy when the case was opened.
    """

    regime = models.CharField(
        _("regime"), max_length=12, choices=Regime, default=Regime.COMPENSATION
    )
    payee = models.ForeignKey(
        Organisation, verbose_name=_("payee"), on_delete=models.PROTECT, related_name="recoveries"
    )
    proposal = models.OneToOneField(
        Proposal,
        verbose_name=_("proposal"),
        on_delete=models.PROTECT,
        related_name="recovery",
        null=True,
    )
    # Of a supplement: the application whose support is taken back.
    application = models.ForeignKey(
        Application,
        verbose_name=_("application"),
        on_delete=models.PROTECT,
        related_name="recoveries",
        null=True,
    )
    claimed_cents = models.BigIntegerField(_("claimed, cents"))
    concerns_from = models.DateField(_("the earliest month it concerns"))
    decide_by = models.DateField(_("last day to decide"))
    # Of a supplement: interest runs from the day it was paid (688/2001).
    paid_on = models.DateField(pgettext_lazy("money", "paid"), null=True)
    status = models.CharField(
        _("status"), max_length=7, choices=CaseStatus, default=CaseStatus.SET_OFF
    )
    opened_on = models.DateField(_("opened"))
    due_on = models.DateField(_("due day"), null=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("recovery case")
        verbose_name_plural = _("recovery cases")
        ordering = ("decide_by", "pk")
        default_permissions = ("view",)
        constraints = (
            models.CheckConstraint(
                name="recovery_claims_something", condition=Q(claimed_cents__gt=0)
            ),
            models.CheckConstraint(
                name="recovery_source",
                condition=Q(regime=Regime.COMPENSATION, proposal__isnull=False, paid_on=None)
                | Q(regime=Regime.SUPPLEMENT, proposal=None, paid_on__isnull=False),
            ),
            models.CheckConstraint(
                name="recovery_of_an_application",
                condition=Q(application=None) | Q(regime=Regime.SUPPLEMENT),
            ),
            models.CheckConstraint(
                name="recovery_decided_has_due_day",
                condition=~Q(status=CaseStatus.DECIDED) | Q(due_on__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return gettext("Recovery {number}").format(number=self.pk)

    @property
    def may_be_set_off(self) -> bool:
        """Whether later months may be set off against it: not against a support (P-07)."""
        return self.regime == Regime.COMPENSATION

    def is_past(self, day: date) -> bool:
        """Whether the time to decide has run out undecided."""
        return self.status in UNDECIDED and day > self.decide_by

    def is_warned(self, day: date) -> bool:
        """Whether its time to decide runs out soon, or has."""
        return self.status in UNDECIDED and day >= self.decide_by - WARNED
