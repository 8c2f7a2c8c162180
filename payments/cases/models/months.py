"""Months of cases as they are proposed: what each comes to for a payee, or why not."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from payments.cases.models.cases import ManualCase
from payments.cases.models.proposals import ProposalStatus
from payments.ledger.models import Outcome
from payments.runs.models import Run, RunStatus
from registry.models import Organisation, Person


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
