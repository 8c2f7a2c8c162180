"""Runs (C-29, C-36, C-37): what a month's run rests on, its parts, its steps, its history."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from config.lib.months import Month
from registry.access.models import Role, User
from registry.access.rights import for_roles
from registry.models import Delivery, Person, PersonLink


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
    # Version of the statements; a part is only computed by code of the same version.
    version = models.CharField(max_length=64, default="", editable=False)
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
                name="run_draft_is_unchecked",
                condition=Q(checked_by=None, checked_at=None)
                | Q(status__in=[RunStatus.CHECKED, RunStatus.APPROVED]),
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


ATTEMPTS = 5  # to compute a part, before it is set aside


class RunChunk(models.Model):
    """A range of persons computed in one transaction: `first_person` ≤ id < `end_person`.

    Whoever computes it holds a lease, renewed while they live and lapsing when they do not. Each
    lease is another attempt, and its number the token under which the work may be handed in.
    """

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="chunks")
    number = models.PositiveIntegerField()
    first_person = models.BigIntegerField()
    end_person = models.BigIntegerField()
    attempt = models.PositiveIntegerField(default=0)
    attempts_allowed = models.PositiveIntegerField(default=ATTEMPTS)
    held_by = models.CharField(max_length=100, blank=True)  # machine and process
    held_until = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    set_aside_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=200, blank=True)  # never with data of persons
    assessments = models.PositiveIntegerField(default=0)
    lines = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("run", "number")
        constraints = (
            models.UniqueConstraint(fields=("run", "number"), name="run_chunk_number"),
            models.CheckConstraint(
                name="run_chunk_range", condition=Q(end_person__gt=F("first_person"))
            ),
            models.CheckConstraint(
                name="run_chunk_one_end", condition=Q(done_at=None) | Q(set_aside_at=None)
            ),
            models.CheckConstraint(
                name="run_chunk_set_aside_says_why", condition=Q(set_aside_at=None) | ~Q(error="")
            ),
        )

    def __str__(self) -> str:
        return f"{self.run} {self.number}"


class Deed(models.TextChoices):
    """What was done with a run."""

    STARTED = "started", _("started")
    COMPUTED = "computed", _("computed")
    RETRIED = "retried", _("parts tried again")
    CHECKED = "checked", _("checked")
    RETURNED = "returned", _("returned to draft")
    APPROVED = "approved", _("approved")
    CANCELLED = "cancelled", _("cancelled")
    REPLACED = "replaced", _("computed again")


class RunStep(models.Model):
    """What was done with a month's run, by whom and why; only added to, and outlives the run.

    A run cannot be deleted, nor a check taken back, without its step (trigger).
    """

    month = models.DateField(_("month"))
    run_id = models.BigIntegerField()
    deed = models.CharField(_("what was done"), max_length=9, choices=Deed)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("user"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text=_("Empty: the system itself."),
    )
    at = models.DateTimeField(_("time"), db_default=Now())
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    input_hash = models.CharField(_("input hash"), max_length=64)
    lines_hash = models.CharField(_("hash of the lines"), max_length=64, blank=True)

    class Meta:
        verbose_name = _("step of a run")
        verbose_name_plural = _("steps of runs")
        ordering = ("-pk",)
        default_permissions = ("view",)
        indexes = (models.Index(fields=("month",), name="run_step_month"),)
        constraints = (
            models.CheckConstraint(
                name="run_step_says_who_and_why",
                condition=~Q(deed__in=[Deed.RETURNED, Deed.CANCELLED])
                | (Q(by__isnull=False) & Q(reason__regex=r"\S")),
            ),
        )

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.deed}"


class RunHistory(models.Model):
    """A person whose earlier months the run looked at again, because a fact changed (C-29)."""

    pk = models.CompositePrimaryKey("run", "person")
    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="history", db_index=False)
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )

    def __str__(self) -> str:
        return f"{self.run} {self.person_id}"


class RunLink(models.Model):
    """A link of two numbers that the run knew: it assessed the joined number's facts as the person's."""

    pk = models.CompositePrimaryKey("run", "link")
    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="links", db_index=False)
    link = models.ForeignKey(PersonLink, on_delete=models.PROTECT, related_name="runs")

    def __str__(self) -> str:
        return f"{self.run} {self.link_id}"
