"""Numbering decisions, serving them, keeping their documents (P-02, P-04)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from hashlib import sha256

from django.db import connection, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from registry.access.models import User
from registry.audit.models import Purpose, Verb
from registry.audit.services import attempt
from registry.decisions import calendar
from registry.decisions.models import Decision, DecisionDocument, Service

LOCK = 434_2003  # advisory lock of whoever takes numbers, until the transaction ends


class DecisionRefused(ValueError):
    """The step cannot be taken; the message says why."""


@transaction.atomic
def decisions_store(decisions: Iterable[Decision], *, year: int) -> list[Decision]:
    """Give decisions of a year the next numbers, in their order, and store them.

    Numbers run without gaps: a transaction that fails gives its numbers back, and the next one
    waits for it.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK, year])
    last = Decision.objects.filter(year=year).aggregate(last=Max("serial"))["last"] or 0
    numbered = list(decisions)
    for serial, decision in enumerate(numbered, start=last + 1):
        decision.year, decision.serial = year, serial
    return Decision.objects.bulk_create(numbered)


def decision_serve(decision: Decision, *, service: Service, day: date, by: User) -> Decision:
    """Record that the decision reached its recipient; from the next day the remedy's time runs.

    Serving again changes nothing. Raises DecisionRefused for a day before the decision's.
    """
    with attempt(
        DecisionRefused,
        verb=Verb.SERVED,
        actor=by,
        about=decision,
        case_ref=decision.case_ref,
        purpose=Purpose.COMPENSATION,
    ) as event:
        event.acting_for = by.access.organisation
        return _serve(Decision.objects.select_for_update().get(pk=decision.pk), service, day)


def _serve(decision: Decision, service: Service, day: date) -> Decision:
    if decision.is_served:
        return decision
    if day < decision.decided_on:
        raise DecisionRefused(_("A decision is not served before it is made. Check the day."))
    decision.service = service
    decision.served_on = calendar.served_on(service, day)
    decision.remedy_until = calendar.remedy_until(decision.served_on)
    decision.save(update_fields=["service", "served_on", "remedy_until"])
    return decision


def document_keep(
    decision: Decision,
    *,
    kind: str,
    form: str,
    language: str,
    make: Callable[[], bytes],
    at: datetime,
) -> DecisionDocument:
    """The document of the decision: the one that is stored, else the one made now and stored.

    Two that ask at once get the same one: the second waits for the first.
    """
    found = decision.documents.filter(kind=kind, form=form, language=language)
    if stored := found.first():
        return stored
    with transaction.atomic():
        Decision.objects.select_for_update().get(pk=decision.pk)
        if stored := found.first():
            return stored
        content = make()
        return DecisionDocument.objects.create(
            decision=decision,
            kind=kind,
            form=form,
            language=language,
            content=content,
            content_hash=sha256(content).hexdigest(),
            made_at=at,
        )
