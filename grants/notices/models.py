"""Mails that say that something waits, kept until they are sent; without addresses or content."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from grants.applications.models import Application

MOST_ATTEMPTS = 7


class NoticeCode(models.TextChoices):
    WAITS = "waits", _("something waits")
    COMPLETION_SOON = "completion_soon", _("completion to be answered soon")
    COMPLETION_PAST = "completion_past", _("completion not answered in time")
    HEARING_SOON = "hearing_soon", _("hearing to be answered soon")
    HEARING_PAST = "hearing_past", _("hearing not answered in time")
    NO_ANSWER = "no_answer", _("the applicant has not answered; the check can go on")


class NoticeQuerySet(models.QuerySet["Notice"]):
    def due(self, at: datetime) -> Self:
        """Notices to be tried now: not sent, not given up, their pause over."""
        return self.filter(sent_at=None, attempts__lt=MOST_ATTEMPTS, try_at__lte=at)


class Notice(models.Model):
    """A mail to somebody about an application, or about a page of another app.

    Where it goes is looked up when it is sent.

    A reminder has the day that it is of, and is stored once for it.
    """

    code = models.CharField(_("what it says"), max_length=20, choices=NoticeCode)
    application = models.ForeignKey(
        Application,
        verbose_name=_("application"),
        on_delete=models.PROTECT,
        related_name="notices",
        null=True,
        blank=True,
    )
    # The name of another app's address and the number in it: this app does not know its models.
    page = models.CharField(_("page"), max_length=40, blank=True)
    page_of = models.BigIntegerField(_("number of what the page shows"), null=True, blank=True)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("recipient"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("Empty: the application's contact person."),
    )
    language = models.CharField(_("language"), max_length=2)
    day = models.DateField(_("last day to answer"), null=True, blank=True)
    made_at = models.DateTimeField(_("made"))
    try_at = models.DateTimeField(_("to be tried at"))
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    # The class of the fault alone: what a mail server says may repeat the address.
    last_error = models.CharField(_("last fault"), max_length=60, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice by mail")
        verbose_name_plural = _("notices by mail")
        ordering = ("-pk",)
        default_permissions = ("view",)
        constraints = (
            models.UniqueConstraint(
                fields=("application", "code", "day", "recipient"),
                name="notice_reminds_once",
                condition=Q(day__isnull=False),
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="notice_of_a_day_is_a_reminder",
                condition=Q(code=NoticeCode.WAITS, day=None)
                | ~Q(code=NoticeCode.WAITS) & Q(day__isnull=False),
            ),
            models.CheckConstraint(
                name="notice_of_an_application_or_a_page",
                condition=Q(application__isnull=False, page="", page_of=None)
                | Q(application=None, page_of__isnull=False, recipient__isnull=False) & ~Q(page=""),
            ),
            models.CheckConstraint(
                name="notice_attempts",
                condition=Q(attempts__lte=MOST_ATTEMPTS)
                & (Q(sent_at=None) | Q(attempts__gte=1, last_error="")),
            ),
        )
        indexes = (
            models.Index(fields=("try_at",), name="notice_unsent", condition=Q(sent_at=None)),
        )

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} #{self.pk}"
