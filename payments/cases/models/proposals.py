"""Applications and proposals of manual cases, and the decisions on them (P-02, P-08, P-09)."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from payments.claims.models import REDUCED_FROM
from registry.access.fields import somebody
from registry.access.models import Role, User
from registry.access.rights import own_organisations
from registry.models import Decision, Organisation

APPLIED_FOR_FROM = date(2023, 9, 1)  # P-08: until then the authority allocated by itself


def last_day_to_apply(month: date) -> date:
    """Last day to apply for a benefit month: the end of the second year after its year (P-09)."""
    return date(month.year + 2, 12, 31)


class ProposalStatus(models.TextChoices):
    OPEN = "open", _("being handled")
    PROPOSED = "proposed", _("proposed")
    DECIDED = "decided", _("decided")
    WITHDRAWN = "withdrawn", _("withdrawn")


class ManualProposalQuerySet(models.QuerySet["ManualProposal"]):
    def visible_to(self, user: User) -> Self:
        """Proposals that the user may open: staff all, an officer the applications of their own.

        A successor opens its predecessors' (C-33).
        """
        if user.access.has(Role.REVIEWER, Role.APPROVER):
            return self
        return self.filter(payee__in=own_organisations(user), applied_on__isnull=False)


class ManualProposal(models.Model):
    """Cases of one payee, proposed and decided as one: its application, or the authority's own (P-08)."""

    payee = models.ForeignKey(
        Organisation, verbose_name=_("payee"), on_delete=models.PROTECT, related_name="+"
    )
    status = models.CharField(_("status"), max_length=9, choices=ProposalStatus)
    applied_by = somebody(_("applied by"), null=True)
    applied_on = models.DateField(_("applied"), null=True)
    proposed_by = somebody(_("presenter"), null=True)
    decided_by = somebody(_("approver"), null=True)
    returned_for = models.CharField(_("returned because"), max_length=500, blank=True)

    objects = ManualProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposal of manual cases")
        verbose_name_plural = _("proposals of manual cases")
        ordering = ("-pk",)
        constraints = (
            models.CheckConstraint(
                name="manual_proposal_applied_whole",
                condition=Q(applied_by=None, applied_on=None)
                | Q(applied_by__isnull=False, applied_on__gte=APPLIED_FOR_FROM),
            ),
            models.CheckConstraint(
                name="manual_proposal_of_somebody",
                condition=Q(applied_by__isnull=False) | Q(proposed_by__isnull=False),
            ),
            models.CheckConstraint(
                name="manual_proposal_proposed",
                condition=Q(proposed_by__isnull=False) | ~Q(status__in=["proposed", "decided"]),
            ),
            models.CheckConstraint(
                name="manual_proposal_decided",
                condition=Q(decided_by__isnull=False) | ~Q(status="decided"),
            ),
        )

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} #{self.pk}"

    @property
    def is_application(self) -> bool:
        """Whether the payee applied; if not, the authority allocates by itself."""
        return self.applied_on is not None

    def is_late(self, month: date) -> bool:
        """Whether the month was applied for after its last day (P-09)."""
        return self.applied_on is not None and self.applied_on > last_day_to_apply(month)

    def is_reduced(self, month: date) -> bool:
        """Whether the month is paid at the reduced rates: up to 12/2024, applied for from 2025 (C-32)."""
        return self.applied_on is not None and month < REDUCED_FROM <= self.applied_on


class ManualDecision(models.Model):
    """A decision by which a proposal was decided: one for each payee of it (P-02)."""

    decision = models.OneToOneField(
        Decision, on_delete=models.PROTECT, primary_key=True, related_name="of_manual"
    )
    proposal = models.ForeignKey(ManualProposal, on_delete=models.PROTECT, related_name="decisions")

    class Meta:
        verbose_name = _("decision on manual cases")
        verbose_name_plural = _("decisions on manual cases")

    def __str__(self) -> str:
        return str(self.decision)
