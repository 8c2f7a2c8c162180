"""Who is paid, and who pays: municipalities, counties, the Åland health authority, authorities."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.expressions import RawSQL
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from stdnum.fi import ytunnus

from registry.facts import Fact

BUSINESS_ID = r"^[0-9]{7}-[0-9]\Z"


class DateRange(Func):
    """`daterange(from, to, '[]')`: both days inclusive, as in the files and the law."""

    function = "daterange"
    output_field = models.DateField()

    def __init__(self, start: str, end: str) -> None:
        super().__init__(F(start), F(end), models.Value("[]"))


class Named(models.Model):
    """Has a Finnish and a Swedish name."""

    name_fi = models.CharField(_("name in Finnish"), max_length=200)
    name_sv = models.CharField(_("name in Swedish"), max_length=200)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """Name in the language of the page; Finnish where the page is in English."""
        return self.name_sv if (get_language() or "fi").startswith("sv") else self.name_fi


class OrganisationKind(models.TextChoices):
    MUNICIPALITY = "municipality", _("municipality")
    COUNTY = "county", _("wellbeing services county")
    ALAND_HEALTH = "aland_health", _("Åland health authority")


class Language(models.TextChoices):
    FINNISH = "fi", _("Finnish")
    SWEDISH = "sv", _("Swedish")
    BILINGUAL_FINNISH = "bilingual_fi", _("bilingual, Finnish majority")
    BILINGUAL_SWEDISH = "bilingual_sv", _("bilingual, Swedish majority")


# Who is paid in whose place on a day (C-21); a view of the database.
PAID_TO = """
SELECT organisation_id FROM registry_succession
WHERE payee_id = %s AND %s BETWEEN from_day AND to_day
"""


def business_id_fault(business_id: str | None) -> str:
    """A sentence for what is wrong with a business ID; none if nothing is."""
    if not business_id or ytunnus.is_valid(business_id):
        return ""
    return gettext("The check digit of the ID is wrong.")


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def municipalities(self) -> Self:
        return self.filter(kind=OrganisationKind.MUNICIPALITY)

    def in_force(self, day: date) -> Self:
        """Organisations whose validity covers the day."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gte=day), valid_from__lte=day)

    def paid_to(self, payee_id: int, day: date) -> Self:
        """Those for whom the payee is paid on the day: itself and its predecessors (C-33)."""
        return self.filter(pk__in=RawSQL(PAID_TO, [payee_id, day]))  # noqa: S611 # parameters


class Organisation(Named):
    """A payee: municipality, wellbeing services county or ÅHS (C-21, C-22).

    A municipality that has merged names its successor; `registry_succession` (a view) says for
    every municipality who is paid in its place on which days.
    """

    kind = models.CharField(_("kind"), max_length=12, choices=OrganisationKind)
    code = models.CharField(_("code"), max_length=3, db_collation="C")
    language = models.CharField(_("language"), max_length=12, choices=Language)
    county = models.ForeignKey(
        "self",
        verbose_name=_("wellbeing services county"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="municipalities",
    )
    in_aland = models.BooleanField(_("in Åland"), default=False)
    valid_from = models.DateField(_("in force from"))
    valid_to = models.DateField(_("last day in force"), null=True, blank=True)
    business_id = models.CharField(
        _("business ID"),
        max_length=9,
        null=True,
        blank=True,
        unique=True,
        validators=[RegexValidator(BUSINESS_ID)],
        help_text=_("By it a mandate of Suomi.fi is known to be this organisation's."),
    )
    merged_into = models.ForeignKey(
        "self",
        verbose_name=_("merged into"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="merged_from",
    )

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ("kind", "code")
        constraints = (
            models.UniqueConstraint(fields=("kind", "code"), name="organisation_kind_code"),
            models.CheckConstraint(
                name="organisation_business_id",
                condition=Q(business_id=None) | Q(business_id__regex=BUSINESS_ID),
            ),
            models.CheckConstraint(
                name="organisation_validity", condition=Q(valid_to__gte=F("valid_from"))
            ),
            models.CheckConstraint(
                name="organisation_county_of_mainland_municipality",
                condition=Q(county=None) | Q(kind="municipality", in_aland=False),
            ),
            models.CheckConstraint(
                name="organisation_merged_has_ended",
                condition=Q(merged_into=None) | Q(kind="municipality", valid_to__isnull=False),
            ),
            # Without one its residents would be paid to nobody.
            models.CheckConstraint(
                name="organisation_ended_has_successor",
                condition=~Q(kind="municipality")
                | Q(valid_to=None)
                | (Q(merged_into__isnull=False) & ~Q(merged_into=F("id"))),
            ),
        )

    def clean(self) -> None:
        """Raise ValidationError for a business ID that is none, a successor that is not there (C-21)."""
        if fault := business_id_fault(self.business_id):
            raise ValidationError({"business_id": fault})
        if self.merged_into and self.valid_to and not self._is_succeeded(self.merged_into):
            message = _("The municipality must merge into one that is in force the day after.")
            raise ValidationError({"merged_into": message})

    def _is_succeeded(self, successor: Organisation) -> bool:
        assert self.valid_to
        day_after = self.valid_to + timedelta(days=1)
        ends = successor.valid_to
        return successor.valid_from <= day_after and (ends is None or ends >= day_after)


class Authority(models.Model):
    """An authority that decisions name; its names are dated."""

    code = models.SlugField(_("code"), max_length=20, unique=True)

    class Meta:
        verbose_name = _("authority")
        verbose_name_plural = _("authorities")
        ordering = ("code",)

    def __str__(self) -> str:
        return self.code


class AuthorityNameQuerySet(models.QuerySet["AuthorityName"]):
    def in_force(self, day: date) -> Self:
        """Names whose validity covers the day."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gte=day), valid_from__lte=day)


class AuthorityName(Named):
    """Name of an authority in force from … to (inclusive)."""

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="names")
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=200)

    objects = AuthorityNameQuerySet.as_manager()

    class Meta:
        verbose_name = _("authority's name")
        verbose_name_plural = _("authorities' names")
        ordering = ("authority", "valid_from")
        constraints = (
            ExclusionConstraint(
                name="authority_one_name_a_day",
                expressions=(
                    ("authority", RangeOperators.EQUAL),
                    (DateRange("valid_from", "valid_to"), RangeOperators.OVERLAPS),
                ),
            ),
        )


class Agreement(Fact):
    """A municipality's integration agreement with the state in force from … to (C-27)."""

    municipality = models.ForeignKey(
        Organisation,
        verbose_name=_("municipality"),
        on_delete=models.PROTECT,
        related_name="agreements",
        limit_choices_to={"kind": OrganisationKind.MUNICIPALITY},
    )
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    reference = models.CharField(_("reference"), max_length=100, blank=True)

    class Meta(Fact.Meta):
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        ordering = ("municipality", "valid_from", "id")
        constraints = (
            models.CheckConstraint(
                name="agreement_validity", condition=Q(valid_to__gte=F("valid_from"))
            ),
            ExclusionConstraint(
                name="agreement_one_a_day",
                expressions=(
                    ("municipality", RangeOperators.EQUAL),
                    (DateRange("valid_from", "valid_to"), RangeOperators.OVERLAPS),
                ),
                condition=Q(closed_by=None),
            ),
        )

    def __str__(self) -> str:
        return f"{self.municipality} {self.reference}"
