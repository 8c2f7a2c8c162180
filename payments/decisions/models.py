"""Payment decisions on the calculated compensation: one for each payee of an approved run."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from payments.ledger.models import Proposal
from registry.models import Decision


class RunDecision(models.Model):
    """The decision by which a run's approval settled a payee's proposal (P-02, C-34)."""

    decision = models.OneToOneField(
        Decision, on_delete=models.PROTECT, primary_key=True, related_name="of_run"
    )
    proposal = models.OneToOneField(Proposal, on_delete=models.PROTECT, related_name="decided")

    class Meta:
        verbose_name = _("payment decision")
        verbose_name_plural = _("payment decisions")

    def __str__(self) -> str:
        return str(self.decision)
