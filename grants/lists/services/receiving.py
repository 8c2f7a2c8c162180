"""A file is received at once and read by whoever's turn it is, workers or the request itself."""

from __future__ import annotations

import tempfile
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _

from grants.applications.models import Application
from grants.applications.steps import application_locked
from grants.lists.checking.findings import findings_store
from grants.lists.errors import ListStepRefused
from grants.lists.loading import rows_store
from grants.lists.models import FILE_NAME_LENGTH, ListFile, ListState, PersonList
from grants.lists.reading.refusals import ListRefused, Refusal
from grants.lists.reading.workbooks import Workbook, workbook_read
from grants.lists.schema import MAX_FILE_BYTES, columns_of
from grants.lists.stamp import Stamp
from grants.lists.vocabulary import Vocabulary
from registry.access.models import User
from registry.audit.models import Purpose, Verb
from registry.audit.services import attempt, audit_record

ATTEMPTS = 3  # a file that ends its reader each time is not read a fourth time

CLAIM = """
UPDATE grants_personlist
SET attempt = attempt + 1, taken_at = clock_timestamp(),
    held_until = clock_timestamp() + make_interval(secs => %s)
WHERE id = %s AND state = 'waiting'
  AND (held_until IS NULL OR held_until < clock_timestamp())
RETURNING *
"""

PERSONS = """
ARRAY(SELECT DISTINCT person_id FROM grants_listrow
      WHERE list_id = %s AND person_id IS NOT NULL ORDER BY 1)
"""


def list_receive(
    application_id: int, *, content: bytes, file_name: str, by: User, at: datetime
) -> PersonList:
    """Receive a file for an application; `list_read` reads it.

    Raises ListStepRefused if the application takes none now, ListRefused if the file is too large.
    """
    with attempt(
        ListStepRefused, ListRefused,
        verb=Verb.IMPORTED, actor=by, about=PersonList, purpose=Purpose.SUPPLEMENTS,
    ) as event:  # fmt: skip
        application = application_locked(application_id)
        event.acting_for = application.applicant
        refuse_unless_open(application)
        if len(content) > MAX_FILE_BYTES:
            raise ListRefused(Refusal.TOO_LARGE)
        received = PersonList.objects.create(
            application=application,
            file_name=Path(file_name).name[:FILE_NAME_LENGTH],
            sha256=sha256(content).hexdigest(),
            size=len(content),
            uploaded_by=by,
            uploaded_at=at,
        )
        ListFile.objects.create(list=received, content=content)
        event.object_id = str(received.pk)
        return received


def refuse_unless_open(application: Application) -> None:
    """Raise ListStepRefused unless the list of the application may change."""
    if not application.round.has_list:
        raise ListStepRefused(_("This support has no list of persons."))
    if not application.is_editable:
        raise ListStepRefused(_("The application has been sent, and its list stands as it is."))


def list_read(list_id: int) -> None:
    """Read a list that waits, unless somebody else is at it; safe to ask for twice."""
    claimed = next(iter(PersonList.objects.raw(CLAIM, [settings.LEASE_SECONDS * 2, list_id])), None)
    if claimed is not None:
        claimed_read(claimed)


def claimed_read(claimed: PersonList) -> None:
    """Read a list under the lease that has just been taken."""
    try:
        _rows_store(claimed, _read_file(claimed))
    except ListRefused as refused:
        _refusal_store(claimed, refused)


def _read_file(person_list: PersonList) -> Workbook:
    """The workbook of a list. Raises ListRefused."""
    if person_list.attempt > ATTEMPTS:
        raise ListRefused(Refusal.UNREADABLE)
    application = person_list.application
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "list"
        path.write_bytes(bytes(person_list.file.content))
        return workbook_read(
            path,
            columns_of(application.round.support),
            stamp=Stamp.of(application.round, application.applicant),
            applicant_name=application.applicant.name,
        )


@transaction.atomic
def _rows_store(claimed: PersonList, book: Workbook) -> None:
    """Store the rows and what is wrong with them; the list is then the current one.

    Raises ListRefused if the application was sent meanwhile. Does nothing if the lease was lost.
    """
    application = application_locked(claimed.application_id)
    mine = PersonList.objects.filter(
        pk=claimed.pk, state=ListState.WAITING, attempt=claimed.attempt
    ).first()
    if mine is None:
        return
    if not application.is_editable:
        raise ListRefused(Refusal.SENT_MEANWHILE)
    lists = PersonList.objects.filter(application=application)
    number = (lists.aggregate(last=Max("number"))["last"] or 0) + 1
    is_latest = not lists.filter(state=ListState.READ, pk__gt=mine.pk).exists()
    if is_latest:
        lists.current().update(is_current=False)
    mine.state, mine.number, mine.is_current = ListState.READ, number, is_latest
    mine.held_until = None
    mine.save(update_fields=["state", "number", "is_current", "held_until"])
    rows_store(mine, book, Vocabulary.of(application.round))
    findings_store(mine, is_new=True)
    audit_record(
        verb=Verb.IMPORTED,
        actor=mine.uploaded_by,
        about=mine,
        purpose=Purpose.SUPPLEMENTS,
        acting_for=application.applicant,
        persons=RawSQL(PERSONS, [mine.pk]),  # noqa: S611 # a constant and its parameter
        details={"rows": len(book.rows)},
    )


@transaction.atomic
def _refusal_store(claimed: PersonList, refused: ListRefused) -> None:
    """Keep why a list was refused, and nothing of its file."""
    mine = PersonList.objects.select_for_update().filter(
        pk=claimed.pk, state=ListState.WAITING, attempt=claimed.attempt
    )
    if mine.first():
        ListFile.objects.filter(list=claimed).delete()
        mine.update(
            state=ListState.REFUSED,
            refusal=refused.refusal,
            refusal_details=refused.details,
            held_until=None,
        )
