"""Support rounds and their amounts and grounds, as data (supplements G-01 … G-08)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from registry.models import Ground, OrganisationKind


class Support(models.TextChoices):
    SUPPLEMENT = "lisaosa", _("supplement")
    URGENT = "kiireellinen", _("urgent resettlement support")
    SALARY = "palkka", _("salary grant")


class Round(models.Model):
    """A round of a support: whose arrivals, when applications may come (G-02, G-03)."""

    code = models.CharField(_("code"), max_length=10, unique=True)
    support = models.CharField(_("support"), max_length=12, choices=Support)
    arrivals_from = models.DateField(_("arrivals from"))
    arrivals_to = models.DateField(_("arrivals to"))
    opens = models.DateField(_("opens"))
    closes = models.DateField(_("closes"))
    closes_extended_from = models.DateField(_("closed before the extension"), null=True, blank=True)
    extension_decided_on = models.DateField(_("extension decided on"), null=True, blank=True)
    status = models.CharField(_("status"), max_length=10)
    rules_by = models.CharField(_("rules by"), max_length=12)
    min_committed_persons = models.PositiveSmallIntegerField(
        _("least number of committed persons"), null=True, blank=True
    )
    source = models.CharField(_("source"), max_length=100)

    class Meta:
        verbose_name = _("round")
        verbose_name_plural = _("rounds")
        ordering = ("code",)
        constraints = (
            models.CheckConstraint(
                name="round_periods",
                condition=Q(arrivals_to__gte=F("arrivals_from"), closes__gte=F("opens")),
            ),
        )

    def __str__(self) -> str:
        return self.code


class RoundAmount(models.Model):
    """The published amount of a round by applicant kind and age at the move-in (G-07, G-08)."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="amounts")
    applicant_kind = models.CharField(_("applicant kind"), max_length=12, choices=OrganisationKind)
    min_age = models.PositiveSmallIntegerField(_("from age"))
    max_age = models.PositiveSmallIntegerField(_("to age"), null=True, blank=True)
    amount_eur = models.DecimalField(_("EUR a person"), max_digits=9, decimal_places=2)
    source = models.CharField(_("source"), max_length=100)

    class Meta:
        verbose_name = _("round's amount")
        verbose_name_plural = _("rounds' amounts")
        ordering = ("round", "applicant_kind", "min_age")
        constraints = (
            models.UniqueConstraint(
                fields=("round", "applicant_kind", "min_age"), name="round_amount_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.round} {self.applicant_kind} {self.min_age}+"


class RoundGround(models.Model):
    """A permit ground that a round accepts (G-06)."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="grounds")
    ground = models.ForeignKey(Ground, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("round's ground")
        verbose_name_plural = _("rounds' grounds")
        ordering = ("round", "ground")
        constraints = (
            models.UniqueConstraint(fields=("round", "ground"), name="round_ground_once"),
        )

    def __str__(self) -> str:
        return f"{self.round} {self.ground_id}"
