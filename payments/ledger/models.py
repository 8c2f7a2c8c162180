"""What runs leave behind (C-28 … C-35): assessments, lines, proposals, and their counts.

Assessments and lines are partitioned by run: a run's partition is loaded bare, then keyed,
then attached (payments/runs/partitions.py). Lines of approved runs are the ledger.
"""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import F, Value
from django.db.models.functions import Greatest
from django.utils.translation import gettext_lazy as _

from payments.ledger.causes import Cause
from payments.rates.models import Component, Group, Rate, Route
from payments.runs.models import Run, RunStatus
from registry.access.models import Role, User
from registry.access.rights import own_organisations
from registry.models import (
    Ground,
    Organisation,
    Permit,
    Person,
    PersonDetails,
    PopulationRecord,
    Residence,
)


class Outcome(models.TextChoices):
    """How an assessment ended: paid, or the first reason that held (C-03 … C-09)."""

    PAID = "paid", _("paid")
    DECEASED = "deceased", _("deceased")
    FINNISH_CITIZEN = "finnish_citizen", _("Finnish citizen")
    NO_IDENTITY_CODE = "no_identity_code", _("no identity code")
    NO_HOME_MUNICIPALITY = "no_home_municipality", _("no home municipality")
    NO_VALID_PERMIT = "no_valid_permit", _("no valid permit")
    GROUND_OUT_OF_SCOPE = "ground_out_of_scope", _("permit's ground out of scope")
    GROUND_NOT_IN_FORCE = "ground_not_in_force", _("ground not yet in scope")
    PROTECTION_NOT_APPLIED_FOR = (
        "protection_not_applied_for",
        _("international protection not applied for"),
    )
    TIE_NOT_BEFORE_ARRIVAL = "tie_not_before_arrival", _("family tie not before arrival")
    PRINCIPAL_OUT_OF_SCOPE = "principal_out_of_scope", _("principal out of scope")
    TIME_USED_UP = "time_used_up", _("compensation time used up")


# Reason shown for the municipality of a person-month that pays the county alone (C-27).
WITHOUT_AGREEMENT = "municipality_without_agreement"


def _used(model: type[models.Model] | str) -> models.ForeignKey[Any, Any]:
    """A fact or figure that an assessment used; facts are never deleted, so no key is needed."""
    return models.ForeignKey(
        model, on_delete=models.PROTECT, related_name="+", db_index=False, null=True
    )


class Assessment(models.Model):
    """One person-month of a run: its outcome and the facts and figures it rests on (C-28)."""

    pk = models.CompositePrimaryKey("run", "person", "benefit_month")
    run = models.ForeignKey(
        Run, on_delete=models.PROTECT, related_name="assessments", db_index=False
    )
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    benefit_month = models.DateField(_("benefit month"))
    outcome = models.CharField(_("outcome"), max_length=26, choices=Outcome)
    without_agreement = models.BooleanField(_("municipality without agreement"), default=False)
    municipality_route = models.CharField(max_length=10, choices=Route, default=Route.AUTOMATIC)
    county_route = models.CharField(max_length=10, choices=Route, default=Route.AUTOMATIC)
    details = _used(PersonDetails)
    population_record = _used(PopulationRecord)
    residence = _used(Residence)
    manual_residence = _used("payments.ManualResidence")
    permit = _used(Permit)
    # The permit that the permit's scope follows: earlier own (C-13), principal's (C-14), parent's.
    basis_permit = _used(Permit)
    clock_residence = _used(Residence)
    clock_manual_residence = _used("payments.ManualResidence")
    group = models.CharField(_("group"), max_length=12, choices=Group, null=True)
    clock_start = models.DateField(_("clock started"), null=True)
    clock_end = models.DateField(_("compensation time ends before"), null=True)
    # The parent whose compensation time a child born in Finland follows (C-20).
    clock_parent = _used(Person)
    municipality = _used(Organisation)
    county = _used(Organisation)
    municipality_base_rate = _used(Rate)
    municipality_adult_rate = _used(Rate)
    county_base_rate = _used(Rate)
    county_adult_rate = _used(Rate)

    class Meta:
        managed = False
        verbose_name = _("assessment")
        verbose_name_plural = _("assessments")

    def __str__(self) -> str:
        return f"{self.person_id} {self.benefit_month:%Y-%m}: {self.outcome}"


class LineKind(models.TextChoices):
    REGULAR = "regular", _("regular")
    CORRECTION = "correction", _("correction")


class LineQuerySet(models.QuerySet["Line"]):
    def booked(self) -> Self:
        """Lines of the ledger: those of approved runs."""
        return self.filter(run__status=RunStatus.APPROVED)


class Line(models.Model):
    """One amount for one person, benefit month, payee and component, in cents (C-29 … C-33)."""

    pk = models.CompositePrimaryKey("run", "person", "benefit_month", "payee", "component")
    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="lines", db_index=False)
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="lines", db_index=False
    )
    benefit_month = models.DateField(_("benefit month"))
    payee = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="lines", db_index=False
    )
    component = models.CharField(_("component"), max_length=5, choices=Component)
    kind = models.CharField(_("kind"), max_length=10, choices=LineKind)
    route = models.CharField(_("route"), max_length=10, choices=Route)
    amount_cents = models.IntegerField(_("amount, cents"))
    cause = models.CharField(_("cause of the correction"), max_length=15, choices=Cause, blank=True)

    objects = LineQuerySet.as_manager()

    class Meta:
        managed = False
        verbose_name = _("line")
        verbose_name_plural = _("lines")

    def __str__(self) -> str:
        return f"{self.person_id} {self.benefit_month:%Y-%m} {self.component}"


