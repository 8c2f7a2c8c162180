"""Claimable entries: months never booked that their payee may apply for (C-31, § 70)."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from payments.rates.models import Component
from payments.runs.models import Run
from registry.access.models import Role, User
from registry.access.rights import own_organisations
from registry.models import Organisation, Person


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
