"""Persons allocated by hand: cases, allocations, what is proposed and decided (P-08, P-09, C-39).

A case is a person whom the automatic month does not pay. Its allocations are home-municipality
facts of their own source; the law computes its months from them as from the register's. A
proposal gathers the cases of one payee, and is decided as one.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from payments.claims.models import REDUCED_FROM
from payments.ledger.models import Outcome
from payments.runs.models import Run, RunStatus
from registry.access.models import Role, User
from registry.access.rights import for_roles, own_organisations
from registry.models import Decision, Organisation, Person
from registry.organisations.models import DateRange
from registry.people.models import UMA_NUMBER_LENGTH

APPLIED_FOR_FROM = date(2023, 9, 1)  # P-08: until then the authority allocated by itself


def _somebody(verbose_name: Any, *, null: bool = True) -> models.ForeignKey[Any, Any]:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=verbose_name,
        on_delete=models.PROTECT,
        related_name="+",
        null=null,
    )


class ProposalStatus(models.TextChoices):
    OPEN = "open", _("being handled")
    PROPOSED = "proposed", _("proposed")
    DECIDED = "decided", _("decided")
    WITHDRAWN = "withdrawn", _("withdrawn")


class ManualProposalQuerySet(models.QuerySet["ManualProposal"]):
    def visible_to(self, user: User) -> Self:
        """Proposals that the user may open: staff all, an officer the applications of their own.

        A successor opens its predecessors' (C-33).
        """
        if user.access.has(Role.REVIEWER, Role.APPROVER):
            return self
        return self.filter(payee__in=own_organisations(user), applied_on__isnull=False)


class ManualProposal(models.Model):
    """Cases of one payee, proposed and decided as one: its application, or the authority's own (P-08)."""

    payee = models.ForeignKey(
        Organisation, verbose_name=_("payee"), on_delete=models.PROTECT, related_name="+"
    )
    status = models.CharField(_("status"), max_length=9, choices=ProposalStatus)
    applied_by = _somebody(_("applied by"))
    applied_on = models.DateField(_("applied"), null=True)
    proposed_by = _somebody(_("presenter"))
    decided_by = _somebody(_("approver"))
    returned_for = models.CharField(_("returned because"), max_length=500, blank=True)

    objects = ManualProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposal of manual cases")
        verbose_name_plural = _("proposals of manual cases")
        ordering = ("-pk",)
        constraints = (
            models.CheckConstraint(
                name="manual_proposal_applied_whole",
                condition=Q(applied_by=None, applied_on=None)
                | Q(applied_by__isnull=False, applied_on__gte=APPLIED_FOR_FROM),
            ),
            models.CheckConstraint(
                name="manual_proposal_of_somebody",
                condition=Q(applied_by__isnull=False) | Q(proposed_by__isnull=False),
            ),
            models.CheckConstraint(
                name="manual_proposal_proposed",
                condition=Q(proposed_by__isnull=False) | ~Q(status__in=["proposed", "decided"]),
            ),
            models.CheckConstraint(
                name="manual_proposal_decided",
                condition=Q(decided_by__isnull=False) | ~Q(status="decided"),
            ),
        )

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} #{self.pk}"

    @property
    def is_application(self) -> bool:
        """Whether the payee applied; if not, the authority allocates by itself."""
        return self.applied_on is not None

    def is_late(self, month: date) -> bool:
        """Whether the month was applied for after its last day (P-09)."""
        return self.applied_on is not None and self.applied_on > last_day_to_apply(month)

    def is_reduced(self, month: date) -> bool:
        """Whether the month is paid at the reduced rates: up to 12/2024, applied for from 2025 (C-32)."""
        return self.applied_on is not None and month < REDUCED_FROM <= self.applied_on


class ManualDecision(models.Model):
    """A decision by which a proposal was decided: one for each payee of it (P-02)."""

    decision = models.OneToOneField(
        Decision, on_delete=models.PROTECT, primary_key=True, related_name="of_manual"
    )
    proposal = models.ForeignKey(ManualProposal, on_delete=models.PROTECT, related_name="decisions")

    class Meta:
        verbose_name = _("decision on manual cases")
        verbose_name_plural = _("decisions on manual cases")

    def __str__(self) -> str:
        return str(self.decision)


class Closing(models.TextChoices):
    """Why a case ended without being decided."""

    IDENTITY_CODE = "code", _("identity code known: the automatic run goes on")
    APPLIED = "applied", _("applied for: goes on in the application")


