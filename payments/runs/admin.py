"""Runs and their proposals, to look at."""

from __future__ import annotations

from django.contrib import admin

from config.lib.admin import Kept
from payments.ledger.models import Proposal
from payments.runs.models import Run


@admin.register(Run)
class RunAdmin(Kept):
    list_display = ("month", "status", "created_at", "prepared_by", "checked_by", "approved_by")
    list_filter = ("status",)
    list_select_related = ("prepared_by", "checked_by", "approved_by")


@admin.register(Proposal)
class ProposalAdmin(Kept):
    list_display = ("run", "payee", "persons", "amount_cents", "payable_cents", "recovery_cents")
    list_filter = ("run", "payee__kind")
    list_select_related = ("run", "payee")
    search_fields = ("payee__code", "payee__name_fi", "payee__name_sv")
