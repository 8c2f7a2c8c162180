"""Correcting the rows of a list in the page: each change is kept, and its row checked at once (G-12)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _

from grants.applications.steps import application_locked
from grants.lists.checking.findings import findings_store, partners
from grants.lists.errors import ListStepRefused, RowStale
from grants.lists.loading import meaning_of
from grants.lists.models import ListRow, RowCorrection
from grants.lists.schema import columns_of
from grants.lists.services.receiving import refuse_unless_open
from grants.lists.values import has_identity_code
from grants.lists.vocabulary import Vocabulary
from grants.lists.words import kept
from registry.access.models import User
from registry.audit.models import AuditEvent, Purpose, Verb
from registry.audit.services import attempt
from registry.models import Ground, Organisation

REMOVED = "1"  # what a correction of no column says of a row that was removed


def last_change(row: ListRow) -> int:
    """The id of the last correction of a row, by which a reader says what they saw; 0 for none."""
    return row.corrections.aggregate(last=Max("pk"))["last"] or 0


def row_correct(
    row_id: int, said: Mapping[str, str], *, seen: int, by: User, at: datetime
) -> ListRow:
    """Write the values of some columns of a row over what was `seen` (G-12).

    Raises ListStepRefused for an identity code or a list that stands, RowStale if somebody else
    has changed the row since.
    """
    with _changing(row_id, seen=seen, by=by) as row:
        if any(map(has_identity_code, said.values())):
            raise ListStepRefused(
                _("That is a personal identity code. Identity codes are not collected.")
            )
        _write(row, said, by=by, at=at)
        return row


def row_remove(row_id: int, *, seen: int, by: User, at: datetime) -> ListRow:
    """Take a row off the list; it can be put back. Raises ListStepRefused, RowStale."""
    with _changing(row_id, seen=seen, by=by) as row:
        _mark(row, removed=True, by=by, at=at)
        return row


def row_restore(row_id: int, *, seen: int, by: User, at: datetime) -> ListRow:
    """Put a removed row back. Raises ListStepRefused, RowStale."""
    with _changing(row_id, seen=seen, by=by) as row:
        _mark(row, removed=False, by=by, at=at)
        return row


def change_undo(row_id: int, *, seen: int, by: User, at: datetime) -> ListRow:
    """Undo the last change of a row, itself a change that can be undone.

    Raises ListStepRefused, RowStale.
    """
    with _changing(row_id, seen=seen, by=by) as row:
        last = row.corrections.last()
        if last is None:
            raise ListStepRefused(_("Nothing has been changed in this row."))
        if not last.column:
            _mark(row, removed=last.old == REMOVED, by=by, at=at)
        else:
            together = row.corrections.filter(at=last.at, by=last.by).exclude(column="")
            _write(row, {change.column: change.old for change in together}, by=by, at=at)
        return row


@contextmanager
def _changing(row_id: int, *, seen: int, by: User) -> Iterator[ListRow]:
    """A row to change, its application locked; afterwards what is wrong with it is found anew."""
    with _attempt(by) as event:
        row = ListRow.objects.select_related("list", "municipality", "ground").get(pk=row_id)
        application = application_locked(row.list.application_id)
        row.list.application = application
        event.acting_for, event.object_id = application.applicant, str(row.list_id)
        event.details = {"line": row.line}
        refuse_unless_open(application)
        if not row.list.is_current:
            raise ListStepRefused(_("A newer list has taken this one's place. Correct that one."))
        if last_change(row) != seen:
            raise RowStale(
                _("Somebody else has changed the row meanwhile. It is shown as it is now.")
            )
        before = partners([row.pk])
        yield row
        findings_store(row.list, rows=before | partners([row.pk]))
        row.refresh_from_db()
        event.persons = [row.person_id] if row.person_id else []


def _attempt(by: User) -> AbstractContextManager[AuditEvent]:
    return attempt(
        ListStepRefused,
        verb=Verb.CHANGED,
        actor=by,
        about=ListRow,
        purpose=Purpose.SUPPLEMENTS,
    )


def _write(row: ListRow, said: Mapping[str, str], *, by: User, at: datetime) -> None:
    """Give the row's columns what the texts mean, and keep each that changed."""
    support = row.list.application.round.support
    columns = {c.name: c for c in columns_of(support) if c.name in said}
    before = {name: kept(row, column) for name, column in columns.items()}
    words = Vocabulary.of(row.list.application.round)
    for name, column in columns.items():
        value, text = meaning_of(column, said[name], words)
        _set(row, name, value)
        row.raw = {**row.raw, name: text}
    row.raw = {name: text for name, text in row.raw.items() if text}
    changed = [
        RowCorrection(row=row, column=name, old=before[name], new=new, by=by, at=at)
        for name, column in columns.items()
        if (new := kept(row, column)) != before[name]
    ]
    if changed:
        row.save(update_fields=["raw", *columns])
        RowCorrection.objects.bulk_create(changed)


def _set(row: ListRow, name: str, value: Any) -> None:
    match name:
        case "municipality":
            row.municipality = Organisation.objects.get(pk=value) if value else None
        case "ground":
            row.ground = Ground.objects.get(pk=value) if value else None
        case _:
            setattr(row, name, value)


def _mark(row: ListRow, *, removed: bool, by: User, at: datetime) -> None:
    if row.is_removed == removed:
        return
    row.is_removed = removed
    row.save(update_fields=["is_removed"])
    was, now = ("", REMOVED) if removed else (REMOVED, "")
    RowCorrection.objects.create(row=row, column="", old=was, new=now, by=by, at=at)
