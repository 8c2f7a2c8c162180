"""Keeping a file that somebody sent, and removing one that nothing stands on."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from typing import NamedTuple

from django.db import transaction

from registry.access.models import User
from registry.audit.models import Purpose, Verb
from registry.audit.services import attempt, audit_record
from registry.files.inspection import FileRefused, clean_name, kind_of
from registry.files.models import NAME_LENGTH, KeptBytes, KeptFile


class Upload(NamedTuple):
    """A file as it was sent: its name and its bytes."""

    name: str
    content: bytes


def file_keep(
    content: bytes, *, name: str, by: User, at: datetime, purpose: Purpose, case_ref: str = ""
) -> KeptFile:
    """Keep a file that somebody sent for a case; the caller links it.

    Raises FileRefused, whose sentence is for whoever sent it. A step around this one names
    FileRefused among its refusals, or the try is not logged.
    """
    with attempt(
        FileRefused,
        verb=Verb.IMPORTED,
        actor=by,
        about=KeptFile,
        case_ref=case_ref,
        purpose=purpose,
    ) as event:
        event.acting_for = by.access.organisation
        cleaned = clean_name(name)
        kept = KeptFile.objects.create(
            kind=kind_of(content, cleaned),
            name=cleaned[-NAME_LENGTH:],
            size=len(content),
            sha256=sha256(content).hexdigest(),
            uploaded_by=by,
            uploaded_at=at,
        )
        KeptBytes.objects.create(file=kept, content=content)
        event.object_id = str(kept.pk)
        return kept


def file_remove(file: KeptFile, *, by: User, purpose: Purpose, case_ref: str = "") -> None:
    """Remove a file that was sent by mistake, once nothing links to it; the log keeps that it was.

    Raises ProtectedError, as the database does, if something still links to it.
    """
    with transaction.atomic():
        audit_record(
            verb=Verb.DELETED,
            actor=by,
            about=file,
            case_ref=case_ref,
            purpose=purpose,
            acting_for=by.access.organisation,
        )
        file.delete()