class ProposalQuerySet(models.QuerySet["Proposal"]):
    def visible_to(self, user: User) -> Self:
        """Proposals that the user may open: staff all, an officer their organisation's approved."""
        if user.access.has(Role.REVIEWER, Role.APPROVER):
            return self
        return self.filter(run__status=RunStatus.APPROVED, payee__in=own_organisations(user))


class Proposal(models.Model):
    """A payee's sum in a run, by who is paid on the run month's first day (C-33, C-34)."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="proposals")
    payee = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="proposals")
    persons = models.PositiveIntegerField(_("persons with regular lines"))
    regular_cents = models.BigIntegerField(_("this month, cents"))
    correction_cents = models.BigIntegerField(_("corrections, cents"))
    amount_cents = models.GeneratedField(
        expression=F("regular_cents") + F("correction_cents"),
        output_field=models.BigIntegerField(),
        db_persist=True,
    )
    payable_cents = models.GeneratedField(
        expression=Greatest(F("regular_cents") + F("correction_cents"), Value(0)),
        output_field=models.BigIntegerField(),
        db_persist=True,
    )
    recovery_cents = models.GeneratedField(
        expression=Greatest(-(F("regular_cents") + F("correction_cents")), Value(0)),
        output_field=models.BigIntegerField(),
        db_persist=True,
    )

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposal")
        verbose_name_plural = _("proposals")
        ordering = ("run", "payee__kind", "payee__code")
        constraints = (
            models.UniqueConstraint(fields=("run", "payee"), name="proposal_one_a_payee"),
        )

    def __str__(self) -> str:
        return f"{self.run} {self.payee}"


class PayeeSum(models.Model):
    """What the run pays a payee for its own month by one rate and ground of the permit (C-15).

    The rate tells component, age group and amount; `payee` is the payee of the line (C-33).
    """

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="payee_sums")
    payee = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    rate = models.ForeignKey(Rate, on_delete=models.PROTECT, related_name="+", db_index=False)
    ground = models.ForeignKey(Ground, on_delete=models.PROTECT, related_name="+", db_index=False)
    persons = models.PositiveIntegerField(_("persons"))
    cents = models.BigIntegerField(_("sum, cents"))

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("run", "payee", "rate", "ground"), name="payee_sum_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.run} {self.payee} {self.rate} {self.ground_id}"


class PayeeCorrection(models.Model):
    """What the run corrects of a payee's earlier month for one cause; amounts in cents."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="payee_corrections")
    payee = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    benefit_month = models.DateField(_("benefit month"))
    cause = models.CharField(_("cause"), max_length=15, choices=Cause)
    persons = models.PositiveIntegerField(_("persons"))
    added_cents = models.BigIntegerField(_("added, cents"))
    removed_cents = models.BigIntegerField(_("removed, cents"))
    cents = models.GeneratedField(
        expression=F("added_cents") + F("removed_cents"),
        output_field=models.BigIntegerField(),
        db_persist=True,
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("run", "payee", "benefit_month", "cause"), name="payee_correction_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.run} {self.payee} {self.benefit_month:%Y-%m} {self.cause}"


class RunOutcome(models.Model):
    """How many persons of the run's own month ended in an outcome; counted once, at the end."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="outcomes")
    outcome = models.CharField(_("outcome"), max_length=26, choices=Outcome)
    without_agreement = models.BooleanField(_("municipality without agreement"))
    persons = models.PositiveIntegerField(_("persons"))

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("run", "outcome", "without_agreement"), name="run_outcome_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.run} {self.outcome}: {self.persons}"


class RunCorrection(models.Model):
    """What the run corrects of an earlier month, summed once, at the end; amounts in cents."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="corrections")
    benefit_month = models.DateField(_("benefit month"))
    persons = models.PositiveIntegerField(_("persons"))
    added_cents = models.BigIntegerField(_("added, cents"))
    removed_cents = models.BigIntegerField(_("removed, cents"))
    cents = models.GeneratedField(
        expression=F("added_cents") + F("removed_cents"),
        output_field=models.BigIntegerField(),
        db_persist=True,
    )

    class Meta:
        ordering = ("run", "-benefit_month")
        constraints = (
            models.UniqueConstraint(fields=("run", "benefit_month"), name="run_correction_once"),
        )

    def __str__(self) -> str:
        return f"{self.run} {self.benefit_month:%Y-%m}"


class RunRate(models.Model):
    """A rate that a run used, and the last benefit month it was used for."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="+")
    rate = models.ForeignKey(Rate, on_delete=models.PROTECT, related_name="uses")
    last_benefit_month = models.DateField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("run", "rate"), name="run_rate_once"),)

    def __str__(self) -> str:
        return f"{self.run} {self.rate}"
