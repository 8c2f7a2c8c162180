"""What the pages of decisions show."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from config.lib.paging import Page, page_of
from registry.decisions.models import Decision, DecisionDocument, DecisionQuerySet

DECISIONS_A_PAGE = 50
SHOWN = (
    "recipient",
    "of_run__proposal__run",
    "of_recovery__case",
    "of_manual",
    "of_support__application",
    "of_cost__application",
)
MOST_FOUND = 1_000  # of a recipient: eighty years


def decisions_page(decisions: DecisionQuerySet, before: int | None) -> Page[Decision]:
    """Those decisions, the latest first, from before the given id; one query."""
    rows = decisions.select_related(*SHOWN).order_by("-pk")
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return page_of(rows, after=before, key=lambda row: row.pk, size=DECISIONS_A_PAGE)


def decisions_found(decisions: DecisionQuerySet, *, text: str) -> Page[Decision]:
    """Those whose number (`KEHA/12/2026`, or `12/2026`) or recipient is the text; one query."""
    rows = _found(decisions, text).select_related(*SHOWN)
    return Page(list(rows.order_by("-pk")[:MOST_FOUND]), None, is_first=True)


def _found(decisions: DecisionQuerySet, text: str) -> DecisionQuerySet:
    number = text.upper().removeprefix("KEHA/").split("/")
    if len(number) == 2 and all(part.isdecimal() and len(part) < 8 for part in number):
        return decisions.filter(serial=int(number[0]), year=int(number[1]))
    names = Q(recipient__name_fi__istartswith=text) | Q(recipient__name_sv__istartswith=text)
    return decisions.filter(names | Q(recipient__code=text))


def documents_shown(decision: Decision) -> QuerySet[DecisionDocument]:
    """The stored documents without their content, the letter first; one query."""
    return (
        decision.documents.defer("content")
        .select_related("decision")
        .order_by("language", "kind", "form")
    )
