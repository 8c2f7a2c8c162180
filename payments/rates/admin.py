"""The law's figures, for coordinators to keep."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from config.lib.admin import Figures, table
from payments.rates.models import Citation, Duration, Rate, ReferenceRate

# What the trigger on rates says (payments/migrations).
REFUSALS = {
    r"An approved run has used this rate for (?P<month>\d{4}-\d{2})": _(
        "An approved run has used this rate for %(month)s: it can only end after that month. "
        "Add a new row with a new validity."
    )
}


@admin.register(Rate)
class RateAdmin(Figures):
    list_display = (
        "payee_kind", "region", "component", "route", "min_age", "max_age", "annual_eur",
        "valid_from", "valid_to",
    )  # fmt: skip
    list_filter = ("route", "payee_kind", "region", "component", "valid_from")
    refusals = REFUSALS
    resource_classes = (
        table(
            Rate,
            key=(
                "benefit", "route", "payee_kind", "region", "component", "min_age", "valid_from",
            ),
            columns=(
                "benefit", "route", "payee_kind", "region", "component", "min_age", "max_age",
                "annual_eur", "valid_from", "valid_to", "source",
            ),
            refusals=REFUSALS,
        ),
    )  # fmt: skip


@admin.register(Duration)
class DurationAdmin(Figures):
    list_display = ("group", "clock_from", "clock_to", "years", "source")
    list_filter = ("group",)
    resource_classes = (
        table(
            Duration,
            key=("group", "clock_from"),
            columns=("group", "clock_from", "clock_to", "years", "source"),
        ),
    )


@admin.register(Citation)
class CitationAdmin(Figures):
    list_display = ("code", "benefit_from", "benefit_to", "citation_fi", "citation_sv")
    search_fields = ("code", "citation_fi", "citation_sv")
    resource_classes = (
        table(
            Citation,
            key=("code", "benefit_from"),
            columns=("code", "benefit_from", "benefit_to", "citation_fi", "citation_sv"),
        ),
    )


@admin.register(ReferenceRate)
class ReferenceRateAdmin(Figures):
    list_display = ("valid_from", "valid_to", "reference_rate_percent", "late_payment_percent")
    resource_classes = (
        table(
            ReferenceRate,
            key=("valid_from",),
            columns=(
                "valid_from", "valid_to", "reference_rate_percent", "late_payment_percent",
                "source",
            ),
        ),
    )  # fmt: skip
