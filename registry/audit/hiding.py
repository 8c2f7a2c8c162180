"""Entries found by a person under non-disclosure, without what tells who is paid for them (P-11)."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from registry.audit.models import DATA_SUBJECT, DisclosureEvent, LogEntry
from registry.people.models import Person
from registry.people.secrecy import non_disclosed

# Objects that are the same whoever is paid.
TELLING_NOTHING = {"", "registry.person", "payments.run", "registry.auditevent"}


def payees_hidden(entries: Iterable[LogEntry], person: Person | None) -> bool:
    """Take out of the entries whom they were done for; whether there was a need; one query.

    The entries in the log stay as they are: these are what a page is about to show.
    """
    if person is None or not non_disclosed([person.pk]):
        return False
    for entry in entries:
        entry.acting_for = None
        if isinstance(entry, DisclosureEvent):
            if entry.recipient != DATA_SUBJECT:
                entry.recipient = _("non-disclosure")
        elif getattr(entry, "object_type", "") not in TELLING_NOTHING:
            entry.object_type = entry.object_id = ""  # type: ignore[attr-defined]
    return True
