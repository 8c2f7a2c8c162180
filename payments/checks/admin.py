"""The limits of the checks, for coordinators to keep."""

from __future__ import annotations

from django.contrib import admin

from config.lib.admin import Figures, table
from payments.checks.models import CheckLimit

COLUMNS = ("kind", "limit", "least", "valid_from", "valid_to", "source")


@admin.register(CheckLimit)
class CheckLimitAdmin(Figures):
    list_display = COLUMNS
    list_filter = ("kind",)
    resource_classes = (table(CheckLimit, key=("kind", "valid_from"), columns=COLUMNS),)
