"""Persons whom the automatic month does not pay, found by runs or applied for (P-08)."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from payments.cases.models.proposals import APPLIED_FOR_FROM, ManualProposal, last_day_to_apply
from payments.runs.models import Run
from registry.access.models import Role, User
from registry.access.rights import for_roles
from registry.models import Person
from registry.people.models import UMA_NUMBER_LENGTH


class Closing(models.TextChoices):
    """Why a case ended without being decided."""

    IDENTITY_CODE = "code", _("identity code known: the automatic run goes on")
    APPLIED = "applied", _("applied for: goes on in the application")


class ManualCaseQuerySet(models.QuerySet["ManualCase"]):
    def visible_to(self, user: User) -> Self:
        """Cases that the user may open: those who allocate and decide."""
        return for_roles(self, user, Role.REVIEWER, Role.APPROVER)

    def to_work_on(self) -> Self:
        """Cases neither closed nor decided, withdrawn applications left out."""
        live = Q(proposal=None) | Q(proposal__status__in=["open", "proposed"])
        return self.filter(live, closed_as="")

    def found_by_runs(self) -> Self:
        """Cases that runs opened and nobody has taken into a proposal."""
        return self.filter(proposal=None, closed_as="")


class ManualCase(models.Model):
    """A person whom the automatic month does not pay, from … to which benefit month (P-08).

    Opened by a run that found no identity code, or by an application, which says who is meant in
    its own words until a person decides who it is in the register.
    """

    proposal = models.ForeignKey(
        ManualProposal, on_delete=models.PROTECT, related_name="cases", null=True
    )
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="manual_cases", null=True
    )
    # Found by a run until 8/2023: allocated without an application (P-08).
    is_authoritys = models.BooleanField(_("the authority's own"), default=False)
    first_month = models.DateField(_("from"))
    last_month = models.DateField(_("to"))
    opened_by = models.ForeignKey(
        Run,
        verbose_name=_("opened by the run"),
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
    )
    opened_on = models.DateField(_("opened"))
    stated_uma_number = models.CharField(
        _("UMA customer number"), max_length=UMA_NUMBER_LENGTH, blank=True
    )
    stated_permit_number = models.CharField(_("permit number"), max_length=40, blank=True)
    stated_family_name = models.CharField(_("family name"), max_length=200, blank=True)
    stated_given_names = models.CharField(_("given names"), max_length=200, blank=True)
    stated_birth_date = models.DateField(_("birth date"), null=True, blank=True)
    stated_evidence = models.CharField(_("evidence"), max_length=1000, blank=True)
    refused_because = models.CharField(_("refused because"), max_length=500, blank=True)
    matched_because = models.CharField(_("identified because"), max_length=500, blank=True)
    closed_as = models.CharField(_("closed as"), max_length=8, choices=Closing, blank=True)

    objects = ManualCaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("manual case")
        verbose_name_plural = _("manual cases")
        ordering = ("first_month", "pk")
        constraints = (
            models.CheckConstraint(
                name="manual_case_months",
                condition=Q(
                    first_month__day=1, last_month__day=1, last_month__gte=F("first_month")
                ),
            ),
            models.CheckConstraint(
                name="manual_case_of_a_run_or_applied",
                condition=Q(opened_by__isnull=False, person__isnull=False)
                | Q(proposal__isnull=False),
            ),
            models.UniqueConstraint(
                fields=("person", "is_authoritys"),
                name="manual_case_one_found",
                condition=Q(proposal=None, closed_as=""),
            ),
            models.CheckConstraint(
                name="manual_case_authoritys_months",
                condition=Q(is_authoritys=False)
                | Q(opened_by__isnull=False, last_month__lt=APPLIED_FOR_FROM),
            ),
            models.UniqueConstraint(fields=("proposal", "person"), name="manual_case_person_once"),
        )

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} #{self.pk}"

    @property
    def last_day_to_apply(self) -> date:
        """Last day to apply for the first of its months (P-09)."""
        return last_day_to_apply(self.first_month)
