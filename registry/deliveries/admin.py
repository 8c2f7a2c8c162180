"""Deliveries, to look at; their refused rows are not the coordinators'."""

from __future__ import annotations

from django.contrib import admin

from config.lib.admin import Kept
from registry.deliveries.models import Delivery


@admin.register(Delivery)
class DeliveryAdmin(Kept):
    list_display = ("id", "kind", "received_at", "received_by")
    list_filter = ("kind",)
    list_select_related = ("received_by",)
