"""Steps that the authority takes with an application: locked, by whom they may be, logged (P-01, P-10)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from grants.applications.models import Application
from grants.applications.states import Deed
from grants.applications.steps import ApplicationRefused, application_locked
from grants.review.errors import ReviewRefused
from registry.access.hands import objection
from registry.access.models import Part, User
from registry.audit.models import AuditEvent, Purpose, Verb
from registry.audit.services import attempt


@contextmanager
def case_attempt(
    verb: Verb, by: User, application_id: int, *, part: Part = Part.PROPOSED, deed: Deed | str = ""
) -> Iterator[tuple[Application, AuditEvent]]:
    """Take a step with an application that the user may take a part in; the application is locked.

    Raises ReviewRefused if they belong to the applicant, or had another part where they may not.
    """
    with attempt(
        ApplicationRefused,
        verb=verb,
        actor=by,
        about=Application.objects.get(pk=application_id),
        case_ref=f"application {application_id}",
        purpose=Purpose.SUPPLEMENTS,
    ) as event:
        event.details = {"deed": deed} if deed else {}
        application = application_locked(application_id)
        if reason := objection(application, by, part, concerns=application.applicant):
            raise ReviewRefused(reason)
        yield application, event
