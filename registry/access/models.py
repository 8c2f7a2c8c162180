"""People who use the service, what they may do and for whom, and their part in each case."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from registry.organisations.models import DateRange, Organisation

if TYPE_CHECKING:
    from registry.access.rights import Access


class User(AbstractUser):
    """A person who signs in; their roles and organisations are dated rows of their own."""

    @cached_property
    def access(self) -> Access:
        """What this person may do today; the middleware sets it to the organisation chosen."""
        from registry.access.rights import access_of  # noqa: PLC0415 # rights are of users

        return access_of(self, today=timezone.localdate())


class Role(models.TextChoices):
    """What the staff of the paying authority and of the ministry do."""

    REVIEWER = "reviewer", _("reviewer")
    APPROVER = "approver", _("approver")
    COORDINATOR = "coordinator", _("coordinator")
    DATA_PROTECTION_OFFICER = "data_protection_officer", _("data protection officer")


class Right(models.TextChoices):
    """What an officer does for their organisation; who sends may prepare too."""

    PREPARE = "prepare", _("prepares")
    SEND = "send", _("prepares and sends")


class Source(models.TextChoices):
    """Whence a membership is."""

    GRANTED = "granted", _("given by a coordinator")
    MANDATE = "mandate", _("mandate, for the day")


class GrantQuerySet(models.QuerySet[Any]):
    def in_force(self, day: date) -> Self:
        """Grants whose validity covers the day and that nobody has revoked."""
        covers = Q(valid_to=None) | Q(valid_to__gte=day)
        return self.filter(covers, valid_from__lte=day, revoked_at=None)


class Grant(models.Model):
    """A right of a user from … to (inclusive), until somebody revokes it; never deleted."""

    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    granted_by = models.ForeignKey(
        User,
        verbose_name=_("granted by"),
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        help_text=_("Empty: from the command line, or by the sign-in service."),
    )

    objects = GrantQuerySet.as_manager()

    class Meta:
        abstract = True


def _granted_soundly(table: str) -> tuple[models.CheckConstraint, ...]:
    return (
        models.CheckConstraint(
            name=f"{table}_validity", condition=Q(valid_to__gte=F("valid_from"))
        ),
        models.CheckConstraint(
            name=f"{table}_by_another", condition=Q(granted_by=None) | ~Q(granted_by=F("user"))
        ),
    )


class StaffRole(Grant):
    """A role of a member of staff. Cases, coordination and oversight are in different hands."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="staff_roles")
    role = models.CharField(_("role"), max_length=23, choices=Role)
    duty = models.GeneratedField(
        expression=Case(
            When(role__in=[Role.REVIEWER, Role.APPROVER], then=Value("cases")), default=F("role")
        ),
        output_field=models.CharField(max_length=23),
        db_persist=True,
    )

    class Meta:
        verbose_name = _("staff role")
        verbose_name_plural = _("staff roles")
        constraints = (
            *_granted_soundly("staff_role"),
            ExclusionConstraint(
                name="staff_role_once_a_day",
                expressions=(
                    ("user", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    (DateRange("valid_from", "valid_to"), RangeOperators.OVERLAPS),
                ),
                condition=Q(revoked_at=None),
            ),
            ExclusionConstraint(
                name="staff_role_one_duty",
                expressions=(
                    ("user", RangeOperators.EQUAL),
                    ("duty", RangeOperators.NOT_EQUAL),
                    (DateRange("valid_from", "valid_to"), RangeOperators.OVERLAPS),
                ),
                condition=Q(revoked_at=None),
            ),
        )

    def __str__(self) -> str:
        return f"{self.user} {self.get_role_display()}"


class Membership(Grant):
    """An officer of an organisation, and what they do for it."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="memberships"
    )
    right = models.CharField(_("right"), max_length=7, choices=Right)
    source = models.CharField(
        _("source"), max_length=7, choices=Source, default=Source.GRANTED, editable=False
    )

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = (
            *_granted_soundly("membership"),
            models.CheckConstraint(
                name="membership_mandate_of_a_day",
                condition=~Q(source=Source.MANDATE)
                | Q(valid_to__isnull=False, valid_to=F("valid_from"), granted_by=None),
            ),
            ExclusionConstraint(
                name="membership_one_right_a_day",
                expressions=(
                    ("user", RangeOperators.EQUAL),
                    ("organisation", RangeOperators.EQUAL),
                    (DateRange("valid_from", "valid_to"), RangeOperators.OVERLAPS),
                ),
                condition=Q(revoked_at=None),
            ),
        )

    def __str__(self) -> str:
        return f"{self.user} {self.organisation} {self.get_right_display()}"


class Part(models.TextChoices):
    """What somebody did in a case; those who touched it neither check nor approve it (P-01)."""

    IMPORTED = "imported", _("imported facts of it")
    PREPARED = "prepared", _("prepared it")
    CORRECTED = "corrected", _("corrected it")
    PROPOSED = "proposed", _("proposed it")
    CHECKED = "checked", _("checked it")
    APPROVED = "approved", _("approved it")


# The same of somebody else than the reader: other languages have another form for it.
PARTS_TOLD = {
    Part.IMPORTED: pgettext_lazy("somebody", "imported facts of it"),
    Part.PREPARED: pgettext_lazy("somebody", "prepared it"),
    Part.CORRECTED: pgettext_lazy("somebody", "corrected it"),
    Part.PROPOSED: pgettext_lazy("somebody", "proposed it"),
    Part.CHECKED: pgettext_lazy("somebody", "checked it"),
    Part.APPROVED: pgettext_lazy("somebody", "approved it"),
}


class Hand(models.Model):
    """Somebody's part in a case, written by the case's own trigger; only added to (P-01).

    The table's trigger refuses a hand that may not take this part: `registry.access.hands`.
    """

    object_type = models.CharField(_("object"), max_length=60)
    object_id = models.BigIntegerField(_("object's id"))
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="hands")
    part = models.CharField(_("part"), max_length=9, choices=Part)
    concerns = models.ForeignKey(
        Organisation,
        verbose_name=_("organisation concerned"),
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        help_text=_("Empty: the case concerns all of them."),
    )
    at = models.DateTimeField(_("time"), db_default=Now())

    class Meta:
        verbose_name = _("part in a case")
        verbose_name_plural = _("parts in cases")
        default_permissions = ("view",)
        constraints = (
            models.UniqueConstraint(
                fields=("object_type", "object_id", "user", "part"), name="hand_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.object_type} {self.object_id}: {self.user_id} {self.part}"

    @property
    def part_told(self) -> str:
        """The part, told of somebody else than the reader."""
        return str(PARTS_TOLD[Part(self.part)])
