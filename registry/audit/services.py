"""Writing the logs: one function for what was done or tried, one for what was handed out (P-10)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import models, transaction
from django.db.models.expressions import RawSQL

from registry.access.models import User
from registry.audit.models import AuditEvent, DisclosureEvent, Outcome, Purpose, Verb
from registry.organisations.models import Organisation


def audit_record(
    *,
    verb: Verb,
    actor: User | None,
    about: models.Model | type[models.Model] | None = None,
    case_ref: str = "",
    purpose: Purpose | None = None,
    persons: Iterable[int] | RawSQL = (),
    outcome: Outcome = Outcome.DONE,
    **more: Any,
) -> AuditEvent:
    """Add an event to the access log, in the transaction that is open if one is (P-10).

    `about` is the object, or its class where there are many; `persons` are ids, or the SQL of their
    array where there are thousands. `more`: `acting_for`, an organisation; `details`, JSON without
    personal data.
    """
    event = AuditEvent(
        verb=verb,
        actor=actor,
        case_ref=case_ref,
        purpose=purpose or "",
        persons=persons if isinstance(persons, RawSQL) else sorted(set(persons)),
        outcome=outcome,
        **more,
    )
    if about is not None:
        event_about(event, about)
    event.save(force_insert=True)
    return event


def sign_in_refused(*, username: str | None, **details: str) -> AuditEvent:
    """Log a refused sign-in: the account tried if there is one, never what was typed."""
    tried = User.objects.filter(username=username).first()
    return audit_record(
        verb=Verb.SIGNED_IN,
        actor=None,
        about=tried or User,
        purpose=Purpose.ACCESS,
        outcome=Outcome.REFUSED,
        details=details,
    )


def event_about(event: AuditEvent, about: models.Model | type[models.Model]) -> None:
    """Say in an event what object it is about."""
    event.object_type = about._meta.label_lower
    if isinstance(about, models.Model):
        event.object_id = str(about.pk)


@contextmanager
def attempt(
    *refusals: type[Exception],
    verb: Verb,
    actor: User | None,
    about: models.Model | type[models.Model] | None = None,
    case_ref: str = "",
    purpose: Purpose | None = None,
) -> Iterator[AuditEvent]:
    """Take a step in a transaction, and log it whether it is done or refused (P-10).

    Done, the event is committed with the step. Refused by one of `refusals`, it is added after
    the rollback, with the refusal's class. Of attempts inside one another the outermost adds the
    innermost's refusal, for its own rollback has taken what was added within.
    """
    event = AuditEvent(verb=verb, actor=actor, case_ref=case_ref, purpose=purpose or "")
    if about is not None:
        event_about(event, about)
    try:
        with transaction.atomic():
            yield event
            event.save(force_insert=True)
    except refusals as reason:
        _refusal_record(reason, event)
        raise


def _refusal_record(reason: Exception, event: AuditEvent) -> None:
    refused: AuditEvent = getattr(reason, "audit_event", event)
    refused.pk, refused.outcome = None, Outcome.REFUSED
    refused.details = {**refused.details, "reason": type(reason).__name__}
    refused.save(force_insert=True)
    reason.audit_event = refused  # type: ignore[attr-defined] # for an attempt around this one


def disclosure_record(
    *,
    actor: User | None,
    recipient: str,
    content_class: str,
    ground: str,
    persons: Iterable[int],
    case_ref: str = "",
    acting_for: Organisation | None = None,
) -> DisclosureEvent:
    """Add an event to the disclosure log: persons' data given to a recipient (P-10).

    `recipient` is an organisation or authority, never a private person's name; `ground` cites
    the law.
    """
    return DisclosureEvent.objects.create(
        actor=actor,
        recipient=recipient,
        content_class=content_class,
        ground=ground,
        persons=sorted(set(persons)),
        case_ref=case_ref,
        acting_for=acting_for,
    )
