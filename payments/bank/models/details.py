"""Bank details of payees: proposed by one person, approved by another, dated, kept (P-05)."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from stdnum import iban

from registry.access.models import Role, User
from registry.access.rights import for_roles
from registry.models import Organisation


def grouped(number: str) -> str:
    """An account number or reference in groups of four, as people read it."""
    return str(iban.format(number)).replace(" ", "\N{NO-BREAK SPACE}")


class DetailsStatus(models.TextChoices):
    PROPOSED = "proposed", _("proposed")
    APPROVED = "approved", _("approved")
    REFUSED = "refused", _("refused")


class BankDetailsQuerySet(models.QuerySet["BankDetails"]):
    def visible_to(self, user: User) -> Self:
        """All details to those who keep them and to those who pay by them."""
        return for_roles(self, user, Role.COORDINATOR, Role.REVIEWER, Role.APPROVER)

    def proposed(self) -> Self:
        """Changes that wait for their second person."""
        return self.filter(status=DetailsStatus.PROPOSED)

    def in_force(self, day: date) -> Self:
        """The details by which each payee is paid on the day: the latest approved."""
        approved = BankDetails.objects.filter(status=DetailsStatus.APPROVED, valid_from__lte=day)
        later = approved.filter(payee=OuterRef("payee"), valid_from__gt=OuterRef("valid_from"))
        return self.filter(status=DetailsStatus.APPROVED, valid_from__lte=day).exclude(
            Exists(later)
        )


class BankDetails(models.Model):
    """An account of a payee in force from a day until the next approved one's.

    A decided row never changes; the database checks the IBAN's digits and the two persons.
    """

    payee = models.ForeignKey(
        Organisation, verbose_name=_("payee"), on_delete=models.PROTECT, related_name="bank_details"
    )
    business_id = models.CharField(_("business ID"), max_length=9)
    iban = models.CharField(_("IBAN"), max_length=18)
    bic = models.CharField(_("BIC"), max_length=11)
    valid_from = models.DateField(_("in force from"))
    source = models.CharField(
        _("source"),
        max_length=200,
        help_text=_("How the payee told of it: the letter or message, and its day."),
    )
    status = models.CharField(
        _("status"), max_length=8, choices=DetailsStatus, default=DetailsStatus.PROPOSED
    )
    proposed_by = models.ForeignKey(
        User, verbose_name=_("proposed by"), on_delete=models.PROTECT, related_name="+"
    )
    proposed_at = models.DateTimeField(_("proposed"))
    decided_by = models.ForeignKey(
        User, verbose_name=_("decided by"), on_delete=models.PROTECT, related_name="+", null=True
    )
    decided_at = models.DateTimeField(_("decided"), null=True)
    refusal = models.CharField(_("why it was refused"), max_length=200, blank=True)

    objects = BankDetailsQuerySet.as_manager()

    class Meta:
        verbose_name = _("bank details")
        verbose_name_plural = _("bank details")
        ordering = ("payee", "-valid_from", "-id")
        default_permissions = ("view",)
        constraints = (
            models.UniqueConstraint(
                fields=("payee",),
                name="bank_details_one_proposal",
                condition=Q(status=DetailsStatus.PROPOSED),
            ),
            models.UniqueConstraint(
                fields=("payee", "valid_from"),
                name="bank_details_one_a_day",
                condition=Q(status=DetailsStatus.APPROVED),
            ),
            models.CheckConstraint(
                name="bank_details_decided_by_someone",
                condition=Q(decided_by=None, decided_at=None, status=DetailsStatus.PROPOSED)
                | Q(decided_by__isnull=False, decided_at__isnull=False)
                & ~Q(status=DetailsStatus.PROPOSED),
            ),
            models.CheckConstraint(
                name="bank_details_refused_with_reason",
                condition=Q(refusal="") ^ Q(status=DetailsStatus.REFUSED),
            ),
            models.CheckConstraint(
                name="bank_details_shape",
                condition=Q(iban__regex=r"^FI[0-9]{16}$")
                & Q(bic__regex=r"^[A-Z]{4}FI[A-Z0-9]{2}([A-Z0-9]{3})?$")
                & Q(business_id__regex=r"^[0-9]{7}-[0-9]$"),
            ),
        )

    def __str__(self) -> str:
        return f"{self.payee} {self.iban_shown}"

    @property
    def iban_shown(self) -> str:
        """The account number as people read it."""
        return grouped(self.iban)
