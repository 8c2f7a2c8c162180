"""What the page of the log shows, newest first."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.apps import apps
from django.db.models import QuerySet
from django.utils import timezone

from config.lib.paging import Page, page_of
from registry.audit.models import AuditEvent, LogQuerySet
from registry.people.models import Person


def events_found(
    events: LogQuerySet,
    *,
    username: str = "",
    person: Person | None = None,
    verb: str = "",
    first_day: date | None = None,
    last_day: date | None = None,
) -> QuerySet[AuditEvent]:
    """Those events by user, person concerned, verb and days (inclusive), the newest first."""
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


def events_page(events: QuerySet[AuditEvent], after: int | None) -> Page[AuditEvent]:
    """A page of events from after the given one; one query."""
    rest = events if after is None else events.filter(pk__lt=after)
    return page_of(rest, after=after, key=lambda event: event.pk)


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
