"""Support rounds, their amounts and grounds, and budget frames, as data (G-01 … G-08, P-06)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from registry.models import Ground, Organisation, OrganisationKind, User

# The one municipality that is its own wellbeing services county (G-01).
OWN_COUNTY = "90"


class Support(models.TextChoices):
    SUPPLEMENT = "lisaosa", _("supplement")
    URGENT = "kiireellinen", _("urgent resettlement support")
    SALARY = "palkka", _("salary grant")


class RoundStatus(models.TextChoices):
    DRAFT = "draft", _("being prepared")
    OPEN = "open", _("receives applications")
    CLOSED = "closed", _("closed")


class RulesBy(models.TextChoices):
    """Which year's rules a row of an application follows (G-02)."""

    ROUND = "round", _("the round")
    ARRIVAL_YEAR = "arrival_year", _("the year of arrival")


class BudgetFrame(models.Model):
    """What may be decided to be paid of a programme year (P-06)."""

    programme_year = models.PositiveSmallIntegerField(_("programme year"), unique=True)
    allotted_eur = models.DecimalField(_("allotted, EUR"), max_digits=12, decimal_places=2)
    source = models.CharField(_("source"), max_length=200)

    class Meta:
        verbose_name = _("budget frame")
        verbose_name_plural = _("budget frames")
        ordering = ("programme_year",)
        constraints = (
            models.CheckConstraint(name="frame_not_negative", condition=Q(allotted_eur__gte=0)),
        )

    def __str__(self) -> str:
        return str(self.programme_year)

    @property
    def allotted_cents(self) -> int:
        """What is allotted, in cents."""
        return int(self.allotted_eur * 100)


class RoundQuerySet(models.QuerySet["Round"]):
    def visible_to(self, _user: User) -> Self:
        """Rounds that the user may open: once they are published, everybody's."""
        return self.exclude(status=RoundStatus.DRAFT)

    def receiving(self, day: date) -> Self:
        """Rounds that one may apply in: also after the window, for late is received too (G-03)."""
        return self.filter(status=RoundStatus.OPEN, opens__lte=day)

    def open_to(self, organisation: Organisation) -> Self:
        """Rounds of the organisation's kind: counties only where there are amounts for them (G-01)."""
        if organisation.kind == OrganisationKind.COUNTY and organisation.code == OWN_COUNTY:
            return self.none()  # it applies as a municipality, for both amounts
        of_kind = Q(
            pk__in=RoundAmount.objects.filter(applicant_kind=organisation.kind).values("round")
        )
        if organisation.kind == OrganisationKind.MUNICIPALITY:
            of_kind |= Q(support=Support.SALARY)
        return self.filter(of_kind)


def _text(label: Any) -> models.TextField[str, str]:
    return models.TextField(label, max_length=4000, blank=True)


