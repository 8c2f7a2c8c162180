"""Grounds, for coordinators to keep; persons are not theirs."""

from __future__ import annotations

from django.contrib import admin

from config.lib.admin import Figures, table
from registry.people.models import Ground


@admin.register(Ground)
class GroundAdmin(Figures):
    list_display = ("code", "name_fi", "name_sv", "scope", "in_scope_from", "in_scope_to")
    list_filter = ("scope",)
    search_fields = ("code", "name_fi", "name_sv", "name_en")
    resource_classes = (
        table(
            Ground,
            key=("code",),
            columns=(
                "code", "name_fi", "name_sv", "name_en", "scope", "in_scope_from", "in_scope_to",
                "source",
            ),
        ),
    )  # fmt: skip
