"""What the pages of the logs show, newest first, and how far the logs are proved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TypeVar

from django.apps import apps
from django.db.models import QuerySet
from django.utils import timezone

from config.lib.paging import Page, page_of
from registry.audit.anchors import Anchor, BadAnchor, anchors_read
from registry.audit.models import AuditEvent, LogEntry, Seal, Unsealed, Verification
from registry.people.models import Person

Entry = TypeVar("Entry", bound=LogEntry)


def events_found(
    events: QuerySet[Entry],
    *,
    username: str = "",
    person: Person | None = None,
    verb: str = "",
    first_day: date | None = None,
    last_day: date | None = None,
) -> QuerySet[Entry]:
    """Those entries of a log by user, person concerned, verb and days, the newest first.

    The days are inclusive; the disclosure log has no verbs.
    """
    events = events.select_related("actor", "acting_for").order_by("-pk")
    if username:
        events = events.filter(actor__username=username)
    if person:
        events = events.filter(persons__contains=[person.pk])
    if verb:
        events = events.filter(verb=verb)
    if first_day:
        events = events.filter(at__gte=_midnight(first_day))
    if last_day:
        events = events.filter(at__lt=_midnight(last_day + timedelta(days=1)))
    return events


def events_page(events: QuerySet[Entry], after: int | None) -> Page[Entry]:
    """A page of entries from after the given one; one query."""
    rest = events if after is None else events.filter(pk__lt=after)
    return page_of(rest, after=after, key=lambda event: event.pk)


def event_rows(events: list[AuditEvent]) -> list[tuple[AuditEvent, str]]:
    """Events with their objects, as the table of the log shows them."""
    return [(event, object_shown(event)) for event in events]


@dataclass(frozen=True)
class LogState:
    """How far the logs are proved: the last seal, the last anchor, the last verification."""

    seal: Seal | None
    waiting: int
    anchor: Anchor | None
    anchor_broken: str
    verification: Verification | None


def log_state() -> LogState:
    """How far the logs are proved; three queries, and the anchor file."""
    anchor, broken = None, ""
    try:
        anchor = next(reversed(anchors_read()), None)
    except BadAnchor as bad:
        broken = str(bad)
    return LogState(
        seal=Seal.objects.defer("event_ids", "digests").order_by("number").last(),
        waiting=Unsealed.objects.count(),
        anchor=anchor,
        anchor_broken=broken,
        verification=Verification.objects.order_by("at").last(),
    )


def object_shown(event: AuditEvent) -> str:
    """The object of an event for people: its kind and id."""
    if not event.object_type:
        return ""
    try:
        kind = str(apps.get_model(event.object_type)._meta.verbose_name)
    except LookupError:
        kind = event.object_type  # a model since removed
    return f"{kind} {event.object_id}".strip()


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
