"""When a month's list is formed and when it is paid, as dated data."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from config.lib.months import Month
from registry.organisations.models import DateRange


class RunCalendarQuerySet(models.QuerySet["RunCalendar"]):
    def in_force(self, day: date) -> Self:
        """The calendar whose validity covers the day."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gte=day), valid_from__lte=day)


class RunCalendar(models.Model):
    """Day and hour on which a month's list is formed, and day on which it is paid.

    Hours are Finnish time; days are of the month itself, at most 28 so that every month has them.
    """

    list_day = models.PositiveSmallIntegerField(_("list formed on day"), default=10)
    list_hour = models.PositiveSmallIntegerField(_("list formed at hour"), default=6)
    payment_day = models.PositiveSmallIntegerField(_("paid on day"), default=20)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=100)

    objects = RunCalendarQuerySet.as_manager()

    class Meta:
        verbose_name = _("calendar of runs")
        verbose_name_plural = _("calendars of runs")
        ordering = ("valid_from",)
        constraints = (
            models.CheckConstraint(
                name="run_calendar_validity", condition=Q(valid_to__gte=F("valid_from"))
            ),
            models.CheckConstraint(
                name="run_calendar_days",
                condition=Q(
                    list_day__range=(1, 28), payment_day__range=(1, 28), list_hour__range=(0, 23)
                )
                & Q(payment_day__gt=F("list_day")),
            ),
            ExclusionConstraint(
                name="run_calendar_one_a_day",
                expressions=((DateRange("valid_from", "valid_to"), RangeOperators.OVERLAPS),),
            ),
        )

    def __str__(self) -> str:
        return f"{self.list_day}. – {self.payment_day}."

    def list_formed_at(self, month: Month) -> datetime:
        """When the list of a month is formed."""
        day = month.first_day.replace(day=self.list_day)
        return timezone.make_aware(datetime.combine(day, time(self.list_hour)))

    def paid_on(self, month: Month) -> date:
        """The day a month is paid."""
        return month.first_day.replace(day=self.payment_day)
