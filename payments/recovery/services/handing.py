"""Handing a support that was paid over to recovery: the State Grants Act's regime (P-07, 688/2001)."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import Max, Q, Sum
from django.utils.translation import gettext as _

from config.lib.money import finnish
from grants.applications.states import Deed
from grants.applications.steps import step_take
from grants.models import Application
from grants.review.attempts import case_attempt
from grants.review.errors import ReviewRefused
from payments.models import Transfer
from payments.recovery.models import CaseStatus, EntryKind, RecoveryCase, RecoveryEntry, Regime
from payments.recovery.policies import supplement_decide_by
from registry.access.models import User
from registry.audit.models import Verb


def support_recover(
    application_id: int, *, cents: int, known_on: date, by: User, at: datetime, today: date
) -> RecoveryCase:
    """Open a recovery of so much of what an application was paid; hearing and deciding follow.

    `known_on` is the day the fact became known, from which the time to decide runs. Raises
    ReviewRefused if it asks for more than was paid and has not been handed over yet.
    """
    with case_attempt(Verb.CREATED, by, application_id, deed=Deed.RECOVERED) as (
        application,
        event,
    ):
        paid_on = _refuse_more_than_paid(application, cents)
        if not paid_on <= known_on <= today:
            raise ReviewRefused(
                _("The fact became known after the payment, and not in the future.")
            )
        step_take(application, Deed.RECOVERED, by=by, at=at)
        case = _open(application, cents, paid_on=paid_on, known_on=known_on, today=today)
        event.details["recovery"] = case.pk
        return case


def _refuse_more_than_paid(application: Application, cents: int) -> date:
    """The day of the last payment. Raises ReviewRefused."""
    paid = Transfer.objects.filter(
        Q(order__support__application=application) | Q(order__cost__application=application),
        status="paid",
    )
    sums = paid.aggregate(cents=Sum("amount_cents", default=0), last=Max("paid_on"))
    handed = application.recoveries.aggregate(cents=Sum("claimed_cents", default=0))["cents"]
    left = sums["cents"] - handed
    if not 0 < cents <= left:
        raise ReviewRefused(
            _("{left} has been paid and not been handed over to recovery.").format(
                left=finnish(left)
            )
        )
    last: date = sums["last"]
    return last


@transaction.atomic
def _open(
    application: Application, cents: int, *, paid_on: date, known_on: date, today: date
) -> RecoveryCase:
    case = RecoveryCase.objects.create(
        regime=Regime.SUPPLEMENT,
        payee=application.applicant,
        application=application,
        claimed_cents=cents,
        concerns_from=application.round.arrivals_from.replace(day=1),
        paid_on=paid_on,
        decide_by=supplement_decide_by(known_on=known_on, last_instalment_on=paid_on),
        opened_on=today,
    )
    RecoveryEntry.objects.create(case=case, kind=EntryKind.CLAIMED, amount_cents=cents, day=today)
    case.status = CaseStatus.REPAY  # months of another law are not set off against it undecided
    case.save(update_fields=["status"])
    return case
