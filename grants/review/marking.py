"""Marking rows as accepted or refused: one by one, or all that are clean; in sets (G-04, G-11)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from grants.applications.models import Application
from grants.applications.states import ApplicationStatus
from grants.decisions.models import ProposedRow, RectificationClaim
from grants.lists.models import ListRow, RowFinding
from grants.review.attempts import case_attempt
from grants.review.errors import ReviewRefused
from grants.review.models import Phrase, PhraseUse, RowMark
from registry.access.models import User
from registry.audit.models import Verb


def rows_to_check(application: Application) -> QuerySet[ListRow, ListRow]:
    """The rows that the application stands on."""
    return ListRow.objects.kept().filter(list__application=application, list__is_current=True)


def clean_rows(application: Application) -> QuerySet[ListRow, ListRow]:
    """Rows without a mark in which nothing was found, the hidden findings included."""
    found = RowFinding.objects.filter(row=OuterRef("pk"))
    return rows_to_check(application).filter(~Exists(found), mark=None)


def rows_mark(
    application_id: int, *, marks: Mapping[int, Phrase | None], by: User, at: datetime
) -> int:
    """Mark rows (ids): None accepts, a phrase refuses with that reason; return how many.

    Raises ReviewRefused if one is not a row of the application, or it is not being checked.
    """
    with case_attempt(Verb.CHECKED, by, application_id, deed="mark") as (application, event):
        _refuse_closed(application)
        rows = rows_to_check(application).filter(pk__in=marks)
        persons = dict(rows.values_list("pk", "person"))
        if persons.keys() != marks.keys():
            raise ReviewRefused(_("Some of the rows are no longer in the list. Open it anew."))
        if any(phrase and phrase.use != PhraseUse.REFUSAL for phrase in marks.values()):
            raise ReviewRefused(_("A row is refused with a reason of the phrase library."))
        _store(marks, by, at)
        event.persons = sorted({person for person in persons.values() if person})
        return len(marks)


def rows_accept_clean(application_id: int, *, by: User, at: datetime) -> int:
    """Accept every row that has neither a finding nor a mark; return how many.

    Raises ReviewRefused.
    """
    with case_attempt(Verb.CHECKED, by, application_id, deed="mark") as (application, event):
        _refuse_closed(application)
        rows = dict(clean_rows(application).values_list("pk", "person"))
        _store(dict.fromkeys(rows), by, at)
        event.persons = sorted({person for person in rows.values() if person})
        return len(rows)


def is_markable(application: Application) -> bool:
    """Whether rows may be marked: the application is in check, or a claim waits for a proposal."""
    if application.proposals.open().exists():
        return False
    claims = RectificationClaim.objects.filter(contested__application=application)
    return application.status == ApplicationStatus.IN_CHECK or claims.open().exists()


def granted_rows(application: Application) -> QuerySet[ProposedRow]:
    """Rows that the decisions in force grant."""
    return ProposedRow.objects.filter(proposal__application=application, is_granted=True)


def _refuse_closed(application: Application) -> None:
    if not is_markable(application):
        raise ReviewRefused(
            _("Rows are marked while the application is in check. It is {status}.").format(
                status=application.get_status_display()
            )
        )


def _store(marks: Mapping[int, Phrase | None], by: User, at: datetime) -> None:
    RowMark.objects.bulk_create(
        [
            RowMark(row_id=row, accepted=phrase is None, phrase=phrase, by=by, at=at)
            for row, phrase in sorted(marks.items())
        ],
        update_conflicts=True,
        unique_fields=["row"],
        update_fields=["accepted", "phrase", "by", "at"],
    )
