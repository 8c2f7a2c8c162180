"""Candidates: new versions of checks beside the current ones, tried on past rounds before they count.

A candidate that has proved itself takes the place of the current version in `CHECKS`.
"""

from __future__ import annotations

from typing import Any

from django.db.models import CharField, Exists, F, Func, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Now

from grants.applications.models import Application, ApplicationStep
from grants.applications.states import VOID, Deed
from grants.lists.models import ListRow
from grants.review.checks import (
    BY_NAME,
    DUPLICATES,
    Check,
    Found,
    in_force,
    of_agreement,
    of_findings,
    rows_found,
    rows_of,
)


class Words(Func):
    """The words of a name in the order of the alphabet: lists have them in any order."""

    template = (
        "(SELECT string_agg(word, ' ' ORDER BY word)"
        r" FROM regexp_split_to_table(lower(%(expressions)s), '[\s,]+') word WHERE word <> '')"
    )
    output_field = CharField()


def claimed_by_any_name(applications: QuerySet[Application]) -> QuerySet[ListRow]:
    """G-04: rows found to be claimed by others, and those that others name without the identifier.

    One list may have a person's UMA number and another the UNHCR number: name, date of birth and
    nationality are the same.
    """
    found = rows_found(*DUPLICATES)(applications)
    named = _named(applications)
    return rows_of(applications).filter(Q(pk__in=found.values("pk")) | Q(pk__in=named.values("pk")))


def _named(applications: QuerySet[Application]) -> QuerySet[ListRow]:
    """Rows that another application of the same kind of recipient names, sent before the decision."""
    decided = ApplicationStep.objects.filter(
        application=OuterRef("list__application"), deed=Deed.DECIDED
    )
    others = _with_words(rows_of(Application.objects.sent().exclude(status__in=VOID))).filter(
        ~Q(list__application=OuterRef("list__application")),
        list__application__applicant__kind=OuterRef("list__application__applicant__kind"),
        list__application__submitted_at__lt=OuterRef("until"),
        words=OuterRef("words"),
        birth_date=OuterRef("birth_date"),
        nationality=OuterRef("nationality"),
    )
    until = Coalesce(Subquery(decided.order_by("at").values("at")[:1]), Now())
    named: QuerySet[ListRow] = _with_words(rows_of(applications)).annotate(until=until)
    return named.filter(Exists(others))


def _with_words(rows: QuerySet[ListRow]) -> QuerySet[Any]:
    return rows.exclude(name="").exclude(nationality="").annotate(words=Words("name"))


def duplicates(application: Application) -> Found:
    """G-04: as the check does, and by name, date of birth and nationality."""
    before = of_findings(*DUPLICATES)(application)
    rows = claimed_by_any_name(Application.objects.filter(pk=application.pk)).count()
    looked_at = {**before.looked_at, "by_name": rows - before.rows}
    return Found(is_clean=not rows, rows=rows, looked_at=looked_at)


def without_any_agreement(applications: QuerySet[Application]) -> QuerySet[ListRow]:
    """G-13: rows without an agreement of their municipality or the one it has merged into (C-33)."""
    rows = rows_of(applications).annotate(successor=F("municipality__merged_into"))
    own = Q(municipality=OuterRef("municipality")) | Q(municipality=OuterRef("successor"))
    return rows.filter(~Exists(in_force().filter(own)))


CANDIDATES = (
    Check("duplicates", 2, BY_NAME["duplicates"].label, "G-04", duplicates, claimed_by_any_name),
    Check(
        "agreement", 2, BY_NAME["agreement"].label, "G-13",
        of_agreement(without_any_agreement), without_any_agreement,
    ),
)  # fmt: skip
