"""Claimable entries, to look at."""

from __future__ import annotations

from django.contrib import admin

from payments.claims.models import ClaimableEntry
from registry.audit.admin import Watched


@admin.register(ClaimableEntry)
class ClaimableEntryAdmin(Watched):
    list_display = (
        "person", "benefit_month", "payee", "component", "amount_cents", "last_day_to_apply",
        "closed_by",
    )  # fmt: skip
    list_filter = ("component",)
    list_select_related = ("person", "payee", "closed_by")
    search_fields = ("=person__uma_number", "=payee__code")
