"""Taking an application from state to state: one door for every subject that does (G)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from grants.applications.models import Application, ApplicationStep
from grants.applications.states import STEPS, ApplicationStatus, Deed
from registry.access.models import User


class ApplicationRefused(ValueError):
    """The step cannot be taken; the message says why and what can be done."""


def application_locked(application_id: int) -> Application:
    """The application with its round and applicant, locked until the transaction ends."""
    locked = Application.objects.select_for_update(of=("self",))
    return locked.select_related("round", "applicant").get(pk=application_id)


@transaction.atomic
def step_take(
    application: Application,
    deed: Deed,
    *,
    by: User | None,
    at: datetime,
    note: str = "",
    **values: object,
) -> ApplicationStep:
    """Do the deed with a locked application, and set its `values` with the state it leads to.

    Raises ApplicationRefused if the application is not in a state for it.
    """
    leads_to = STEPS.get((deed, ApplicationStatus(application.status)))
    if leads_to is None:
        raise ApplicationRefused(
            _("This application is {status} by now. Open it anew.").format(
                status=application.get_status_display()
            )
        )
    step = ApplicationStep.objects.create(
        application=application, deed=deed, status=leads_to, by=by, at=at, note=note
    )
    for name, value in values.items():
        setattr(application, name, value)
    application.status = leads_to
    application.save(update_fields=["status", *values])
    return step
