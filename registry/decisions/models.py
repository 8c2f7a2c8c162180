"""Decisions and their documents, whatever they decide (P-02, P-04).

A decision is made once; only that it has been served is added later. Its documents are stored as
they were made, with their hash, and never made again.
"""

from __future__ import annotations

from datetime import date
from hashlib import sha256
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from registry.access.models import Role, User
from registry.access.rights import own_organisations
from registry.organisations.models import Organisation


class Remedy(models.TextChoices):
    """What the recipient may do who does not accept the decision (P-04)."""

    RECTIFICATION = "rectification", _("rectification claim")
    COURT = "court", _("appeal to the administrative court")


class Service(models.TextChoices):
    """How a decision reached its recipient, by which the day of service is reckoned (P-04)."""

    FETCHED = "fetched", _("fetched in the service")
    MESSAGE = "message", _("ordinary e-message, on the third day")
    LETTER = "letter", _("letter to an authority, on the day of arrival")


class DecisionQuerySet(models.QuerySet["Decision"]):
    def visible_to(self, user: User) -> Self:
        """Decisions that the user may open: staff all, an officer those given to theirs."""
        if user.access.has(Role.REVIEWER, Role.APPROVER):
            return self
        return self.filter(recipient__in=own_organisations(user))


class Decision(models.Model):
    """A decision: its number, running by year, who gave it to whom, what it comes to (P-02)."""

    year = models.PositiveSmallIntegerField(_("year"))
    serial = models.PositiveIntegerField(_("number in the year"))
    decided_on = models.DateField(_("decided"))
    recipient = models.ForeignKey(
        Organisation,
        verbose_name=_("recipient"),
        on_delete=models.PROTECT,
        related_name="decisions",
    )
    case_ref = models.CharField(_("case"), max_length=40)
    amount_cents = models.BigIntegerField(_("amount, cents"))
    presenter = models.ForeignKey(
        User, verbose_name=_("presenter"), on_delete=models.PROTECT, related_name="+"
    )
    approver = models.ForeignKey(
        User, verbose_name=_("approver"), on_delete=models.PROTECT, related_name="+"
    )
    content_hash = models.CharField(_("hash of what was approved"), max_length=64)
    remedy = models.CharField(_("remedy"), max_length=13, choices=Remedy)
    service = models.CharField(_("served by"), max_length=7, choices=Service, blank=True)
    served_on = models.DateField(_("served"), null=True)
    remedy_until = models.DateField(_("last day for the remedy"), null=True)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ("-year", "-serial")
        constraints = (
            models.UniqueConstraint(fields=("year", "serial"), name="decision_number"),
            models.CheckConstraint(
                name="decision_year", condition=Q(decided_on__year=F("year")) & Q(serial__gte=1)
            ),
            models.CheckConstraint(
                name="decision_two_people", condition=~Q(presenter=F("approver"))
            ),
            models.CheckConstraint(
                name="decision_served_whole",
                condition=Q(service="", served_on=None, remedy_until=None)
                | (
                    ~Q(service="")
                    & Q(served_on__gte=F("decided_on"), remedy_until__gt=F("served_on"))
                ),
            ),
        )

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """The number as it is written: `KEHA/1234/2026`."""
        return f"KEHA/{self.serial}/{self.year}"

    @property
    def is_served(self) -> bool:
        """Whether the recipient has it."""
        return self.served_on is not None


def remedy_on(day: date) -> Remedy:
    """What a decision on the calculated compensation offers: until 31.12.2024 the court (P-04)."""
    return Remedy.RECTIFICATION if day >= date(2025, 1, 1) else Remedy.COURT


class DecisionDocument(models.Model):
    """A document of a decision as it was made: its bytes, and their hash."""

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="documents")
    kind = models.SlugField(_("document"), max_length=20)
    form = models.CharField(_("form"), max_length=4, choices={"pdf": "PDF", "xlsx": "Excel"})
    language = models.CharField(_("language"), max_length=2)
    content = models.BinaryField(_("content"))
    content_hash = models.CharField(_("SHA-256"), max_length=64)
    made_at = models.DateTimeField(_("made"))

    class Meta:
        verbose_name = _("document of a decision")
        verbose_name_plural = _("documents of decisions")
        default_permissions = ("view",)
        constraints = (
            models.UniqueConstraint(
                fields=("decision", "kind", "form", "language"), name="decision_document_once"
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name of the file: number and kind, never a person's."""
        number = f"KEHA-{self.decision.serial}-{self.decision.year}"
        return f"{number}-{self.kind}-{self.language}.{self.form}"

    @property
    def is_whole(self) -> bool:
        """Whether the bytes are still those of the hash."""
        return sha256(self.content).hexdigest() == self.content_hash