class ManualCaseQuerySet(models.QuerySet["ManualCase"]):
    def visible_to(self, user: User) -> Self:
        """Cases that the user may open: those who allocate and decide."""
        return for_roles(self, user, Role.REVIEWER, Role.APPROVER)

    def to_work_on(self) -> Self:
        """Cases neither closed nor decided, withdrawn applications left out."""
        live = Q(proposal=None) | Q(proposal__status__in=["open", "proposed"])
        return self.filter(live, closed_as="")

    def found_by_runs(self) -> Self:
        """Cases that runs opened and nobody has taken into a proposal."""
        return self.filter(proposal=None, closed_as="")


class ManualCase(models.Model):
    """A person whom the automatic month does not pay, from … to which benefit month (P-08).

    Opened by a run that found no identity code, or by an application, which says who is meant in
    its own words until a person decides who it is in the register.
    """

    proposal = models.ForeignKey(
        ManualProposal, on_delete=models.PROTECT, related_name="cases", null=True
    )
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="manual_cases", null=True
    )
    # Found by a run until 8/2023: allocated without an application (P-08).
    is_authoritys = models.BooleanField(_("the authority's own"), default=False)
    first_month = models.DateField(_("from"))
    last_month = models.DateField(_("to"))
    opened_by = models.ForeignKey(
        Run,
        verbose_name=_("opened by the run"),
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
    )
    opened_on = models.DateField(_("opened"))
    stated_uma_number = models.CharField(
        _("UMA customer number"), max_length=UMA_NUMBER_LENGTH, blank=True
    )
    stated_permit_number = models.CharField(_("permit number"), max_length=40, blank=True)
    stated_family_name = models.CharField(_("family name"), max_length=200, blank=True)
    stated_given_names = models.CharField(_("given names"), max_length=200, blank=True)
    stated_birth_date = models.DateField(_("birth date"), null=True, blank=True)
    stated_evidence = models.CharField(_("evidence"), max_length=1000, blank=True)
    refused_because = models.CharField(_("refused because"), max_length=500, blank=True)
    matched_because = models.CharField(_("identified because"), max_length=500, blank=True)
    closed_as = models.CharField(_("closed as"), max_length=8, choices=Closing, blank=True)

    objects = ManualCaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("manual case")
        verbose_name_plural = _("manual cases")
        ordering = ("first_month", "pk")
        constraints = (
            models.CheckConstraint(
                name="manual_case_months",
                condition=Q(
                    first_month__day=1, last_month__day=1, last_month__gte=F("first_month")
                ),
            ),
            models.CheckConstraint(
                name="manual_case_of_a_run_or_applied",
                condition=Q(opened_by__isnull=False, person__isnull=False)
                | Q(proposal__isnull=False),
            ),
            models.UniqueConstraint(
                fields=("person", "is_authoritys"),
                name="manual_case_one_found",
                condition=Q(proposal=None, closed_as=""),
            ),
            models.CheckConstraint(
                name="manual_case_authoritys_months",
                condition=Q(is_authoritys=False)
                | Q(opened_by__isnull=False, last_month__lt=APPLIED_FOR_FROM),
            ),
            models.UniqueConstraint(fields=("proposal", "person"), name="manual_case_person_once"),
        )

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} #{self.pk}"

    @property
    def last_day_to_apply(self) -> date:
        """Last day to apply for the first of its months (P-09)."""
        return last_day_to_apply(self.first_month)


class ManualResidenceQuerySet(models.QuerySet["ManualResidence"]):
    def visible_to(self, user: User) -> Self:
        """Allocations that the user may open: those who allocate and decide."""
        return for_roles(self, user, Role.REVIEWER, Role.APPROVER)

    def to_open(self) -> Self:
        """Decided allocations that no approved run knows: the next run's."""
        return self.filter(
            Q(opened_by=None) | ~Q(opened_by__status=RunStatus.APPROVED), is_standing=True
        )

    def to_close(self) -> Self:
        """Allocations that approved runs know and a later decision has replaced."""
        return self.filter(
            Q(closed_by=None) | ~Q(closed_by__status=RunStatus.APPROVED),
            opened_by__status=RunStatus.APPROVED,
            is_standing=False,
        )


