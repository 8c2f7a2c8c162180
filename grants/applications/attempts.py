"""What every step of an application begins with: its log entry, its lock, whose it is."""

from __future__ import annotations

from contextlib import AbstractContextManager

from django.utils.translation import gettext as _

from grants.applications.models import Application
from grants.applications.steps import ApplicationRefused, application_locked
from registry.access.models import Right, User
from registry.access.rights import own_organisations
from registry.audit.models import AuditEvent, Purpose, Verb
from registry.audit.services import attempt
from registry.models import Organisation


def application_attempt(
    verb: Verb, by: User, application_id: int | None = None
) -> AbstractContextManager[AuditEvent]:
    """A step in a transaction that is logged, done or refused (P-10)."""
    about = Application.objects.filter(pk=application_id).first() if application_id else None
    return attempt(
        ApplicationRefused,
        verb=verb,
        actor=by,
        about=about or Application,
        case_ref=about.case_ref if about else "",
        purpose=Purpose.SUPPLEMENTS,
    )


def own_locked(application_id: int, by: User, *, right: Right | None = None) -> Application:
    """The application of the officer's organisation, locked. Raises ApplicationRefused."""
    application = application_locked(application_id)
    refuse_others(application.applicant, by)
    if right and by.access.right != right:
        raise ApplicationRefused(_("Only an officer who sends for the organisation does this."))
    return application


def refuse_others(applicant: Organisation, by: User) -> None:
    """Raise ApplicationRefused unless the user acts for the applicant."""
    if not own_organisations(by).filter(pk=applicant.pk).exists():
        raise ApplicationRefused(_("Only an officer of the applicant does this."))
