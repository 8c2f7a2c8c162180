"""Applications for persons that are not sent yet, as their lists were read (P-08)."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from payments.cases.drafts.columns import EVIDENCE_LENGTH
from registry.access.models import User
from registry.access.rights import own_organisations
from registry.models import Organisation
from registry.people.models import UMA_NUMBER_LENGTH


class ManualDraftQuerySet(models.QuerySet["ManualDraft"]):
    def visible_to(self, user: User) -> Self:
        """Drafts of the organisation acted for; nobody else's, whatever their role."""
        return self.filter(applicant__in=own_organisations(user))


class ManualDraft(models.Model):
    """A list of persons that was read without a fault; gone once it is sent or removed."""

    applicant = models.ForeignKey(
        Organisation, verbose_name=_("applicant"), on_delete=models.PROTECT, related_name="+"
    )
    sha256 = models.CharField(_("hash of the file (SHA-256)"), max_length=64)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("sent by"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    made_at = models.DateTimeField(_("sent"))

    objects = ManualDraftQuerySet.as_manager()

    class Meta:
        verbose_name = _("draft of an application for persons")
        verbose_name_plural = _("drafts of applications for persons")
        ordering = ("-pk",)
        constraints = (
            models.CheckConstraint(
                name="manual_draft_hash", condition=Q(sha256__regex=r"^[0-9a-f]{64}$")
            ),
        )

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} #{self.pk}"


def _number(label: Any, length: int) -> models.CharField[str, str]:
    return models.CharField(label, max_length=length, blank=True)


class DraftPerson(models.Model):
    """A person of a draft, as the list said, with the row of the sheet."""

    draft = models.ForeignKey(ManualDraft, on_delete=models.CASCADE, related_name="persons")
    line = models.PositiveIntegerField(_("row"))
    uma_number = _number(_("UMA customer number"), UMA_NUMBER_LENGTH)
    permit_number = _number(_("permit number"), 40)
    family_name = _number(_("family name"), 200)
    given_names = _number(_("given names"), 200)
    birth_date = models.DateField(_("birth date"), null=True, blank=True)
    first_month = models.DateField(_("from"))
    last_month = models.DateField(_("to"))
    evidence = models.CharField(_("evidence"), max_length=EVIDENCE_LENGTH)

    class Meta:
        verbose_name = _("person of a draft")
        verbose_name_plural = _("persons of drafts")
        ordering = ("draft", "line")
        constraints = (
            models.UniqueConstraint(fields=("draft", "line"), name="draft_person_line"),
            models.CheckConstraint(
                name="draft_person_months",
                condition=Q(
                    first_month__day=1, last_month__day=1, last_month__gte=F("first_month")
                ),
            ),
            models.CheckConstraint(
                name="draft_person_said",
                condition=~Q(evidence="")
                & (
                    ~Q(uma_number="")
                    | ~Q(permit_number="")
                    | (~Q(family_name="") & ~Q(given_names="") & Q(birth_date__isnull=False))
                ),
            ),
        )

    def __str__(self) -> str:
        return f"{self.draft_id} {self.line}"
