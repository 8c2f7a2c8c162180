"""Applications for a round's support, their steps, and what was asked to complete them (G, P-01)."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from grants.applications.states import EDITABLE, VOID, ApplicationStatus, Deed
from grants.rounds.models import Round, Support
from registry.access.models import Role, User
from registry.access.rights import own_organisations
from registry.models import Organisation

NOT_SENT = (ApplicationStatus.DRAFT, ApplicationStatus.WITHDRAWN)


class SupportApplicationQuerySet(models.QuerySet["Application"]):
    def visible_to(self, user: User) -> Self:
        """Applications that the user may open: staff those sent, an officer their organisation's."""
        if user.access.has(Role.REVIEWER, Role.APPROVER):
            return self.sent()
        return self.filter(applicant__in=own_organisations(user))

    def sent(self) -> Self:
        """Applications that the authority has received, whatever came of them."""
        return self.filter(submitted_at__isnull=False)

    def counted(self) -> Self:
        """Those of them that still count: neither withdrawn nor replaced by a newer one."""
        return self.sent().exclude(status__in=VOID)


def _person(label: Any, *, null: bool = False) -> models.ForeignKey[Any, Any]:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=label,
        on_delete=models.PROTECT,
        related_name="+",
        null=null,
        blank=null,
    )


class Application(models.Model):
    """An organisation's application in a round; its state is where its last step led (trigger).

    What the applicant says is changed only while it is a draft or a completion is asked for.
    """

    round = models.ForeignKey(
        Round, verbose_name=_("round"), on_delete=models.PROTECT, related_name="applications"
    )
    # The round's, for the rule of one application (G-02); filled by a trigger.
    support = models.CharField(_("support"), max_length=12, choices=Support, editable=False)
    applicant = models.ForeignKey(
        Organisation,
        verbose_name=_("applicant"),
        on_delete=models.PROTECT,
        related_name="applications",
    )
    status = models.CharField(
        _("status"),
        max_length=20,
        choices=ApplicationStatus,
        default=ApplicationStatus.DRAFT,
    )
    # Counts the applicant's saves: whoever saves says which one they saw.
    version = models.PositiveIntegerField(_("version"), default=1)
    replaces = models.ForeignKey(
        "self",
        verbose_name=_("replaces"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="replaced_by",
    )

    contact_name = models.CharField(_("contact person"), max_length=100, blank=True)
    contact_email = models.EmailField(_("e-mail"), blank=True)
    contact_phone = models.CharField(_("telephone"), max_length=30, blank=True)
    language = models.CharField(
        _("language of the decision"),
        max_length=2,
        choices={"fi": _("Finnish"), "sv": _("Swedish")},
        default="fi",
    )
    # G-13: declared by the applicant, checked by the reviewer.
    has_agreement = models.BooleanField(_("agreement and programme in force"), default=False)
    committed_persons = models.PositiveSmallIntegerField(
        _("persons committed to in the calendar year"), null=True, blank=True
    )
    # The salary grant: who works with refugees already, and up to what sum costs are applied for.
    worker_name = models.CharField(_("employee"), max_length=100, blank=True)
    worker_title = models.CharField(_("employee's title"), max_length=100, blank=True)
    ceiling_eur = models.DecimalField(
        _("ceiling applied for, EUR"), max_digits=9, decimal_places=2, null=True, blank=True
    )
    is_correct = models.BooleanField(_("what is said is correct"), default=False)

    # The number is given when it is sent, running by the year.
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    serial = models.PositiveIntegerField(_("number in the year"), null=True, blank=True)
    submitted_at = models.DateTimeField(_("sent"), null=True, blank=True)
    submitted_by = _person(_("sent by"), null=True)
    is_late = models.BooleanField(_("late"), default=False)
    content_hash = models.CharField(_("hash of what was sent"), max_length=64, blank=True)
    created_at = models.DateTimeField(_("begun"))
    created_by = _person(_("begun by"))
    saved_at = models.DateTimeField(_("saved"), null=True, blank=True)
    saved_by = _person(_("saved by"), null=True)

    objects = SupportApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("application for support")
        verbose_name_plural = _("applications for support")
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(fields=("year", "serial"), name="application_number"),
            # G-02: urgent support alone may be applied for several times in a round.
            models.UniqueConstraint(
                fields=("round", "applicant"),
                name="application_one_sent",
                condition=~Q(status__in=[ApplicationStatus.DRAFT, *VOID])
                & ~Q(support=Support.URGENT)
                & ~Q(submitted_at=None),
            ),
            models.UniqueConstraint(
                fields=("round", "applicant"),
                name="application_one_draft",
                condition=Q(status=ApplicationStatus.DRAFT) & ~Q(support=Support.URGENT),
            ),
            models.CheckConstraint(
                name="application_sent_whole",
                condition=Q(submitted_at=None, submitted_by=None, year=None, serial=None)
                | Q(
                    submitted_at__isnull=False,
                    submitted_by__isnull=False,
                    year__isnull=False,
                    serial__gte=1,
                    content_hash__regex="^[0-9a-f]{64}$",
                    is_correct=True,
                ),
            ),
            models.CheckConstraint(
                name="application_sent_before_it_is_handled",
                condition=Q(submitted_at__isnull=False) | Q(status__in=NOT_SENT),
            ),
            models.CheckConstraint(
                name="application_draft_is_not_sent",
                condition=Q(submitted_at=None) | ~Q(status=ApplicationStatus.DRAFT),
            ),
            models.CheckConstraint(
                name="application_sent_after_it_is_begun",
                condition=Q(submitted_at=None) | Q(submitted_at__gte=F("created_at")),
            ),
        )

    def __str__(self) -> str:
        return self.number or f"{self._meta.verbose_name} #{self.pk}"

    @property
    def number(self) -> str:
        """The number as it is written, `HAK/17/2026`; none before it is sent."""
        return f"HAK/{self.serial}/{self.year}" if self.serial else ""

    @property
    def case_ref(self) -> str:
        """What the logs call the case."""
        return f"application {self.pk}"

    @property
    def status_told(self) -> str:
        """The state as the applicant is told it: what is proposed is still in check for them."""
        hidden = self.status == ApplicationStatus.PROPOSED
        return str(
            ApplicationStatus.IN_CHECK.label if hidden else ApplicationStatus(self.status).label
        )

    @property
    def is_editable(self) -> bool:
        """Whether the applicant may change what it says."""
        return self.status in EDITABLE


