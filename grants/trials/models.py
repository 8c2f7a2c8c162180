"""Trials: what a new version of a check would have told of a past round; nothing else is changed."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from grants.applications.models import Application
from grants.review.models import CheckResult
from grants.rounds.models import Round
from registry.access.models import Role, User
from registry.access.rights import for_roles


class CheckTrialQuerySet(models.QuerySet["CheckTrial"]):
    def visible_to(self, user: User) -> Self:
        """Trials to those who check and those who keep the checks."""
        return for_roles(self, user, Role.REVIEWER, Role.COORDINATOR)

    def waiting(self) -> Self:
        """Trials that have not been done yet."""
        return self.filter(finished_at=None)


class CheckTrial(models.Model):
    """A candidate tried on the decided applications of a round, against the check's current version."""

    round = models.ForeignKey(
        Round, verbose_name=_("round"), on_delete=models.PROTECT, related_name="trials"
    )
    name = models.SlugField(_("check"), max_length=20)
    version = models.PositiveSmallIntegerField(_("version"))
    against = models.PositiveSmallIntegerField(_("against version"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("asked for by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text=_("Empty: the system itself."),
    )
    asked_at = models.DateTimeField(_("asked for"))
    finished_at = models.DateTimeField(_("done"), null=True)

    objects = CheckTrialQuerySet.as_manager()

    class Meta:
        verbose_name = _("trial of a check")
        verbose_name_plural = _("trials of checks")
        ordering = ("-pk",)
        default_permissions = ("view",)
        constraints = (
            models.CheckConstraint(
                name="trial_of_a_newer_version", condition=Q(version__gt=F("against"))
            ),
            # One that waits is not asked for again.
            models.UniqueConstraint(
                fields=("round", "name", "version"),
                name="trial_one_waiting",
                condition=Q(finished_at=None),
            ),
        )

    def __str__(self) -> str:
        return f"{self.round} {self.name} {self.version}"


def _lines(label: Any) -> ArrayField[Any, Any]:
    return ArrayField(models.PositiveIntegerField(), verbose_name=label, default=list)


class TrialCase(models.Model):
    """An application in a trial: rows that both versions flag, by their lines in the list."""

    trial = models.ForeignKey(CheckTrial, on_delete=models.CASCADE, related_name="cases")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="+")
    # What the check told the reviewer at the time, if it was done.
    then = models.ForeignKey(CheckResult, on_delete=models.PROTECT, null=True, related_name="+")
    rows_before = models.PositiveIntegerField(_("rows by the current version"))
    rows_now = models.PositiveIntegerField(_("rows by the new version"))
    newly = _lines(_("newly told"))
    no_longer = _lines(_("no longer told"))
    newly_granted = models.PositiveIntegerField(_("newly told, of which granted"))
    no_longer_granted = models.PositiveIntegerField(_("no longer told, of which granted"))

    class Meta:
        verbose_name = _("application in a trial")
        verbose_name_plural = _("applications in trials")
        ordering = ("trial", "application")
        default_permissions = ("view",)
        constraints = (
            models.UniqueConstraint(fields=("trial", "application"), name="trial_case_once"),
            models.CheckConstraint(
                name="trial_case_adds_up",
                condition=Q(rows_now=F("rows_before") + F("newly__len") - F("no_longer__len"))
                & Q(newly_granted__lte=F("newly__len"))
                & Q(no_longer_granted__lte=F("no_longer__len")),
            ),
        )

    def __str__(self) -> str:
        return f"{self.trial_id} {self.application_id}"
