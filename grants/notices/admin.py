"""Notices by mail, to look at: which wait, which were sent, which were given up."""

from __future__ import annotations

from django.contrib import admin

from config.lib.admin import Kept
from grants.notices.models import Notice


@admin.register(Notice)
class NoticeAdmin(Kept):
    list_display = (
        "id", "code", "application", "recipient", "made_at", "attempts", "sent_at", "last_error",
    )  # fmt: skip
    list_filter = ("code", ("sent_at", admin.EmptyFieldListFilter))
    list_select_related = ("application", "recipient")
