"""The law's figures as dated data: rates, durations, citations, reference rates."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from registry.organisations.models import DateRange, OrganisationKind


class Route(models.TextChoices):
    """How a line came to be paid (C-32, C-39)."""

    AUTOMATIC = "automatic", _("automatic")
    CLAIM = "claim", _("claim")
    REDUCED = "reduced", _("claim at reduced rates")
    MANUAL = "manual", _("manual allocation")


class Region(models.TextChoices):
    ANY = "any", _("whole country")
    MAINLAND = "mainland", _("mainland")
    ALAND = "aland", _("Åland")


class Component(models.TextChoices):
    ADULT = "adult", _("adult")
    BASE = "base", _("base")


class Group(models.TextChoices):
    """Group of the compensation time (C-17)."""

    ORDINARY = "ordinary", _("ordinary")
    QUOTA = "quota", _("quota refugee")
    QUOTA_FAMILY = "quota_family", _("family of a quota refugee")


class RateQuerySet(models.QuerySet["Rate"]):
    def in_force(self, day: date) -> Self:
        """Rates whose validity covers the day."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gte=day), valid_from__lte=day)


class AgeRange(Func):
    """`int4range(min_age, max_age, '[]')`: completed years, both inclusive (C-24)."""

    function = "int4range"
    output_field = models.IntegerField()

    def __init__(self) -> None:
        super().__init__(F("min_age"), F("max_age"), Value("[]"))


class RegionRange(Func):
    """Region as a range: the whole country overlaps the mainland and Åland (C-23)."""

    template = (
        "int4range(CASE %(expressions)s WHEN 'aland' THEN 2 ELSE 1 END,"
        " CASE %(expressions)s WHEN 'mainland' THEN 2 ELSE 3 END)"
    )
    output_field = models.IntegerField()

    def __init__(self) -> None:
        super().__init__(F("region"))


class Rate(models.Model):
    """A yearly amount by payee kind, region, component and age (C-23); a month is a twelfth.

    `monthly_cents` is rounded half up by the database (C-26). A rate that an approved run has
    used cannot be changed, only ended after the last month it was used for (trigger).
    """

    benefit = models.CharField(_("benefit"), max_length=12, default="calculated")
    route = models.CharField(_("route"), max_length=10, choices=Route)
    payee_kind = models.CharField(_("payee kind"), max_length=12, choices=OrganisationKind)
    region = models.CharField(_("region"), max_length=8, choices=Region)
    component = models.CharField(_("component"), max_length=5, choices=Component)
    min_age = models.PositiveSmallIntegerField(_("from age"))
    max_age = models.PositiveSmallIntegerField(_("to age"), null=True, blank=True)
    annual_eur = models.DecimalField(_("EUR a year"), max_digits=9, decimal_places=2)
    monthly_cents = models.GeneratedField(
        expression=Func(F("annual_eur") * Value(100) / Value(12), function="round"),
        output_field=models.IntegerField(_("cents a month")),
        db_persist=True,
    )
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=100)

    objects = RateQuerySet.as_manager()

    class Meta:
        verbose_name = _("rate")
        verbose_name_plural = _("rates")
        ordering = (
            "benefit", "route", "payee_kind", "region", "component", "min_age", "valid_from",
        )  # fmt: skip
        constraints = (
            models.CheckConstraint(
                name="rate_not_negative", condition=Q(annual_eur__gte=0) & ~Q(source="")
            ),
            models.CheckConstraint(
                name="rate_validity", condition=Q(valid_to__gte=F("valid_from"))
            ),
            models.CheckConstraint(name="rate_ages", condition=Q(max_age__gte=F("min_age"))),
            ExclusionConstraint(
                name="rate_one_a_day",
                expressions=(
                    ("benefit", RangeOperators.EQUAL),
                    ("route", RangeOperators.EQUAL),
                    ("payee_kind", RangeOperators.EQUAL),
                    (RegionRange(), RangeOperators.OVERLAPS),
                    ("component", RangeOperators.EQUAL),
                    (AgeRange(), RangeOperators.OVERLAPS),
                    (DateRange("valid_from", "valid_to"), RangeOperators.OVERLAPS),
                ),
            ),
        )

    def __str__(self) -> str:
        return f"{self.payee_kind} {self.region} {self.component} {self.min_age}+ {self.valid_from}"

    @property
    def ages(self) -> str:
        """The ages of the rate in words (C-24)."""
        if self.max_age is None:
            return gettext("{age} and over").format(age=self.min_age)
        return gettext("under {age}").format(age=self.max_age + 1)

    @property
    def annual_cents(self) -> int:
        """The yearly amount in cents."""
        return int(self.annual_eur * 100)


class Duration(models.Model):
    """Length of the compensation time by group and the day the clock started (C-18)."""

    group = models.CharField(_("group"), max_length=12, choices=Group)
    clock_from = models.DateField(_("clock from"))
    clock_to = models.DateField(_("clock to"), null=True, blank=True)
    years = models.PositiveSmallIntegerField(_("years"))
    source = models.CharField(_("source"), max_length=100)

    class Meta:
        verbose_name = _("duration")
        verbose_name_plural = _("durations")
        ordering = ("group", "clock_from")
        constraints = (
            models.CheckConstraint(
                name="duration_validity", condition=Q(clock_to__gte=F("clock_from"))
            ),
            ExclusionConstraint(
                name="duration_one_a_day",
                expressions=(
                    ("group", RangeOperators.EQUAL),
                    (DateRange("clock_from", "clock_to"), RangeOperators.OVERLAPS),
                ),
            ),
        )

    def __str__(self) -> str:
        return f"{self.group} {self.clock_from}: {self.years}"


class Citation(models.Model):
    """Section of law to show for a reason code or a payee's line, by benefit month."""

    code = models.CharField(_("code"), max_length=40)
    benefit_from = models.DateField(_("benefit from"), null=True, blank=True)
    benefit_to = models.DateField(_("benefit to"), null=True, blank=True)
    citation_fi = models.CharField(_("citation in Finnish"), max_length=200)
    citation_sv = models.CharField(_("citation in Swedish"), max_length=200)

    class Meta:
        verbose_name = _("citation")
        verbose_name_plural = _("citations")
        ordering = ("code", "benefit_from")
        constraints = (
            ExclusionConstraint(
                name="citation_one_a_day",
                expressions=(
                    ("code", RangeOperators.EQUAL),
                    (DateRange("benefit_from", "benefit_to"), RangeOperators.OVERLAPS),
                ),
            ),
        )

    def __str__(self) -> str:
        return f"{self.code}: {self.citation_fi}"


class ReferenceRate(models.Model):
    """The Bank of Finland's half-yearly reference rate and late-payment rate, per cent a year."""

    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"))
    reference_rate_percent = models.DecimalField(
        _("reference rate, %"), max_digits=5, decimal_places=2
    )
    late_payment_percent = models.DecimalField(
        _("late-payment interest, %"), max_digits=5, decimal_places=2
    )
    source = models.CharField(_("source"), max_length=100)

    class Meta:
        verbose_name = _("reference rate")
        verbose_name_plural = _("reference rates")
        ordering = ("valid_from",)
        constraints = (
            models.CheckConstraint(
                name="reference_rate_validity", condition=Q(valid_to__gt=F("valid_from"))
            ),
            ExclusionConstraint(
                name="reference_rate_one_a_day",
                expressions=((DateRange("valid_from", "valid_to"), RangeOperators.OVERLAPS),),
            ),
        )

    def __str__(self) -> str:
        return f"{self.valid_from}: {self.reference_rate_percent} %"
