"""The calendar of runs, for coordinators to keep."""

from __future__ import annotations

from django.contrib import admin

from config.lib.admin import Figures, table
from payments.calendar.models import RunCalendar

COLUMNS = ("list_day", "list_hour", "payment_day", "valid_from", "valid_to", "source")


@admin.register(RunCalendar)
class RunCalendarAdmin(Figures):
    list_display = COLUMNS
    resource_classes = (table(RunCalendar, key=("valid_from",), columns=COLUMNS),)
