"""How a run's total follows from last month's, payee by payee; whom it pays, by group.

Counted once, when a run is finished (`sql/`); pages read these rows, never the lines.
"""

from __future__ import annotations

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from payments.rates.models import Group
from payments.runs.models import Run
from registry.access.models import Role, User
from registry.access.rights import for_roles
from registry.models import Delivery, Ground, Organisation


class Change(models.TextChoices):
    """Steps from last month's regular lines to this month's payable sum, in their order.

    All but `stayed` add up: to the payable sum of the run, and of each payee. What was moved away
    and moved in comes to nothing over all payees.
    """

    LAST = "last", _("last month")
    STAYED = "stayed", _("stayed, nothing changed")
    LATE_IN = "late_in", _("late facts, more")
    LATE_OUT = "late_out", _("late facts, less")
    LEFT = "left", _("no longer paid")
    NEW = "new", _("new persons")
    MOVED_AWAY = "moved_away", _("moved away")
    MOVED_IN = "moved_in", _("moved in")
    AGE = "age", _("age group changed")
    ADULT_BEGINS = "adult_begins", _("adult component begins")
    ADULT_ENDS = "adult_ends", _("adult component ends")
    RATE = "rate", _("rate changed")
    AGREEMENT = "agreement", _("municipality's agreement begins or ends")
    CORRECTION = "correction", _("corrections of earlier months")
    RECOVERY = "recovery", _("below zero, to recover")


class RunChangeQuerySet(models.QuerySet["RunChange"]):
    def visible_to(self, user: User) -> Self:
        """Steps with the persons behind them that the user may open."""
        return for_roles(self, user, Role.REVIEWER, Role.APPROVER)


class RunChange(models.Model):
    """A step of a payee, or of the whole run where `payee` is empty.

    Payees are those of the run month's first day (C-33), so that a merger moves nobody. `stayed`
    tells what of `last` is the same this month. `delivery` is the one that brought most of those
    who are new, moved in or known late, and how many.
    """

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="changes")
    payee = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", null=True)
    kind = models.CharField(_("step"), max_length=12, choices=Change)
    persons = models.PositiveIntegerField(_("persons"))
    cents = models.BigIntegerField(_("sum, cents"))
    delivery = models.ForeignKey(
        Delivery, on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )
    delivery_persons = models.PositiveIntegerField(_("persons of the delivery"), default=0)

    objects = RunChangeQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("run", "payee", "kind"), name="run_change_once", nulls_distinct=False
            ),
        )

    def __str__(self) -> str:
        return f"{self.run} {self.payee_id} {self.kind}"


class RunGroup(models.Model):
    """Persons paid for the run's own month, and their sum, by group, ground and age group."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="groups")
    group = models.CharField(_("group"), max_length=12, choices=Group)
    ground = models.ForeignKey(Ground, on_delete=models.PROTECT, related_name="+", db_index=False)
    min_age = models.PositiveSmallIntegerField(_("from age"))
    persons = models.PositiveIntegerField(_("persons"))
    adults = models.PositiveIntegerField(_("persons with the adult component"))
    cents = models.BigIntegerField(_("sum, cents"))

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("run", "group", "ground", "min_age"), name="run_group_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.run} {self.group} {self.ground_id} {self.min_age}+"
