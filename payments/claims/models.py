"""Months never booked that their payee may apply for, and the applications (C-31, C-32, § 70)."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from payments.rates.models import Component, Route
from payments.runs.models import Run, RunStatus
from registry.access.fields import somebody
from registry.access.models import Role, User
from registry.access.rights import own_organisations
from registry.models import Decision, Organisation, Person

REDUCED_FROM = date(2025, 1, 1)  # 872/2024 § 4


class ClaimableQuerySet(models.QuerySet["ClaimableEntry"]):
    def visible_to(self, user: User) -> Self:
        """Entries that the user may open: staff all, an officer their organisation's."""
        if user.access.has(Role.REVIEWER, Role.APPROVER):
            return self
        return self.filter(payee__in=own_organisations(user))

    def after(self, month: date) -> Self:
        """Entries as they stood after the run of the month."""
        return self.filter(
            Q(closed_by=None) | Q(closed_by__month__gt=month), opened_by__month__lte=month
        )

    def shown_after(self, month: date) -> Self:
        """Entries after the run of the month that may still be applied for (C-31)."""
        return self.after(month).in_time(month)

    def in_time(self, day: date) -> Self:
        """Entries that may still be applied for on the day (§ 70)."""
        return self.filter(last_day_to_apply__gte=day)


class ClaimableEntry(models.Model):
    """A month never booked that the payee may apply for (C-31); after its last day, lapsed.

    Opened by the run that found it, closed by the run that found otherwise or paid it.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="claimable_entries")
    benefit_month = models.DateField(_("benefit month"))
    payee = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="claimable_entries"
    )
    component = models.CharField(_("component"), max_length=5, choices=Component)
    amount_cents = models.PositiveIntegerField(_("amount, cents"))
    last_day_to_apply = models.DateField(_("last day to apply"))
    opened_by = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="claimable_opened")
    closed_by = models.ForeignKey(
        Run, on_delete=models.PROTECT, related_name="claimable_closed", null=True
    )

    objects = ClaimableQuerySet.as_manager()

    class Meta:
        verbose_name = _("claimable entry")
        verbose_name_plural = _("claimable entries")
        constraints = (
            models.UniqueConstraint(
                fields=("person", "benefit_month", "payee", "component"),
                name="claimable_one_open",
                condition=Q(closed_by=None),
            ),
            models.CheckConstraint(name="claimable_positive", condition=Q(amount_cents__gt=0)),
        )

    def __str__(self) -> str:
        return f"{self.person_id} {self.benefit_month:%Y-%m} {self.component}"


class ApplicationStatus(models.TextChoices):
    APPLIED = "applied", _("applied")
    PROPOSED = "proposed", _("proposed")
    DECIDED = "decided", _("decided")
    WITHDRAWN = "withdrawn", _("withdrawn")


class ApplicationQuerySet(models.QuerySet["ClaimApplication"]):
    def visible_to(self, user: User) -> Self:
        """Applications that the user may open: staff all, an officer their organisation's."""
        if user.access.has(Role.REVIEWER, Role.APPROVER):
            return self
        return self.filter(applicant__in=own_organisations(user))


class ClaimApplication(models.Model):
    """A payee's application for claimable months: checked, proposed and decided as one (§ 70)."""

    applicant = models.ForeignKey(
        Organisation,
        verbose_name=_("applicant"),
        on_delete=models.PROTECT,
        related_name="claim_applications",
    )
    status = models.CharField(
        _("status"), max_length=9, choices=ApplicationStatus, default=ApplicationStatus.APPLIED
    )
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("applied by"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    applied_on = models.DateField(_("applied"))
    proposed_by = somebody(_("presenter"), null=True, blank=True)
    decided_by = somebody(_("approver"), null=True, blank=True)
    returned_for = models.CharField(_("returned because"), max_length=500, blank=True)
    decision = models.OneToOneField(
        Decision, on_delete=models.PROTECT, null=True, related_name="of_claims"
    )

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("application for claimable months")
        verbose_name_plural = _("applications for claimable months")
        ordering = ("-pk",)
        constraints = (
            models.CheckConstraint(
                name="claims_proposed_by_someone",
                condition=Q(proposed_by__isnull=False) | ~Q(status__in=["proposed", "decided"]),
            ),
            models.CheckConstraint(
                name="claims_decided_by_someone",
                condition=Q(decided_by__isnull=False, decision__isnull=False)
                | ~Q(status="decided"),
            ),
        )

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} #{self.pk}"


class ClaimQuerySet(models.QuerySet["Claim"]):
    def to_settle(self) -> Self:
        """Claims granted that no approved run has settled: the next run's (C-32)."""
        granted = self.filter(application__status=ApplicationStatus.DECIDED, accepted=True)
        return granted.filter(
            Q(settled_by=None) | ~Q(settled_by__status=RunStatus.APPROVED), is_closed=False
        )


class Claim(models.Model):
    """One person-month of a payee that is applied for, whatever its components (C-32).

    The next run after the decision books what is due at the rates of the claim's route, and names
    itself in `settled_by`, whether anything was due or not.
    """

    application = models.ForeignKey(
        ClaimApplication, on_delete=models.PROTECT, related_name="claims"
    )
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="claims")
    benefit_month = models.DateField(_("benefit month"))
    payee = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    route = models.CharField(_("route"), max_length=10, choices=Route)
    accepted = models.BooleanField(_("accepted"), null=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    amount_cents = models.PositiveIntegerField(_("granted, cents"), null=True)
    is_closed = models.BooleanField(_("closed"), default=False)
    settled_by = models.ForeignKey(
        Run,
        verbose_name=_("settled by the run"),
        on_delete=models.PROTECT,
        null=True,
        related_name="claims",
    )

    objects = ClaimQuerySet.as_manager()

    class Meta:
        verbose_name = _("claim")
        verbose_name_plural = _("claims")
        constraints = (
            models.UniqueConstraint(
                fields=("person", "benefit_month", "payee"),
                name="claim_one_open",
                condition=Q(is_closed=False),
            ),
            models.CheckConstraint(
                name="claim_route", condition=Q(route__in=[Route.CLAIM, Route.REDUCED])
            ),
            models.CheckConstraint(
                name="claim_refused_with_a_reason", condition=~Q(accepted=False, reason="")
            ),
            models.CheckConstraint(
                name="claim_settled_if_accepted",
                condition=Q(settled_by=None) | Q(accepted=True),
            ),
        )

    def __str__(self) -> str:
        return f"{self.person_id} {self.benefit_month:%Y-%m} {self.payee_id}"


def route_of_claim(benefit_month: date, applied_on: date) -> Route:
    """Route of a claim by its days: reduced for a month up to 12/2024 applied for from 2025 (C-32)."""
    is_reduced = benefit_month < REDUCED_FROM <= applied_on
    return Route.REDUCED if is_reduced else Route.CLAIM
