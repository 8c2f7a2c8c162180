"""Runs (C-29, C-36, C-37): what a month's run rests on, its parts, whose history it looks at."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q, Value
from django.utils.translation import gettext_lazy as _

from config.lib.months import Month
from registry.access.models import Role, User
from registry.access.rights import for_roles
from registry.models import Delivery, Person


class RunStatus(models.TextChoices):
    COMPUTING = "computing", _("being computed")
    DRAFT = "draft", _("draft")
    CHECKED = "checked", _("checked")
    APPROVED = "approved", _("approved")


class RunQuerySet(models.QuerySet["Run"]):
    def visible_to(self, user: User) -> Self:
        """Runs that the user may open: their sums, persons apart."""
        return for_roles(self, user, Role.REVIEWER, Role.APPROVER, Role.COORDINATOR)

    def approved(self) -> Self:
        """Runs whose lines are the ledger."""
        return self.filter(status=RunStatus.APPROVED)

    def computed(self) -> Self:
        """Runs whose lines stand, approved or not."""
        return self.exclude(status=RunStatus.COMPUTING)

    def open(self) -> Self:
        """The run being worked on, if any (C-37)."""
        return self.exclude(status=RunStatus.APPROVED)


class Run(models.Model):
    """The automatic run of a month: what should have been paid less what was booked (C-29)."""

    month = models.DateField(_("month"), unique=True)
    status = models.CharField(
        _("status"), max_length=10, choices=RunStatus, default=RunStatus.COMPUTING
    )
    # What the run rests on: the register as known after this delivery, the figures, the rules.
    delivery = models.ForeignKey(
        Delivery, verbose_name=_("delivery"), on_delete=models.PROTECT, related_name="+"
    )
    # {"2025-01": hash, …}: the figures in force for each month the run looked at.
    figures = models.JSONField(_("hashes of the figures by month"), default=dict)
    input_hash = models.CharField(_("input hash"), max_length=64)
    lines_hash = models.CharField(_("hash of the lines"), max_length=64, blank=True)
    created_at = models.DateTimeField(_("computed"))
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("prepared by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("checked by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    checked_at = models.DateTimeField(_("checked"), null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("approved by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True)

    objects = RunQuerySet.as_manager()

    class Meta:
        verbose_name = _("run")
        verbose_name_plural = _("runs")
        ordering = ("-month",)
        constraints = (
            models.CheckConstraint(name="run_month_first_day", condition=Q(month__day=1)),
            models.UniqueConstraint(
                Value(1), name="run_one_open", condition=~Q(status=RunStatus.APPROVED)
            ),
            models.CheckConstraint(
                name="run_checked_by_someone",
                condition=Q(checked_by__isnull=False, checked_at__isnull=False)
                | Q(status__in=[RunStatus.COMPUTING, RunStatus.DRAFT]),
            ),
            models.CheckConstraint(
                name="run_approved_by_someone",
                condition=Q(approved_by__isnull=False, approved_at__isnull=False)
                | ~Q(status=RunStatus.APPROVED),
            ),
            models.CheckConstraint(
                name="run_order_of_steps",
                condition=Q(checked_at=None) | Q(checked_at__gte=F("created_at")),
            ),
            models.CheckConstraint(
                name="run_approved_after_check",
                condition=Q(approved_at=None) | Q(approved_at__gte=F("checked_at")),
            ),
        )

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"


def case_of(month: date | Month) -> str:
    """What the access log calls the case of a run."""
    return f"run {month:%Y-%m}" if isinstance(month, date) else f"run {month}"


class RunChunk(models.Model):
    """A range of persons computed in one transaction: `first_person` ≤ id < `end_person`."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="chunks")
    number = models.PositiveIntegerField()
    first_person = models.BigIntegerField()
    end_person = models.BigIntegerField()
    done_at = models.DateTimeField(null=True)
    assessments = models.PositiveIntegerField(default=0)
    lines = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("run", "number")
        constraints = (
            models.UniqueConstraint(fields=("run", "number"), name="run_chunk_number"),
            models.CheckConstraint(
                name="run_chunk_range", condition=Q(end_person__gt=F("first_person"))
            ),
        )

    def __str__(self) -> str:
        return f"{self.run} {self.number}"


class RunHistory(models.Model):
    """A person whose earlier months the run looked at again, because a fact changed (C-29)."""

    pk = models.CompositePrimaryKey("run", "person")
    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="history", db_index=False)
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )

    def __str__(self) -> str:
        return f"{self.run} {self.person_id}"
