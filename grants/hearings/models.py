"""Hearing the applicant before something is refused (Administrative Procedure Act 434/2003 § 34)."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from grants.applications.models import Application
from grants.lists.models import ListRow
from grants.review.models import Phrase


class HearingQuerySet(models.QuerySet["Hearing"]):
    def unanswered(self) -> Self:
        """Hearings without an answer, whether their day has passed or not."""
        return self.filter(answered_at=None)

    def over(self, day: date) -> Self:
        """Hearings that have been answered, or whose day had passed on a day."""
        return self.filter(Q(answered_at__isnull=False) | Q(answer_by__lt=day))


class Hearing(models.Model):
    """What an applicant is asked before it is refused something, and what it answers; once.

    No answer by the day does not stop the decision.
    """

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="hearings")
    question = models.TextField(_("what the applicant is heard on"), max_length=4000, blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("asked by"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    asked_at = models.DateTimeField(_("asked"))
    answer_by = models.DateField(_("last day to answer"))
    answer = models.TextField(_("answer"), max_length=4000, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("answered by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)

    objects = HearingQuerySet.as_manager()

    class Meta:
        verbose_name = _("hearing of an applicant")
        verbose_name_plural = _("hearings of applicants")
        ordering = ("-pk",)
        default_permissions = ("view",)
        constraints = (
            models.CheckConstraint(
                name="hearing_answered_whole",
                condition=Q(answer="", answered_by=None, answered_at=None)
                | Q(
                    answer__regex=r"\S",
                    answered_by__isnull=False,
                    answered_at__isnull=False,
                ),
            ),
        )

    def __str__(self) -> str:
        return f"{self.application_id} {self.answer_by}"

    def is_over(self, day: date) -> bool:
        """Whether the applicant has answered, or had its time to."""
        return self.answered_at is not None or day > self.answer_by


class HearingRow(models.Model):
    """A row that may be refused, and the reason that the applicant is heard on; only added to."""

    hearing = models.ForeignKey(Hearing, on_delete=models.PROTECT, related_name="rows")
    row = models.ForeignKey(ListRow, on_delete=models.PROTECT, related_name="hearings")
    phrase = models.ForeignKey(
        Phrase, verbose_name=_("reason"), on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("row of a hearing")
        verbose_name_plural = _("rows of hearings")
        ordering = ("row__line",)
        default_permissions = ("view",)
        constraints = (models.UniqueConstraint(fields=("hearing", "row"), name="hearing_row_once"),)

    def __str__(self) -> str:
        return f"{self.hearing_id} {self.row_id}"
