"""Recoveries in short: a payee whose month came to less than nothing, and the months after it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime

from django.db import transaction

from config.lib.months import Month
from payments.models import (
    PayeeCorrection,
    Proposal,
    RecoveryCase,
    RecoveryEntry,
    Run,
    RunStatus,
)
from payments.recovery.models import Regime
from payments.recovery.policies import supplement_decide_by
from payments.recovery.services.opening import run_recover
from payments.recovery.services.proposing import payment_propose
from registry.models import Organisation
from tests.factories import DeliveryFactory, municipality, user_named
from tests.payments.law import home, person_rows
from tests.payments.runs import AT, deliver, settle

SINCE = "2024-05-10"
APPROVED = datetime(2025, 2, 3, 9, 0, tzinfo=UTC)


def left_lahti(*persons: str) -> Run:
    """11/2024 and 12/2024 paid to Lahti for persons; then they are known never to have lived there.

    The run of 1/2025 takes both months back: Lahti's proposal is below zero.
    """
    everyone = persons or ("A",)
    deliver(*(person_rows(uma, moved_in=SINCE, homes=[home("398", SINCE)]) for uma in everyone))
    settle("2024-11")
    settle("2024-12")
    deliver(*(person_rows(uma, moved_in=SINCE, homes=[home("091", SINCE)]) for uma in everyone))
    return settle("2025-01")


def arrives(person: str, code: str = "398", since: str = "2025-01-20") -> None:
    """A delivery that brings a person who lives in the municipality."""
    deliver(person_rows(person, moved_in=since, homes=[home(code, since)]))


def case_of(code: str = "398", kind: str = "municipality") -> RecoveryCase:
    """The latest recovery of a payee."""
    return RecoveryCase.objects.filter(payee__code=code, payee__kind=kind).latest("pk")


def approved_month(
    month: Month, sums: Mapping[Organisation, int], *, at: datetime = APPROVED
) -> Run:
    """An approved run of proposals alone, in cents, and what it does to recoveries."""
    run = Run.objects.create(
        month=month.first_day,
        delivery=DeliveryFactory.create(),
        created_at=at,
        status=RunStatus.DRAFT,
    )
    Proposal.objects.bulk_create(
        Proposal(run=run, payee=payee, persons=1, regular_cents=0, correction_cents=cents)
        for payee, cents in sums.items()
    )
    PayeeCorrection.objects.bulk_create(
        PayeeCorrection(
            run=run, payee=payee, benefit_month=date(2024, 12, 1), cause="other", persons=1,
            added_cents=max(cents, 0), removed_cents=min(cents, 0),
        )
        for payee, cents in sums.items()
    )  # fmt: skip
    for status, name in ((RunStatus.CHECKED, "checker"), (RunStatus.APPROVED, "approver")):
        run.status = status
        setattr(run, f"{status}_by", user_named(name))
        setattr(run, f"{status}_at", at)
        run.save()
    with transaction.atomic():
        run_recover(run)
    return run


def supplement_case(payee: Organisation, cents: int = 50_000) -> RecoveryCase:
    """A recovery of a supplement that was paid on 1.2.2025: the other law, the same ledger."""
    case = RecoveryCase.objects.create(
        regime=Regime.SUPPLEMENT,
        payee=payee,
        claimed_cents=cents,
        concerns_from=date(2025, 1, 1),
        paid_on=date(2025, 2, 1),
        decide_by=supplement_decide_by(
            known_on=date(2025, 3, 1), last_instalment_on=date(2025, 2, 1)
        ),
        opened_on=date(2025, 3, 1),
    )
    RecoveryEntry.objects.create(case=case, kind="claimed", amount_cents=cents, day=case.opened_on)
    return case


def recovery_proposed(code: str) -> int:
    """The id of a recovery of which a payment waits to be confirmed."""
    case = supplement_case(municipality(code))
    payment_propose(
        case.pk, by=user_named("riitta"), cents=100, paid_on=case.opened_on, source="R1", at=AT
    )
    return case.pk