class ManualResidence(models.Model):
    """An allocation: lived in the municipality from … to (inclusive), by evidence (C-39).

    It stands from its decision until a later decision replaces it. Runs know it from the one that
    opened it until the one that closed it.
    """

    case = models.ForeignKey(ManualCase, on_delete=models.PROTECT, related_name="residences")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="manual_residences")
    municipality = models.ForeignKey(
        Organisation, verbose_name=_("municipality"), on_delete=models.PROTECT, related_name="+"
    )
    moved_in = models.DateField(_("moved in"))
    moved_out = models.DateField(_("last day"))
    evidence = models.CharField(_("evidence"), max_length=1000)
    allocated_by = _somebody(_("allocated by"), null=False)
    is_standing = models.BooleanField(_("decided and in force"), default=False)
    opened_by = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="+", null=True)
    closed_by = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="+", null=True)

    objects = ManualResidenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("allocation")
        verbose_name_plural = _("allocations")
        ordering = ("case", "moved_in")
        constraints = (
            models.CheckConstraint(
                name="manual_residence_period",
                condition=Q(moved_out__gte=F("moved_in")) & ~Q(evidence=""),
            ),
            ExclusionConstraint(
                name="manual_residence_one_a_day",
                expressions=(
                    ("person", RangeOperators.EQUAL),
                    (DateRange("moved_in", "moved_out"), RangeOperators.OVERLAPS),
                ),
                condition=Q(is_standing=True),
            ),
            ExclusionConstraint(
                name="manual_residence_one_a_day_of_a_case",
                expressions=(
                    ("case", RangeOperators.EQUAL),
                    (DateRange("moved_in", "moved_out"), RangeOperators.OVERLAPS),
                ),
            ),
        )

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} #{self.pk}"


class Verdict(models.TextChoices):
    """What is proposed of a month of a payee."""

    GRANTED = "granted", _("granted")
    REFUSED = "refused", _("not compensated by law")
    LATE = "late", _("applied for too late")
    PAID_BEFORE = "paid", _("paid before")
    GRANTED_BEFORE = "before", _("granted before")
    ELSEWHERE = "elsewhere", _("allocated to another municipality")
    NOT_ALLOCATED = "nowhere", _("no municipality by the evidence")


class ManualMonthQuerySet(models.QuerySet["ManualMonth"]):
    def granted(self) -> Self:
        """Months that are to be paid."""
        return self.filter(verdict=Verdict.GRANTED)

    def to_settle(self, month: date) -> Self:
        """Months granted up to the month of a run that no approved run has settled: that run's."""
        return self.granted().filter(
            Q(settled_by=None) | ~Q(settled_by__status=RunStatus.APPROVED),
            case__proposal__status=ProposalStatus.DECIDED,
            benefit_month__lte=month,
        )


class ManualMonth(models.Model):
    """A benefit month of a case and a payee as it was proposed: what it comes to, or why not.

    The next run after the decision books what is due, and names itself in `settled_by`.
    """

    case = models.ForeignKey(ManualCase, on_delete=models.PROTECT, related_name="months")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    benefit_month = models.DateField(_("benefit month"))
    payee = models.ForeignKey(
        Organisation,
        verbose_name=_("payee"),
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
    )
    verdict = models.CharField(_("ruling"), max_length=9, choices=Verdict)
    outcome = models.CharField(_("outcome"), max_length=26, choices=Outcome)
    without_agreement = models.BooleanField(_("municipality without agreement"), default=False)
    is_reduced = models.BooleanField(_("at reduced rates"), default=False)
    amount_cents = models.PositiveIntegerField(_("amount, cents"), default=0)
    adult_cents = models.PositiveIntegerField(_("of it the adult component, cents"), default=0)
    settled_by = models.ForeignKey(
        Run,
        verbose_name=_("settled by the run"),
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
    )

    objects = ManualMonthQuerySet.as_manager()

    class Meta:
        verbose_name = _("month of a manual case")
        verbose_name_plural = _("months of manual cases")
        ordering = ("case", "benefit_month", "payee")
        constraints = (
            models.UniqueConstraint(
                fields=("case", "benefit_month", "payee"),
                name="manual_month_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="manual_month_granted_to_a_payee",
                condition=~Q(verdict="granted") | Q(payee__isnull=False, outcome="paid"),
            ),
            models.CheckConstraint(
                name="manual_month_settled_if_granted",
                condition=Q(settled_by=None) | Q(verdict="granted"),
            ),
        )

    def __str__(self) -> str:
        return f"{self.person_id} {self.benefit_month:%Y-%m} {self.payee_id}"

    @property
    def granted_cents(self) -> int:
        """What is granted of it, in cents."""
        return self.amount_cents if self.verdict == Verdict.GRANTED else 0

    @property
    def is_anothers(self) -> bool:
        """Whether it is another payee's, of which the applicant learns no more (P-08)."""
        return self.verdict == Verdict.ELSEWHERE

    @property
    def why_not(self) -> str:
        """Why it is not granted, as the applicant may read it; empty if it is."""
        if self.verdict != Verdict.REFUSED:
            return "" if self.verdict == Verdict.GRANTED else str(self.get_verdict_display())
        if self.outcome == Outcome.PAID:  # nothing due to this payee (C-23, C-27)
            return str(
                _("municipality without agreement") if self.without_agreement else _("no rate")
            )
        return str(self.get_outcome_display())


def last_day_to_apply(month: date) -> date:
    """Last day to apply for a benefit month: the end of the second year after its year (P-09)."""
    return date(month.year + 2, 12, 31)
