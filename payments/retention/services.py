"""Placing and lifting legal holds (P-14)."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from grants.models import Application
from payments.models import ManualProposal
from payments.retention.models import LegalHold
from registry.access.models import User
from registry.audit.models import Purpose, Verb
from registry.audit.services import attempt, event_about


class HoldRefused(ValueError):
    """The hold cannot be placed or lifted; the message says why."""


def hold_place(
    matter: Application | ManualProposal, *, reason: str, by: User, today: date
) -> LegalHold:
    """Hold a matter until somebody lifts it. Raises HoldRefused if it is held, or without a reason."""
    of = {"application" if isinstance(matter, Application) else "manual": matter}
    with attempt(
        HoldRefused, verb=Verb.CREATED, actor=by, about=LegalHold, purpose=Purpose.OVERSIGHT
    ) as event:
        type(matter)._default_manager.select_for_update(of=("self",)).get(pk=matter.pk)
        if not reason.strip():
            raise HoldRefused(_("Say why it is held."))
        if LegalHold.objects.in_force().filter(**of).exists():
            raise HoldRefused(_("It is held already."))
        hold = LegalHold.objects.create(**of, reason=reason.strip(), placed_by=by, placed_on=today)
        event_about(event, hold)
        return hold


def hold_lift(hold_id: int, *, by: User, today: date) -> LegalHold:
    """Lift a hold. Raises HoldRefused if somebody has already."""
    with attempt(
        HoldRefused, verb=Verb.CHANGED, actor=by, about=LegalHold, purpose=Purpose.OVERSIGHT
    ) as event:
        hold = LegalHold.objects.select_for_update(of=("self",)).get(pk=hold_id)
        event_about(event, hold)
        if hold.lifted_on is not None:
            raise HoldRefused(_("This hold has been lifted already."))
        hold.lifted_by, hold.lifted_on = by, today
        hold.save(update_fields=["lifted_by", "lifted_on"])
        return hold
