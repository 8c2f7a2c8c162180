"""Deliveries and their refused rows, to look at."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from config.lib.admin import Kept
from registry.deliveries.models import Delivery, RejectedRow


@admin.register(Delivery)
class DeliveryAdmin(Kept):
    list_display = ("id", "kind", "received_at", "received_by")
    list_filter = ("kind",)
    list_select_related = ("received_by",)


@admin.register(RejectedRow)
class RejectedRowAdmin(Kept):
    """Refused rows without their values, which may be identity codes."""

    list_display = ("delivery", "file", "line", "column", "masked_value", "reason")
    list_filter = ("file", "reason")
    list_select_related = ("delivery",)
    fields = ("delivery", "file", "line", "column", "masked_value", "reason")

    @admin.display(description=_("value"))
    def masked_value(self, row: RejectedRow) -> str:
        return "•••"
