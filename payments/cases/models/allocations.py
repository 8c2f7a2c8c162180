"""Where persons lived by evidence: home-municipality facts of a source of their own (C-39)."""

from __future__ import annotations

from typing import Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from payments.cases.models.cases import ManualCase
from payments.runs.models import Run, RunStatus
from registry.access.fields import somebody
from registry.access.models import Role, User
from registry.access.rights import for_roles
from registry.models import Organisation, Person
from registry.organisations.models import DateRange


class ManualResidenceQuerySet(models.QuerySet["ManualResidence"]):
    def visible_to(self, user: User) -> Self:
        """Allocations that the user may open: those who allocate and decide."""
        return for_roles(self, user, Role.REVIEWER, Role.APPROVER)

    def to_open(self) -> Self:
        """Decided allocations that no approved run knows: the next run's."""
        return self.filter(
            Q(opened_by=None) | ~Q(opened_by__status=RunStatus.APPROVED), is_standing=True
        )

    def to_close(self) -> Self:
        """Allocations that approved runs know and a later decision has replaced."""
        return self.filter(
            Q(closed_by=None) | ~Q(closed_by__status=RunStatus.APPROVED),
            opened_by__status=RunStatus.APPROVED,
            is_standing=False,
        )


class ManualResidence(models.Model):
    """An allocation: lived in the municipality from … to (inclusive), by evidence (C-39).

    It stands from its decision until a later decision replaces it. Runs know it from the one that
    opened it until the one that closed it.
    """

    case = models.ForeignKey(ManualCase, on_delete=models.PROTECT, related_name="residences")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="manual_residences")
    municipality = models.ForeignKey(
        Organisation, verbose_name=_("municipality"), on_delete=models.PROTECT, related_name="+"
    )
    moved_in = models.DateField(_("moved in"))
    moved_out = models.DateField(_("last day"))
    evidence = models.CharField(_("evidence"), max_length=1000)
    allocated_by = somebody(_("allocated by"))
    is_standing = models.BooleanField(_("decided and in force"), default=False)
    opened_by = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="+", null=True)
    closed_by = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="+", null=True)

    objects = ManualResidenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("allocation")
        verbose_name_plural = _("allocations")
        ordering = ("case", "moved_in")
        constraints = (
            models.CheckConstraint(
                name="manual_residence_period",
                condition=Q(moved_out__gte=F("moved_in")) & ~Q(evidence=""),
            ),
            ExclusionConstraint(
                name="manual_residence_one_a_day",
                expressions=(
                    ("person", RangeOperators.EQUAL),
                    (DateRange("moved_in", "moved_out"), RangeOperators.OVERLAPS),
                ),
                condition=Q(is_standing=True),
            ),
            ExclusionConstraint(
                name="manual_residence_one_a_day_of_a_case",
                expressions=(
                    ("case", RangeOperators.EQUAL),
                    (DateRange("moved_in", "moved_out"), RangeOperators.OVERLAPS),
                ),
            ),
        )

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} #{self.pk}"
