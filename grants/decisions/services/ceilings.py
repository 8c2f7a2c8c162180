"""Proposing a salary grant: up to a ceiling, of which claims of costs are paid later (P-02, P-06)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from grants.applications.models import Application
from grants.applications.states import Deed
from grants.applications.steps import step_take
from grants.decisions.ceilings import applied_cents, refuse_above_applied
from grants.decisions.models import Ruling, SupportProposal
from grants.decisions.services.proposing import proposal_store
from grants.hearings.selectors import latest_hearing
from grants.review.attempts import case_attempt
from grants.review.errors import ReviewRefused
from grants.review.models import Phrase
from registry.access.models import User
from registry.audit.models import Verb


@dataclass(frozen=True)
class Ceiling:
    """What is proposed: a ceiling in cents, or why none; a refusal has no cents.

    `unheard` says why the applicant is not heard on less than it applied for (434/2003 § 34).
    """

    cents: int
    reasons: str
    conditions: str = ""
    is_inadmissible: bool = False
    unheard: Phrase | None = None


def ceiling_propose(
    application_id: int, ceiling: Ceiling, *, by: User, at: datetime
) -> SupportProposal:
    """Propose a salary grant up to a ceiling, or its refusal or dismissal (P-02).

    Raises ReviewRefused above what was applied for, or if reasons or a hearing are missing where
    anything is refused; ApplicationRefused if the application is not in check.
    """
    with case_attempt(Verb.PROPOSED, by, application_id, deed=Deed.PROPOSED) as (
        application,
        event,
    ):
        if application.round.has_list:
            raise ReviewRefused(_("This support is granted by the rows of its list."))
        refuse_above_applied(application, ceiling.cents)
        step_take(application, Deed.PROPOSED, by=by, at=at)
        ruling = _ruling(application, ceiling)
        proposal = SupportProposal(
            application=application,
            ruling=ruling,
            reasons=ceiling.reasons,
            conditions=ceiling.conditions.strip(),
            amount_cents=0 if ceiling.is_inadmissible else ceiling.cents,
            unheard=_unheard(application, ruling, ceiling.unheard, timezone.localdate(at)),
            proposed_by=by,
            proposed_at=at,
        )
        event.details["proposal"] = proposal_store(proposal, before=0).pk
        return proposal


def _ruling(application: Application, ceiling: Ceiling) -> Ruling:
    if ceiling.is_inadmissible:
        return Ruling.INADMISSIBLE
    if not ceiling.cents:
        return Ruling.REFUSED
    return Ruling.GRANTED if ceiling.cents == applied_cents(application) else Ruling.PARTLY


def _unheard(
    application: Application, ruling: Ruling, why: Phrase | None, today: date
) -> Phrase | None:
    """Why the applicant is not heard, where it has to be said (§ 34). Raises ReviewRefused."""
    hearing = latest_hearing(application)
    if hearing is not None and not hearing.is_over(today):
        raise ReviewRefused(_("The applicant still has time to answer the hearing."))
    if ruling in (Ruling.GRANTED, Ruling.INADMISSIBLE) or hearing is not None:
        return None
    if application.completion_requests.filter(
        Q(answered_at__isnull=False) | Q(closed_at__isnull=False)
    ).exists():
        return None
    if why is None:
        raise ReviewRefused(
            _(
                "Less is granted than was applied for. Hear the applicant, or choose why that is "
                "not needed."
            )
        )
    return why
