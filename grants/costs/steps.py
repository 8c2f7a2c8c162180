"""Taking a claim of costs from state to state: one door for everybody, logged (P-01, P-10)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.utils.translation import gettext as _

from grants.applications.attempts import own_locked
from grants.applications.models import Application
from grants.applications.steps import ApplicationRefused
from grants.costs.models import CostClaim, CostStep
from grants.costs.states import STEPS, CostDeed, CostStatus
from grants.review.attempts import case_attempt
from registry.access.models import Part, Right, User
from registry.audit.models import AuditEvent, Purpose, Verb
from registry.audit.services import attempt
from registry.files.inspection import FileRefused


@contextmanager
def own_attempt(
    verb: Verb, by: User, application_id: int, *, right: Right | None = None
) -> Iterator[tuple[Application, AuditEvent]]:
    """A step of the applicant with a claim; the application is locked. Raises ApplicationRefused."""
    with attempt(
        ApplicationRefused,
        FileRefused,
        verb=verb,
        actor=by,
        about=CostClaim,
        case_ref=f"application {application_id}",
        purpose=Purpose.SUPPLEMENTS,
    ) as event:
        event.acting_for = by.access.organisation
        yield own_locked(application_id, by, right=right), event


@contextmanager
def staff_attempt(
    verb: Verb, by: User, claim: CostClaim, *, deed: CostDeed, part: Part = Part.PROPOSED
) -> Iterator[CostClaim]:
    """A step of the authority with a claim; it and its application are locked.

    The application is the case: who had a part in one, had it in all its claims (P-01).
    """
    with case_attempt(verb, by, claim.application_id, part=part, deed=f"cost {deed}") as (
        application,
        event,
    ):
        event.details["claim"] = claim.pk
        yield cost_locked(claim, application)


def cost_locked(claim: CostClaim, application: Application) -> CostClaim:
    """The claim as it is now, locked until the transaction ends, with its locked application."""
    locked = CostClaim.objects.select_for_update(of=("self",)).select_related("contests")
    found = locked.get(pk=claim.pk)
    found.application = application
    return found


def cost_step(
    claim: CostClaim,
    deed: CostDeed,
    *,
    by: User | None,
    at: datetime,
    note: str = "",
    **values: object,
) -> CostClaim:
    """Do the deed with a locked claim, and set its `values` with the state it leads to.

    Raises ApplicationRefused if the claim is not in a state for it.
    """
    leads_to = STEPS.get((deed, CostStatus(claim.status)))
    if leads_to is None:
        raise ApplicationRefused(
            _("This claim is {status} by now. Open it anew.").format(
                status=claim.get_status_display()
            )
        )
    CostStep.objects.create(claim=claim, deed=deed, status=leads_to, by=by, at=at, note=note)
    for name, value in values.items():
        setattr(claim, name, value)
    claim.status = leads_to
    claim.save(update_fields=["status", *values])
    return claim
