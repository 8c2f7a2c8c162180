"""What of a finished run a person must look at before it is approved, and from which limits on."""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from payments.runs.models import Run
from registry.access.models import Role, User
from registry.access.rights import for_roles
from registry.models import Organisation
from registry.organisations.models import DateRange


class Check(models.TextChoices):
    """What is measured; in brackets the unit of the limit and of the least that matters."""

    PAYEE_TOTAL = "payee_total", _("payee's sum against last month (%, cents)")
    PAYEE_PERSONS = "payee_persons", _("payee's persons against last month (%, persons)")
    CORRECTIONS = "corrections", _("corrections of all that is paid (%, cents)")
    DELIVERY_AGE = "delivery_age", _("age of the registry delivery (days)")
    REFUSED_ROWS = "refused_rows", _("refused rows of the run's deliveries (%, rows)")
    NO_BANK_DETAILS = "no_bank_details", _("payees without bank details (payees, cents held)")
    NO_IDENTITY_CODE = "no_identity_code", _("persons without an identity code (%, persons)")


class CheckLimitQuerySet(models.QuerySet["CheckLimit"]):
    def in_force(self, day: date) -> Self:
        """Limits whose validity covers the day."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gte=day), valid_from__lte=day)


class CheckLimit(models.Model):
    """From where on a measure is an anomaly: above `limit`, and of at least `least`."""

    kind = models.CharField(_("check"), max_length=16, choices=Check)
    limit = models.DecimalField(_("limit"), max_digits=9, decimal_places=2)
    least = models.BigIntegerField(_("least that matters"), default=0)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=100)

    objects = CheckLimitQuerySet.as_manager()

    class Meta:
        verbose_name = _("limit of a check")
        verbose_name_plural = _("limits of checks")
        ordering = ("kind", "valid_from")
        constraints = (
            models.CheckConstraint(
                name="check_limit_validity", condition=Q(valid_to__gte=F("valid_from"))
            ),
            models.CheckConstraint(
                name="check_limit_not_negative", condition=Q(limit__gte=0, least__gte=0)
            ),
            ExclusionConstraint(
                name="check_limit_one_a_day",
                expressions=(
                    ("kind", RangeOperators.EQUAL),
                    (DateRange("valid_from", "valid_to"), RangeOperators.OVERLAPS),
                ),
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.limit} {self.valid_from}"


class RunAnomalyQuerySet(models.QuerySet["RunAnomaly"]):
    def visible_to(self, user: User) -> Self:
        """Anomalies of the runs that the user works on."""
        return for_roles(self, user, Role.REVIEWER, Role.APPROVER)

    def waiting(self) -> Self:
        """Those that nobody has accepted yet."""
        return self.filter(accepted_by=None)


class RunAnomaly(models.Model):
    """A measure of a run beyond its limit; the run waits until somebody accepts it with a reason.

    It belongs to the draft: computed again, it is found again or not. `facts` are the numbers of
    its sentence.
    """

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="anomalies")
    kind = models.CharField(_("check"), max_length=16, choices=Check)
    payee = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", null=True)
    measured = models.DecimalField(_("measured"), max_digits=14, decimal_places=2)
    limit = models.DecimalField(_("limit"), max_digits=9, decimal_places=2)
    facts: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    accepted_by = models.ForeignKey(
        User, verbose_name=_("accepted by"), on_delete=models.PROTECT, related_name="+", null=True
    )
    accepted_at = models.DateTimeField(_("accepted"), null=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)

    objects = RunAnomalyQuerySet.as_manager()

    class Meta:
        verbose_name = _("anomaly of a run")
        verbose_name_plural = _("anomalies of runs")
        ordering = ("run", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("run", "kind", "payee"), name="run_anomaly_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                name="run_anomaly_accepted_with_a_reason",
                condition=Q(accepted_by=None, accepted_at=None, reason="")
                | Q(accepted_by__isnull=False, accepted_at__isnull=False, reason__regex=r"\S"),
            ),
        )

    def __str__(self) -> str:
        return f"{self.run} {self.kind}"
