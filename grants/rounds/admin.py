"""Support rounds with their amounts and grounds, and budget frames, for coordinators to keep."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from config.lib.admin import Figures, Reference, table
from config.lib.money import finnish
from grants.decisions.frames import with_figures
from grants.rounds.models import BudgetFrame, Round, RoundAmount, RoundGround
from grants.rounds.services import RoundRefused, round_copy
from registry.models import Ground

# What the database says (grants/migrations).
REFUSALS = {
    r"Applications sent in the round (?P<code>\S+) rest on it": _(
        "Applications have been sent in the round %(code)s: what they rest on stands. Its window "
        "can be extended, and its status, budget frame and guidance changed."
    ),
    "round_extension_whole": _(
        "An extension needs both the former last day, which is before the new one, and the day it "
        "was decided on."
    ),
    r"The frame of (?P<year>\d+) has been committed beyond this": _(
        "More than this has been decided of the frame of %(year)s (P-06)."
    ),
    "round_amount_one_an_age": _("Another amount covers some of these ages."),
}


@admin.register(Round)
class RoundAdmin(Figures):
    list_display = ("code", "support", "arrivals_from", "arrivals_to", "opens", "closes", "status")
    list_filter = ("support", "status")
    search_fields = ("code",)
    actions = ("copy",)
    refusals = REFUSALS
    resource_classes = (
        table(
            Round,
            key=("code",),
            columns=(
                "code", "support", "arrivals_from", "arrivals_to", "opens", "closes",
                "closes_extended_from", "extension_decided_on", "status", "rules_by",
                "min_committed_persons", "source", "template_version", "frame", "guidance_fi",
                "guidance_sv", "provisions_fi", "provisions_sv",
            ),
            refusals=REFUSALS,
            frame=Reference(BudgetFrame, "programme_year"),
        ),
    )  # fmt: skip

    @admin.action(description=_("Copy as next year's round"))
    def copy(self, request: HttpRequest, rounds: QuerySet[Round]) -> None:
        """Make drafts of next year's rounds."""
        for last in rounds:
            try:
                new = round_copy(last)
            except RoundRefused as refused:
                messages.error(request, str(refused))
            else:
                self.log_addition(request, new, [{"added": {}}])
                messages.success(
                    request, _("Round {code} is made as a draft.").format(code=new.code)
                )


@admin.register(BudgetFrame)
class BudgetFrameAdmin(Figures):
    list_display = ("programme_year", "allotted_eur", "committed", "paid", "left", "source")
    refusals = REFUSALS
    resource_classes = (
        table(
            BudgetFrame,
            key=("programme_year",),
            columns=("programme_year", "allotted_eur", "source"),
            refusals=REFUSALS,
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[BudgetFrame]:
        return with_figures(super().get_queryset(request))

    @admin.display(description=_("decided"))
    def committed(self, frame: Any) -> str:
        """What decisions have granted of it."""
        return finnish(frame.committed_cents)

    @admin.display(description=pgettext_lazy("money", "paid"))
    def paid(self, frame: Any) -> str:
        """What the bank has booked, less what came back."""
        return finnish(frame.paid_cents)

    @admin.display(description=pgettext_lazy("money", "left"))
    def left(self, frame: Any) -> str:
        """What may still be decided."""
        return finnish(frame.allotted_cents - frame.committed_cents)


@admin.register(RoundAmount)
class RoundAmountAdmin(Figures):
    list_display = ("round", "applicant_kind", "min_age", "max_age", "amount_eur", "source")
    list_filter = ("round", "applicant_kind")
    refusals = REFUSALS
    resource_classes = (
        table(
            RoundAmount,
            key=("round", "applicant_kind", "min_age"),
            columns=("round", "applicant_kind", "min_age", "max_age", "amount_eur", "source"),
            refusals=REFUSALS,
            round=Reference(Round),
        ),
    )


@admin.register(RoundGround)
class RoundGroundAdmin(Figures):
    list_display = ("round", "ground", "note")
    list_filter = ("round",)
    list_select_related = ("round", "ground")
    refusals = REFUSALS
    resource_classes = (
        table(
            RoundGround,
            key=("round", "ground"),
            columns=("round", "ground", "note"),
            refusals=REFUSALS,
            round=Reference(Round),
            ground=Reference(Ground),
        ),
    )
