"""Answers of the bank and what in them fits nothing."""

from __future__ import annotations

from django.db.models import QuerySet

from config.lib.paging import PAGE_SIZE, Page, page_of
from payments.bank.models import Answer, AnswerEntry


def answers_page(answers: QuerySet[Answer], after: int | None) -> Page[Answer]:
    """Answers without their bytes, the latest first, from after the given one; one query."""
    rows = answers.defer("document").select_related("received_by").order_by("-pk")
    if after is not None:
        rows = rows.filter(pk__lt=after)
    return page_of(rows, after=after, key=lambda answer: answer.pk)


def entries_page(answer: Answer, after: int | None) -> Page[AnswerEntry]:
    """Entries of an answer in their order, from after a position; one query."""
    rows = answer.entries.select_related("transfer", "recovery_step").order_by("position")
    if after is not None:
        rows = rows.filter(position__gt=after)
    return page_of(rows, after=after, key=lambda entry: entry.position, size=PAGE_SIZE * 4)


def strangers(entries: QuerySet[AnswerEntry]) -> list[AnswerEntry]:
    """Entries that wait for a person, the earliest first, at most a page; one query."""
    related = ("transfer", "answer")
    rows = entries.filter(handled_at=None, outcome="stranger").defer("answer__document")
    return list(rows.select_related(*related).order_by("pk")[:PAGE_SIZE])