class ApplicationStep(models.Model):
    """What was done with an application, by whom and when; only added to.

    Adding one is the only way to another state: the trigger looks whether the deed may be done in
    the state the application is in, and that `status` is where it leads.
    """

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="steps")
    deed = models.CharField(_("what was done"), max_length=12, choices=Deed)
    status = models.CharField(_("status after it"), max_length=20, choices=ApplicationStatus)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("user"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text=_("Empty: the system itself."),
    )
    at = models.DateTimeField(_("time"), db_default=Now())
    # Shown to the applicant; no personal data.
    note = models.CharField(_("note"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("step of an application")
        verbose_name_plural = _("steps of applications")
        ordering = ("pk",)
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.application_id} {self.deed}"


class ReceiptQuerySet(models.QuerySet["Receipt"]):
    def visible_to(self, user: User) -> Self:
        """Receipts of applications that the user may open."""
        return self.filter(application__in=Application.objects.visible_to(user))


class Receipt(models.Model):
    """What was sent, as a document made in that moment and kept; never made again."""

    application = models.OneToOneField(
        Application, on_delete=models.PROTECT, related_name="receipt"
    )
    language = models.CharField(_("language"), max_length=2)
    content = models.BinaryField(_("content"))
    content_hash = models.CharField(_("SHA-256"), max_length=64)

    objects = ReceiptQuerySet.as_manager()

    class Meta:
        verbose_name = _("receipt of an application")
        verbose_name_plural = _("receipts of applications")
        default_permissions = ("view",)

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name of the file, by the application's number."""
        return f"HAK-{self.application.serial}-{self.application.year}.pdf"


class CompletionRequest(models.Model):
    """What the reviewer asks to be completed and until when, and the applicant's answer."""

    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, related_name="completion_requests"
    )
    asked = models.TextField(_("what is missing"), max_length=4000)
    asked_by = _person(_("asked by"))
    asked_at = models.DateTimeField(_("asked"))
    answer_by = models.DateField(_("last day to answer"))
    answer = models.TextField(_("answer"), max_length=4000, blank=True)
    answered_by = _person(_("answered by"), null=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    # The reviewer may go on without an answer.
    closed_at = models.DateTimeField(_("closed without an answer"), null=True, blank=True)

    class Meta:
        verbose_name = _("completion request")
        verbose_name_plural = _("completion requests")
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("application",),
                name="completion_one_open",
                condition=Q(answered_at=None, closed_at=None),
            ),
            models.CheckConstraint(
                name="completion_answered_whole",
                condition=Q(answer="", answered_by=None, answered_at=None)
                | Q(
                    answer__regex=r"\S",
                    answered_by__isnull=False,
                    answered_at__isnull=False,
                    closed_at=None,
                ),
            ),
        )

    def __str__(self) -> str:
        return f"{self.application_id} {self.answer_by}"