class Round(models.Model):
    """A round of a support: whose arrivals, when applications may come (G-02, G-03).

    What applications rest on is not changed once one has been sent (trigger).
    """

    code = models.CharField(_("code"), max_length=10, unique=True)
    support = models.CharField(_("support"), max_length=12, choices=Support)
    arrivals_from = models.DateField(_("arrivals from"))
    arrivals_to = models.DateField(_("arrivals to"))
    opens = models.DateField(_("opens"))
    closes = models.DateField(_("closes"), help_text=_("The last day, until 23.59.59."))
    closes_extended_from = models.DateField(
        _("closed before the extension"),
        null=True,
        blank=True,
        help_text=_("The former last day of a window that was extended."),
    )
    extension_decided_on = models.DateField(_("extension decided on"), null=True, blank=True)
    status = models.CharField(
        _("status"), max_length=10, choices=RoundStatus, default=RoundStatus.DRAFT
    )
    rules_by = models.CharField(
        _("rules by"), max_length=12, choices=RulesBy, default=RulesBy.ROUND
    )
    min_committed_persons = models.PositiveSmallIntegerField(
        _("least number of committed persons"), null=True, blank=True
    )
    source = models.CharField(_("source"), max_length=100)
    template_version = models.PositiveSmallIntegerField(
        _("version of the list template"), default=1
    )
    frame = models.ForeignKey(
        BudgetFrame,
        verbose_name=_("budget frame"),
        on_delete=models.PROTECT,
        related_name="rounds",
        null=True,
        blank=True,
        help_text=_("Decisions that would exceed it are refused (P-06)."),
    )
    # The authority's texts: what applicants read, and what decisions cite.
    guidance_fi = _text(_("guidance to applicants, in Finnish"))
    guidance_sv = _text(_("guidance to applicants, in Swedish"))
    provisions_fi = _text(_("provisions and conditions of decisions, in Finnish"))
    provisions_sv = _text(_("provisions and conditions of decisions, in Swedish"))

    objects = RoundQuerySet.as_manager()

    class Meta:
        verbose_name = _("round")
        verbose_name_plural = _("rounds")
        ordering = ("code",)
        constraints = (
            models.CheckConstraint(
                name="round_periods",
                condition=Q(arrivals_to__gte=F("arrivals_from"), closes__gte=F("opens")),
            ),
            models.CheckConstraint(
                name="round_extension_whole",
                condition=Q(closes_extended_from=None, extension_decided_on=None)
                | Q(
                    closes_extended_from__isnull=False,
                    extension_decided_on__isnull=False,
                    closes__gt=F("closes_extended_from"),
                    opens__lte=F("closes_extended_from"),
                ),
            ),
            models.CheckConstraint(name="round_status", condition=Q(status__in=RoundStatus.values)),
        )

    def __str__(self) -> str:
        return self.code

    @property
    def guidance(self) -> str:
        """What applicants read, in the language of the page."""
        return self._in_language("guidance")

    @property
    def provisions(self) -> str:
        """What decisions cite, in the active language."""
        return self._in_language("provisions")

    def _in_language(self, name: str) -> str:
        language = "sv" if (get_language() or "fi").startswith("sv") else "fi"
        return str(getattr(self, f"{name}_{language}"))

    @property
    def is_single(self) -> bool:
        """Whether an applicant has one application in it (G-02)."""
        return self.support != Support.URGENT

    @property
    def has_list(self) -> bool:
        """Whether an application has a list of persons."""
        return self.support != Support.SALARY

    def is_over(self, at: datetime) -> bool:
        """Whether the window has closed: after 23:59:59 in Finland on its last day (G-03)."""
        return timezone.localdate(at) > self.closes

    def days_left(self, today: date) -> int:
        """Days until the window closes, the last day counted; none left: 0 or below."""
        return (self.closes - today).days + 1

    def kinds_paid_to(self, organisation: Organisation) -> list[str]:
        """The kinds of amounts an applicant gets: Helsinki and Åland both where both exist (G-01)."""
        is_both = organisation.in_aland or (
            organisation.county is not None and organisation.county.code == OWN_COUNTY
        )
        kinds = {organisation.kind} | ({OrganisationKind.COUNTY} if is_both else set())
        return sorted({amount.applicant_kind for amount in self.amounts.all()} & kinds)


class AgeRange(Func):
    """`int4range(from, to, '[]')`: ages, both inclusive; no end where there is none."""

    function = "int4range"
    output_field = models.IntegerField()

    def __init__(self) -> None:
        super().__init__(F("min_age"), F("max_age"), Value("[]"))


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
            models.CheckConstraint(
                name="round_amount_ages", condition=Q(max_age__gte=F("min_age"))
            ),
            ExclusionConstraint(
                name="round_amount_one_an_age",
                expressions=(
                    ("round", RangeOperators.EQUAL),
                    ("applicant_kind", RangeOperators.EQUAL),
                    (AgeRange(), RangeOperators.OVERLAPS),
                ),
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
