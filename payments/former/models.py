"""What the former system paid by hand: imported from a file, approved by another, then kept (P-08).

The ledger begins with its first run (C-38). These payments are known beside it, so that what the
former system paid is not paid again.
"""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from payments.rates.models import Component
from payments.runs.models import Run, RunStatus
from registry.access.fields import somebody
from registry.access.models import Role, User
from registry.access.rights import for_roles
from registry.models import Organisation, Person


class FormerStatus(models.TextChoices):
    PROPOSED = "proposed", _("waits for approval")
    APPROVED = "approved", _("approved")
    REFUSED = "refused", _("refused")


class FormerImportQuerySet(models.QuerySet["FormerImport"]):
    def visible_to(self, user: User) -> Self:
        """Imports that the user may open: those who decide on persons."""
        return for_roles(self, user, Role.REVIEWER, Role.APPROVER)

    def to_open(self) -> Self:
        """Approved imports that no approved run knows: the next run's."""
        return self.filter(
            Q(opened_by=None) | ~Q(opened_by__status=RunStatus.APPROVED),
            status=FormerStatus.APPROVED,
        )


class FormerImport(models.Model):
    """A file of former payments whose sums agreed with the control totals; runs know it from one on."""

    status = models.CharField(_("status"), max_length=8, choices=FormerStatus)
    sha256 = models.CharField(_("hash of the file (SHA-256)"), max_length=64)
    rows = models.PositiveIntegerField(_("rows"))
    cents = models.BigIntegerField(_("sum, cents"))
    imported_by = somebody(_("imported by"))
    imported_at = models.DateTimeField(_("imported"))
    approved_by = somebody(_("approved by"), null=True)
    approved_at = models.DateTimeField(_("approved"), null=True)
    refused_because = models.CharField(_("refused because"), max_length=500, blank=True)
    opened_by = models.ForeignKey(
        Run,
        verbose_name=_("known from the run of"),
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
    )

    objects = FormerImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("import of former payments")
        verbose_name_plural = _("imports of former payments")
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("sha256",),
                name="former_import_file_once",
                condition=~Q(status="refused"),
            ),
            models.CheckConstraint(
                name="former_import_approved",
                condition=Q(approved_by__isnull=False, approved_at__isnull=False, status="approved")
                | Q(approved_by=None, approved_at=None, opened_by=None) & ~Q(status="approved"),
            ),
            models.CheckConstraint(
                name="former_import_refused",
                condition=Q(status="refused") & ~Q(refused_because="")
                | ~Q(status="refused") & Q(refused_because=""),
            ),
        )

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} #{self.pk}"


class FormerPaymentQuerySet(models.QuerySet["FormerPayment"]):
    def in_force(self) -> Self:
        """Payments of approved imports."""
        return self.filter(source__status=FormerStatus.APPROVED)


class FormerPayment(models.Model):
    """A row of a former ledger: what it paid for a person-month to a payee, by which decision."""

    source = models.ForeignKey(FormerImport, on_delete=models.PROTECT, related_name="payments")
    line = models.PositiveIntegerField(_("row of the file"))
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="former_payments")
    payee = models.ForeignKey(
        Organisation, verbose_name=_("payee"), on_delete=models.PROTECT, related_name="+"
    )
    benefit_month = models.DateField(_("benefit month"))
    component = models.CharField(_("component"), max_length=5, choices=Component)
    amount_cents = models.IntegerField(_("amount, cents"))
    decision_number = models.CharField(_("decision"), max_length=60)
    decided_on = models.DateField(_("decided"))

    objects = FormerPaymentQuerySet.as_manager()

    class Meta:
        verbose_name = _("former payment")
        verbose_name_plural = _("former payments")
        ordering = ("source", "line")
        constraints = (
            models.UniqueConstraint(fields=("source", "line"), name="former_payment_line_once"),
            models.CheckConstraint(
                name="former_payment_whole",
                condition=Q(benefit_month__day=1) & ~Q(amount_cents=0) & ~Q(decision_number=""),
            ),
        )

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} #{self.pk}"
