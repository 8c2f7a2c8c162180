"""A file linked to an application for persons or to one case, with what it shows."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from payments.cases.models import ManualCase, ManualProposal
from registry.access.models import Role, User
from registry.access.rights import own_organisations
from registry.models import KeptFile


class CaseEvidenceQuerySet(models.QuerySet["CaseEvidence"]):
    def visible_to(self, user: User) -> Self:
        """Evidence that the user may open: staff all, an officer what their own organisation sent.

        What the authority adds may tell of other places: the applicant does not see it (P-11).
        """
        if user.access.has(Role.REVIEWER, Role.APPROVER):
            return self
        own = own_organisations(user)  # a successor opens its predecessors' (C-33)
        return self.filter(
            proposal__payee__in=own, proposal__applied_on__isnull=False, is_authoritys=False
        )


class CaseEvidence(models.Model):
    """A file of an application or of a case: who sent it and when, the file itself says."""

    proposal = models.ForeignKey(
        ManualProposal, on_delete=models.PROTECT, related_name="evidence", null=True
    )
    case = models.ForeignKey(
        ManualCase, on_delete=models.PROTECT, related_name="evidence", null=True
    )
    file = models.OneToOneField(KeptFile, on_delete=models.PROTECT, related_name="case_evidence")
    shows = models.CharField(_("what it shows"), max_length=200)
    is_authoritys = models.BooleanField(_("added by the authority"), default=False)

    objects = CaseEvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("evidence file")
        verbose_name_plural = _("evidence files")
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(
                name="case_evidence_of_one",
                condition=Q(proposal=None, case__isnull=False, is_authoritys=True)
                | Q(proposal__isnull=False, case=None),
            ),
            models.CheckConstraint(name="case_evidence_shows", condition=~Q(shows="")),
        )

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} #{self.pk}"
