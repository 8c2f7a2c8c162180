"""Who holds which permit, who lives where: facts of UMA and the population register (C-01)."""

from __future__ import annotations

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from config.lib import sealing
from registry.access.models import Role, User
from registry.access.rights import for_roles
from registry.facts import Fact, closed_after_brought, one_current
from registry.organisations.models import Organisation

UMA_NUMBER_LENGTH = 40


class GroundScope(models.TextChoices):
    ALWAYS = "always", _("in scope (C-11)")
    NEVER = "never", _("out of scope (C-11)")
    AFTER_PROTECTION_CLAIM = "after_protection_claim", _("in scope after a claim (C-12)")
    FOLLOWS_EARLIER = "follows_earlier", _("follows an earlier permit (C-13)")
    FAMILY = "family", _("follows the principal (C-14)")


class Ground(models.Model):
    """Ground of a residence permit, and when it puts its holder in scope (C-10 … C-14)."""

    code = models.CharField(_("code"), max_length=8, primary_key=True, db_collation="C")
    name_fi = models.CharField(_("name in Finnish"), max_length=100)
    name_sv = models.CharField(_("name in Swedish"), max_length=100)
    name_en = models.CharField(_("name in English"), max_length=100)
    scope = models.CharField(_("scope"), max_length=24, choices=GroundScope)
    in_scope_from = models.DateField(_("in scope from"))
    in_scope_to = models.DateField(_("in scope to"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=100)

    class Meta:
        verbose_name = _("ground")
        verbose_name_plural = _("grounds")
        ordering = ("code",)
        constraints = (
            models.CheckConstraint(
                name="ground_validity", condition=Q(in_scope_to__gte=F("in_scope_from"))
            ),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def name(self) -> str:
        """Name in the language of the page."""
        return str(getattr(self, f"name_{(get_language() or 'fi')[:2]}", self.name_fi))


class IdentityCode(models.Model):
    """A personal identity code, sealed; found by its keyed hash (P-12).

    The facts of the population register hang on the code, so that they wait here for the
    person whom UMA has not yet delivered (C-01).
    """

    code_hash = models.UUIDField(_("keyed hash"), unique=True)
    sealed = models.BinaryField(_("sealed code"))

    class Meta:
        verbose_name = _("personal identity code")
        verbose_name_plural = _("personal identity codes")

    def __str__(self) -> str:
        return f"#{self.pk}"

    @property
    def code(self) -> str:
        """The code in clear. Raises CannotUnseal."""
        return sealing.unseal(self.sealed)


class PersonQuerySet(models.QuerySet["Person"]):
    def visible_to(self, user: User) -> Self:
        """Persons whose pages the user may open; each opening is logged (P-10)."""
        roles = (Role.REVIEWER, Role.APPROVER, Role.DATA_PROTECTION_OFFICER)
        return for_roles(self, user, *roles)


class Person(models.Model):
    """A person of UMA, known by the UMA customer number; all else is facts."""

    uma_number = models.CharField(
        _("UMA customer number"), max_length=UMA_NUMBER_LENGTH, unique=True, db_collation="C"
    )

    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("persons")

    def __str__(self) -> str:
        return self.uma_number


class PersonDetails(Fact):
    """What UMA says of a person."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="details")
    identity = models.ForeignKey(
        IdentityCode, on_delete=models.PROTECT, null=True, blank=True, related_name="details"
    )
    family_name = models.CharField(_("family name"), max_length=200, blank=True)
    given_names = models.CharField(_("given names"), max_length=200, blank=True)
    birth_date = models.DateField(_("birth date"))
    nationality = models.CharField(_("nationality"), max_length=3, blank=True, db_collation="C")
    rgi_number = models.CharField(_("RGI number"), max_length=40, blank=True)
    unhcr_number = models.CharField(_("UNHCR number"), max_length=40, blank=True)
    born_in_finland = models.BooleanField(_("born in Finland"), default=False)
    parent_uma_numbers = ArrayField(
        models.CharField(max_length=UMA_NUMBER_LENGTH, db_collation="C"),
        verbose_name=_("parents' UMA customer numbers"),
        default=list,
        blank=True,
    )

    class Meta(Fact.Meta):
        verbose_name = _("person's details")
        verbose_name_plural = _("persons' details")
        constraints = (
            one_current("person", name="details_one_current"),
            one_current(
                "identity", name="identity_one_person", condition=Q(identity__isnull=False)
            ),
            closed_after_brought("details_closed_later"),
        )
        indexes = (
            BrinIndex("brought_by", name="details_brought"),
            models.Index("closed_by", name="details_closed", condition=Q(closed_by__isnull=False)),
            # Lists of persons name those who were resettled by these, in capitals (G-10).
            models.Index(
                Upper("rgi_number"),
                name="details_rgi",
                condition=Q(closed_by=None) & ~Q(rgi_number=""),
            ),
            models.Index(
                Upper("unhcr_number"),
                name="details_unhcr",
                condition=Q(closed_by=None) & ~Q(unhcr_number=""),
            ),
        )

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} #{self.pk}"

    @property
    def full_name(self) -> str:
        """Family name and given names, as far as UMA knows them."""
        return f"{self.family_name} {self.given_names}".strip()


class Permit(Fact):
    """A residence permit, valid from … to (inclusive; no end: until further notice, C-07)."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="permits")
    permit_number = models.CharField(_("permit number"), max_length=40, db_collation="C")
    ground = models.ForeignKey(Ground, on_delete=models.PROTECT, related_name="+", db_index=False)
    applied_for_protection = models.BooleanField(_("applied for protection"), null=True)
    granted_on = models.DateField(_("granted on"), null=True, blank=True)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    quota_year = models.PositiveSmallIntegerField(_("quota year"), null=True, blank=True)
    principal_uma_number = models.CharField(
        _("principal's UMA customer number"),
        max_length=UMA_NUMBER_LENGTH,
        blank=True,
        db_collation="C",
    )
    tie_before_arrival = models.BooleanField(_("tie before arrival"), null=True)

    class Meta(Fact.Meta):
        verbose_name = _("permit")
        verbose_name_plural = _("permits")
        constraints = (
            one_current("permit_number", name="permit_number_one_current"),
            models.CheckConstraint(
                name="permit_validity", condition=Q(valid_to__gte=F("valid_from"))
            ),
            closed_after_brought("permit_closed_later"),
        )
        indexes = (
            models.Index(
                "principal_uma_number",
                name="permit_principal",
                condition=~Q(principal_uma_number=""),
            ),
            BrinIndex("brought_by", name="permit_brought"),
            models.Index("closed_by", name="permit_closed", condition=Q(closed_by__isnull=False)),
        )

    def __str__(self) -> str:
        return self.permit_number


class PopulationRecord(Fact):
    """What the population register says of the holder of an identity code."""

    identity = models.ForeignKey(IdentityCode, on_delete=models.PROTECT, related_name="records")
    death_date = models.DateField(_("death date"), null=True, blank=True)
    finnish_citizen_from = models.DateField(_("Finnish citizen from"), null=True, blank=True)
    non_disclosure = models.BooleanField(_("non-disclosure"), default=False)

    class Meta(Fact.Meta):
        verbose_name = _("population record")
        verbose_name_plural = _("population records")
        constraints = (
            one_current("identity", name="population_record_one_current"),
            closed_after_brought("population_record_closed_later"),
        )
        indexes = (
            BrinIndex("brought_by", name="population_brought"),
            models.Index(
                "closed_by", name="population_closed", condition=Q(closed_by__isnull=False)
            ),
        )

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} #{self.pk}"


class Residence(Fact):
    """A home-municipality entry: lived in the municipality from … to (inclusive, C-06).

    A trigger refuses current entries of one identity code that overlap (23P01, as an exclusion
    constraint would; DECISIONS.md has the measurement).
    """

    identity = models.ForeignKey(IdentityCode, on_delete=models.PROTECT, related_name="residences")
    municipality = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    moved_in = models.DateField(_("moved in"))
    moved_out = models.DateField(_("moved out"), null=True, blank=True)
    registered_on = models.DateField(_("registered on"), null=True, blank=True)

    class Meta(Fact.Meta):
        verbose_name = _("home-municipality entry")
        verbose_name_plural = _("home-municipality entries")
        constraints = (
            models.CheckConstraint(
                name="residence_period", condition=Q(moved_out__gte=F("moved_in"))
            ),
            closed_after_brought("residence_closed_later"),
        )
        indexes = (
            BrinIndex("brought_by", name="residence_brought"),
            models.Index(
                "closed_by", name="residence_closed", condition=Q(closed_by__isnull=False)
            ),
        )

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} #{self.pk}"
