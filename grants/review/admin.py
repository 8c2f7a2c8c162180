"""The phrase library, for coordinators to keep."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from config.lib.admin import Figures, table
from grants.review.models import Phrase

COLUMNS = ("use", "code", "text_fi", "text_sv", "tells_home", "is_offered")
# What the database says (grants/migrations).
REFUSALS = {
    r"Decisions use the phrase (?P<code>\S+?)\.": _(
        "Decisions use the phrase %(code)s: it stands. Offer it no more, and write another."
    ),
}


@admin.register(Phrase)
class PhraseAdmin(Figures):
    list_display = ("code", "use", "text_fi", "is_offered")
    list_filter = ("use", "is_offered")
    search_fields = ("code", "text_fi", "text_sv")
    refusals = REFUSALS
    resource_classes = (table(Phrase, key=("code",), columns=COLUMNS, refusals=REFUSALS),)
