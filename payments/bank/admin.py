"""Bank details, to look at; they are changed on pages of their own, by two people."""

from __future__ import annotations

from django.contrib import admin

from config.lib.admin import Kept
from payments.bank.models import BankDetails


@admin.register(BankDetails)
class BankDetailsAdmin(Kept):
    list_display = ("payee", "business_id", "iban", "bic", "valid_from", "status", "proposed_by")
    list_filter = ("status", "payee__kind")
    list_select_related = ("payee", "proposed_by")
    search_fields = ("payee__code", "payee__name_fi", "payee__name_sv", "=iban")
