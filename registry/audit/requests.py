"""Logging what a page shows: one call in the view, with the persons of that page (P-10)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from registry.audit.models import AuditEvent, Purpose, Verb
from registry.audit.services import audit_record


def page_record(request: HttpRequest, *, verb: Verb = Verb.VIEWED, **event: Any) -> AuditEvent:
    """Log a page that is shown to the one who asked for it; `event` as for `audit_record`."""
    event.setdefault("purpose", Purpose.COMPENSATION)
    if not request.user.is_authenticated:
        return audit_record(verb=verb, actor=None, **event)
    organisation = request.user.access.organisation
    return audit_record(verb=verb, actor=request.user, acting_for=organisation, **event)
