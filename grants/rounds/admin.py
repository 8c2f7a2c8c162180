"""Support rounds with their amounts and grounds, for coordinators to keep."""

from __future__ import annotations

from django.contrib import admin

from config.lib.admin import Figures, Reference, table
from grants.rounds.models import Round, RoundAmount, RoundGround
from registry.models import Ground


@admin.register(Round)
class RoundAdmin(Figures):
    list_display = ("code", "support", "arrivals_from", "arrivals_to", "opens", "closes", "status")
    list_filter = ("support", "status")
    search_fields = ("code",)
    resource_classes = (
        table(
            Round,
            key=("code",),
            columns=(
                "code", "support", "arrivals_from", "arrivals_to", "opens", "closes",
                "closes_extended_from", "extension_decided_on", "status", "rules_by",
                "min_committed_persons", "source",
            ),
        ),
    )  # fmt: skip


@admin.register(RoundAmount)
class RoundAmountAdmin(Figures):
    list_display = ("round", "applicant_kind", "min_age", "max_age", "amount_eur", "source")
    list_filter = ("round", "applicant_kind")
    resource_classes = (
        table(
            RoundAmount,
            key=("round", "applicant_kind", "min_age"),
            columns=("round", "applicant_kind", "min_age", "max_age", "amount_eur", "source"),
            round=Reference(Round),
        ),
    )


@admin.register(RoundGround)
class RoundGroundAdmin(Figures):
    list_display = ("round", "ground", "note")
    list_filter = ("round",)
    list_select_related = ("round", "ground")
    resource_classes = (
        table(
            RoundGround,
            key=("round", "ground"),
            columns=("round", "ground", "note"),
            round=Reference(Round),
            ground=Reference(Ground),
        ),
    )
