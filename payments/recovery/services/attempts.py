"""What every step of a recovery begins with: its event, its lock, and who may take it."""

from __future__ import annotations

from contextlib import AbstractContextManager

from django.utils.translation import gettext as _

from payments.models import RecoveryCase
from payments.recovery.errors import RecoveryRefused
from registry.access.hands import objection
from registry.access.models import Part, User
from registry.audit.models import AuditEvent, Purpose, Verb
from registry.audit.services import attempt


def case_ref(case_id: int) -> str:
    """How logs and decisions name a case."""
    return f"recovery {case_id}"


def case_attempt(verb: Verb, by: User, case_id: int) -> AbstractContextManager[AuditEvent]:
    """A step of a case in one transaction with its event, or its refusal (P-10)."""
    return attempt(
        RecoveryRefused,
        verb=verb,
        actor=by,
        about=RecoveryCase(pk=case_id),
        case_ref=case_ref(case_id),
        purpose=Purpose.COMPENSATION,
    )


def case_locked(case_id: int, *expected: str) -> RecoveryCase:
    """The case, locked, in one of the states. Raises RecoveryRefused."""
    locked = RecoveryCase.objects.select_for_update(of=("self",)).select_related("payee")
    case = locked.get(pk=case_id)
    if case.status not in expected:
        raise RecoveryRefused(
            _("This recovery is now: {status}. Open it anew.").format(
                status=case.get_status_display()
            )
        )
    return case


def refuse_hand(case: RecoveryCase, by: User, part: Part) -> None:
    """Raises RecoveryRefused with the sentence if the user may not take the part (P-01)."""
    if reason := objection(case, by, part, concerns=case.payee):
        raise RecoveryRefused(reason)
