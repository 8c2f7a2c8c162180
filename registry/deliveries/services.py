"""Importing deliveries: all or nothing, one at a time (interfaces: registry delivery)."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.db import connection

from config.lib.progress import Progress, silent
from registry.access.models import User
from registry.audit.models import AuditEvent, Purpose, Verb
from registry.audit.services import attempt, event_about
from registry.deliveries.files import Content, SingleFile, content_read, source_open
from registry.deliveries.identities import CodeChecker
from registry.deliveries.importing import Import
from registry.deliveries.layout import (
    AGREEMENTS,
    REGISTRY_FILES,
    Known,
    Layout,
    agreements_layout,
    registry_layouts,
)
from registry.deliveries.models import Delivery, DeliveryKind
from registry.deliveries.notices import Notices
from registry.deliveries.refusals import DeliveryRefused, Notice
from registry.deliveries.staging import Reading
from registry.organisations.models import Organisation
from registry.people.models import Ground

IMPORT_LOCK = 0x4B554E5441  # one import at a time; any number will do
# Sets are joined and sorted in memory, which is where the register is; for this transaction alone.
MEMORY = """
    SET LOCAL work_mem = '256MB'; SET LOCAL maintenance_work_mem = '512MB';
    SET LOCAL jit = off; SET LOCAL random_page_cost = 1.1
"""


def delivery_import(
    path: Path,
    *,
    received_at: datetime,
    today: date,
    received_by: User | None = None,
    progress: Progress = silent,
) -> Delivery:
    """Import a registry delivery, a folder or a zip, and return it.

    `today` is the day no birth date of an identity code may be after. The same content as the
    latest delivery changes nothing: that delivery is returned, `repeated`. Raises DeliveryRefused.
    """
    with _attempt(received_by) as event, source_open(path) as source:
        content = content_read(source, REGISTRY_FILES, progress)
        delivery = Delivery(
            kind=DeliveryKind.REGISTRY, received_at=received_at, received_by=received_by
        )
        delivery = _import(delivery, registry_layouts(_known()), content, today, progress)
        event_about(event, delivery)
        return delivery


def agreements_import(
    path: Path,
    *,
    received_at: datetime,
    today: date,
    received_by: User | None = None,
    progress: Progress = silent,
) -> Delivery:
    """Import agreements: of the municipalities named, they become exactly those in the file.

    Raises DeliveryRefused.
    """
    with _attempt(received_by) as event:
        content = content_read(SingleFile(path, AGREEMENTS), (AGREEMENTS,), progress)
        delivery = Delivery(
            kind=DeliveryKind.AGREEMENTS, received_at=received_at, received_by=received_by
        )
        delivery = _import(delivery, (agreements_layout(_known()),), content, today, progress)
        event_about(event, delivery)
        return delivery


def _attempt(received_by: User | None) -> AbstractContextManager[AuditEvent]:
    """The import in one transaction with its event, or its refusal after the rollback (P-10)."""
    return attempt(
        DeliveryRefused,
        verb=Verb.IMPORTED,
        actor=received_by,
        about=Delivery,
        purpose=Purpose.COMPENSATION,
    )


def _import(
    delivery: Delivery,
    layouts: Sequence[Layout],
    content: Content,
    today: date,
    progress: Progress,
) -> Delivery:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [IMPORT_LOCK])
        if repeated := _repeated(delivery.kind, content.content_hash):
            return repeated
        cursor.execute(MEMORY)
        _record(delivery, content.content_hash)
        notices = _file_notices(content)
        reading = Reading(content, progress)
        codes = CodeChecker(today, settings.ALLOW_ARTIFICIAL_IDENTITY_CODES, notices)
        run = Import(cursor, layouts, reading, notices, codes, delivery.pk)
        delivery.counts = run.run()
        delivery.notices = notices.as_json()
        delivery.save(update_fields=["counts", "notices"])
    return delivery


def _repeated(kind: str, content_hash: str) -> Delivery | None:
    """The latest delivery of the kind, if its content is the same."""
    latest = Delivery.objects.filter(kind=kind).order_by("-pk").first()
    if latest is None or latest.content_hash != content_hash:
        return None
    latest.repeated = True
    return latest


def _record(delivery: Delivery, content_hash: str) -> None:
    """Give the delivery its number, and the register its new hash (C-36)."""
    before = Delivery.objects.order_by("-pk").values_list("register_hash", flat=True).first()
    chained = f"{before or ''}{delivery.kind}{content_hash}"
    delivery.content_hash = content_hash
    delivery.register_hash = sha256(chained.encode()).hexdigest()
    delivery.save(force_insert=True)


def _file_notices(content: Content) -> Notices:
    notices = Notices()
    for name in content.unknown:
        is_agreements = name == AGREEMENTS
        notices.of_file(name, Notice.AGREEMENTS_FILE if is_agreements else Notice.UNKNOWN_FILE)
    return notices


def _known() -> Known:
    grounds = Ground.objects.values_list("code", flat=True)
    municipalities = Organisation.objects.municipalities().values_list("code", flat=True)
    return Known(frozenset(grounds), frozenset(municipalities))
