"""Checking an application: who does, what they mark in each row and note, what checks found (G-11)."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from grants.applications.models import Application
from grants.lists.models import ListRow
from registry.access.models import Role, User
from registry.access.rights import for_roles


class PhraseUse(models.TextChoices):
    REFUSAL = "refusal", _("why a row is refused")
    COMPLETION = "completion", _("what is asked to be completed")
    REASONS = "reasons", _("reasons of a decision")
    UNHEARD = "unheard", _("why the applicant is not heard")
    EVIDENCE = "evidence", _("what is asked of an application for persons")


class PhraseQuerySet(models.QuerySet["Phrase"]):
    def offered(self, use: PhraseUse) -> Self:
        """Phrases that may be chosen for a use."""
        return self.filter(use=use, is_offered=True)


class Phrase(models.Model):
    """A sentence of the phrase library, in both languages; one that a decision uses stands."""

    use = models.CharField(_("use"), max_length=10, choices=PhraseUse)
    code = models.SlugField(_("code"), max_length=40, unique=True)
    text_fi = models.TextField(_("in Finnish"), max_length=1000)
    text_sv = models.TextField(_("in Swedish"), max_length=1000)
    tells_home = models.BooleanField(
        _("tells of homes"),
        default=False,
        help_text=_("Not written to the applicant of a person under non-disclosure (P-11)."),
    )
    is_offered = models.BooleanField(_("offered"), default=True)

    objects = PhraseQuerySet.as_manager()

    class Meta:
        verbose_name = _("phrase")
        verbose_name_plural = _("phrases")
        ordering = ("use", "code")

    def __str__(self) -> str:
        return self.text

    @property
    def text(self) -> str:
        """The sentence in the language of the page; in English pages, in Finnish."""
        return self.text_sv if (get_language() or "fi").startswith("sv") else self.text_fi

    def told(self, *, is_secret: bool) -> str:
        """The sentence as the applicant reads it of a person, who may be under non-disclosure (P-11)."""
        if is_secret and self.tells_home:
            return gettext("the conditions of the support are not met")
        return self.text


def _person(label: Any) -> models.ForeignKey[Any, Any]:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=label, on_delete=models.PROTECT, related_name="+"
    )


class Review(models.Model):
    """Who checks an application, as last taken or assigned."""

    application = models.OneToOneField(
        Application, on_delete=models.PROTECT, primary_key=True, related_name="review"
    )
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("reviewer"),
        on_delete=models.PROTECT,
        related_name="reviews",
    )
    assigned_at = models.DateTimeField(_("assigned"))

    class Meta:
        verbose_name = _("check of an application")
        verbose_name_plural = _("checks of applications")

    def __str__(self) -> str:
        return f"{self.application_id} {self.reviewer}"


class RowMark(models.Model):
    """What the reviewer marks in a row: accepted, or refused with a phrase of the library."""

    row = models.OneToOneField(
        ListRow, on_delete=models.PROTECT, primary_key=True, related_name="mark"
    )
    accepted = models.BooleanField(_("accepted"))
    phrase = models.ForeignKey(
        Phrase,
        verbose_name=_("reason"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    by = _person(_("marked by"))
    at = models.DateTimeField(_("time"))

    class Meta:
        verbose_name = _("mark in a row")
        verbose_name_plural = _("marks in rows")
        constraints = (
            models.CheckConstraint(
                name="mark_refused_with_a_reason",
                condition=Q(accepted=True, phrase=None) | Q(accepted=False, phrase__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"{self.row_id} {self.accepted}"


class Note(models.Model):
    """What the authority notes for itself on an application; only added to."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="notes")
    text = models.TextField(_("note"), max_length=4000)
    by = _person(_("written by"))
    at = models.DateTimeField(_("time"), db_default=Now())

    class Meta:
        verbose_name = _("note on an application")
        verbose_name_plural = _("notes on applications")
        ordering = ("-pk",)
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} #{self.pk}"


class CheckOutcome(models.TextChoices):
    CLEAN = "clean", _("nothing to note")
    ATTENTION = "attention", _("look at this")


class CheckResultQuerySet(models.QuerySet["CheckResult"]):
    def visible_to(self, user: User) -> Self:
        """Results to those who check and decide."""
        return for_roles(self, user, Role.REVIEWER, Role.APPROVER)

    def newest(self) -> Self:
        """The latest result of each check of each application."""
        return self.order_by("application_id", "name", "-pk").distinct("application_id", "name")


class CheckResult(models.Model):
    """What a version of a named check found in an application, and what it looked at.

    It advises; people decide. Only added to: each time the checks are done.
    """

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="checks")
    name = models.SlugField(_("check"), max_length=20)
    version = models.PositiveSmallIntegerField(_("version"))
    outcome = models.CharField(_("outcome"), max_length=9, choices=CheckOutcome)
    rows = models.PositiveIntegerField(_("rows"), default=0)
    # Counts, days and codes; never what identifies a person.
    looked_at = models.JSONField(_("looked at"), default=dict)
    made_at = models.DateTimeField(_("done"))

    objects = CheckResultQuerySet.as_manager()

    class Meta:
        verbose_name = _("result of a check")
        verbose_name_plural = _("results of checks")
        default_permissions = ("view",)
        indexes = (models.Index(fields=("application", "name", "-id"), name="check_latest"),)

    def __str__(self) -> str:
        return f"{self.application_id} {self.name} {self.version}"
