"""What a reviewer asks an applicant to complete, until when, and the answer (434/2003 § 22)."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from payments.cases.models import ManualCase, ManualProposal, ProposalStatus
from registry.access.fields import somebody
from registry.access.models import User

TEXT_LENGTH = 4000


class ManualCompletionQuerySet(models.QuerySet["ManualCompletion"]):
    def visible_to(self, user: User) -> Self:
        """Requests of the applications that the user may open."""
        return self.filter(proposal__in=ManualProposal.objects.visible_to(user))

    def open(self) -> Self:
        """Requests neither answered nor left, of applications that are still handled."""
        return self.filter(answered_on=None, closed_on=None, proposal__status=ProposalStatus.OPEN)


class ManualCompletion(models.Model):
    """A request to complete an application, about one of its persons or about all of it.

    An answer that comes late is taken while the application is handled; none stops no decision.
    """

    proposal = models.ForeignKey(
        ManualProposal, on_delete=models.PROTECT, related_name="completions"
    )
    case = models.ForeignKey(
        ManualCase,
        verbose_name=_("person"),
        on_delete=models.PROTECT,
        related_name="completions",
        null=True,
    )
    asked = models.TextField(_("what is missing"), max_length=TEXT_LENGTH)
    asked_by = somebody(_("asked by"))
    asked_on = models.DateField(_("asked"))
    answer_by = models.DateField(_("last day to answer"))
    answer = models.TextField(_("answer"), max_length=TEXT_LENGTH, blank=True)
    answered_by = somebody(_("answered by"), null=True)
    answered_on = models.DateField(_("answered"), null=True)
    closed_on = models.DateField(_("closed without an answer"), null=True)

    objects = ManualCompletionQuerySet.as_manager()

    class Meta:
        verbose_name = _("completion request of a manual application")
        verbose_name_plural = _("completion requests of manual applications")
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("proposal", "case"),
                name="manual_completion_one_open",
                condition=Q(answered_on=None, closed_on=None),
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="manual_completion_asked",
                condition=Q(asked__regex=r"\S", answer_by__gt=F("asked_on")),
            ),
            models.CheckConstraint(
                name="manual_completion_answered_whole",
                condition=Q(answer="", answered_by=None, answered_on=None)
                | Q(
                    answer__regex=r"\S",
                    answered_by__isnull=False,
                    answered_on__isnull=False,
                    closed_on=None,
                ),
            ),
            models.CheckConstraint(
                name="manual_completion_closed_late",
                condition=Q(closed_on=None) | Q(closed_on__gt=F("answer_by")),
            ),
        )

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} #{self.pk}"

    @property
    def is_open(self) -> bool:
        """Whether it waits for its answer, if the application is handled."""
        return self.answered_on is None and self.closed_on is None
