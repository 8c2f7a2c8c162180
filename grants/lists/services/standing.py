"""Whether an application's list may be sent, and what exactly would be."""

from __future__ import annotations

from hashlib import sha256

from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from grants.applications.models import Application
from grants.lists.checking.findings import findings_store
from grants.lists.models import ListRow, ListState, PersonList, RowFinding

CONTENT = """
SELECT line, uma_number, unhcr_number, name, birth_date, nationality, municipality_id, moved_in,
       ground_id, quota_year
FROM grants_listrow WHERE list_id = %s AND NOT is_removed ORDER BY line
"""


def list_ready(application: Application) -> str | None:
    """Why the application's list may not be sent, in a sentence; None if it may."""
    lists = PersonList.objects.filter(application=application)
    current = lists.current().first()
    if lists.filter(state=ListState.WAITING, pk__gt=current.pk if current else 0).exists():
        return _("The list is still being read. Wait until it has been checked.")
    if current is None:
        return _("The list of persons has not been sent.")
    if not ListRow.objects.filter(list=current).kept().exists():
        return _("The list has no persons.")
    faulty = RowFinding.objects.filter(list=current).errors().values("row").distinct().count()
    if faulty:
        return ngettext(
            "{count} row of the list has an error. Correct or remove it first.",
            "{count} rows of the list have errors. Correct or remove them first.",
            faulty,
        ).format(count=faulty)
    return None


def list_hash(application: Application) -> str:
    """SHA-256 of the rows that would be sent, as corrected; empty without a list."""
    current = PersonList.objects.filter(application=application).current().first()
    if current is None:
        return ""
    digest = sha256(current.sha256.encode())
    with connection.cursor() as cursor:
        cursor.execute(CONTENT, [current.pk])
        for row in cursor.fetchall():
            digest.update(repr(tuple(map(str, row))).encode())
    return digest.hexdigest()


@transaction.atomic
def findings_refresh(application: Application) -> None:
    """Find anew what is wrong with the current list, as the register and other lists are now."""
    for current in PersonList.objects.filter(application=application).current():
        findings_store(current)
