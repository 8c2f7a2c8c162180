"""Measure a finished run against the limits in force for its month; keep what is beyond them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Q, Sum
from django.utils import timezone

from payments.bank.models import BankDetails
from payments.changes.models import Change, RunChange
from payments.checks.models import Check, CheckLimit, RunAnomaly
from payments.ledger.models import Outcome, Proposal, RunCorrection, RunOutcome
from payments.runs.models import Run
from registry.models import Delivery, DeliveryKind


@dataclass(frozen=True)
class Measure:
    """Something measured: per cent, days or payees; how much it is about; its sentence's numbers."""

    kind: Check
    measured: Decimal
    size: int
    facts: dict[str, Any]
    payee: int | None = None


def anomalies_find(run: Run) -> list[RunAnomaly]:
    """Store the run's anomalies, in its finishing transaction."""
    limits = {limit.kind: limit for limit in CheckLimit.objects.in_force(run.month)}
    return RunAnomaly.objects.bulk_create(
        RunAnomaly(
            run=run,
            kind=measure.kind,
            payee_id=measure.payee,
            measured=measure.measured,
            limit=limits[measure.kind].limit,
            facts=measure.facts,
        )
        for measure in _measures(run)
        if _is_beyond(measure, limits.get(measure.kind))
    )


def _is_beyond(measure: Measure, limit: CheckLimit | None) -> bool:
    return limit is not None and measure.measured > limit.limit and measure.size >= limit.least


def _measures(run: Run) -> Iterator[Measure]:
    last = Run.objects.approved().filter(month__lt=run.month).order_by("-month").first()
    if last is not None:
        yield from _payees(run)
    yield _corrections(run)
    yield from _delivery_age(run)
    yield _refused_rows(run, since=last.delivery_id if last else 0)
    yield _no_bank_details(run)
    yield _no_identity_code(run)


def _percent(part: int, whole: int) -> Decimal:
    """A share in per cent; all of it where there is nothing to compare with."""
    share = Decimal(100) if not whole else Decimal(abs(part) * 100) / Decimal(abs(whole))
    return share.quantize(Decimal("0.01"))


def _payees(run: Run) -> Iterator[Measure]:
    """Each payee's sum and persons against its regular lines of last month; two queries."""
    rows = RunChange.objects.filter(run=run, kind=Change.LAST).exclude(payee=None)
    last = {row.payee_id: row for row in rows}
    now = {row.payee_id: row for row in Proposal.objects.filter(run=run)}
    for payee in sorted(now.keys() | {key for key in last if key is not None}):
        before, after = last.get(payee), now.get(payee)
        cents = (before.cents if before else 0, after.amount_cents if after else 0)
        persons = (before.persons if before else 0, after.persons if after else 0)
        for kind, (was, is_now) in ((Check.PAYEE_TOTAL, cents), (Check.PAYEE_PERSONS, persons)):
            change = is_now - was
            facts = {"before": was, "now": is_now}
            yield Measure(
                kind, _percent(change, was) if change else Decimal(0), abs(change), facts, payee
            )


def _corrections(run: Run) -> Measure:
    """What is corrected, up and down together, of this month's regular lines."""
    sums = RunCorrection.objects.filter(run=run).aggregate(
        added=Sum("added_cents", default=0), removed=Sum("removed_cents", default=0)
    )
    regular = Proposal.objects.filter(run=run).aggregate(s=Sum("regular_cents", default=0))["s"]
    corrected = sums["added"] - sums["removed"]
    share = _percent(corrected, regular) if corrected else Decimal(0)
    return Measure(
        Check.CORRECTIONS, share, corrected, {"corrected": corrected, "regular": regular}
    )


def _delivery_age(run: Run) -> Iterator[Measure]:
    """Days from the registry delivery that the run rests on to the run."""
    deliveries = Delivery.objects.filter(pk__lte=run.delivery_id, kind=DeliveryKind.REGISTRY)
    latest = deliveries.order_by("-pk").first()
    if latest is not None:
        days = _day(run.created_at) - _day(latest.received_at)
        yield Measure(
            Check.DELIVERY_AGE,
            Decimal(days.days),
            days.days,
            {"delivery": latest.pk, "days": days.days},
        )


def _day(moment: Any) -> Any:
    return timezone.localtime(moment).date()


def _refused_rows(run: Run, *, since: int) -> Measure:
    """Rows refused in the deliveries that the run is the first to rest on."""
    deliveries = Delivery.objects.filter(pk__gt=since, pk__lte=run.delivery_id)
    files = [file for delivery in deliveries for file in delivery.counts.values()]
    rows, refused = (sum(file.get(name, 0) for file in files) for name in ("rows", "refused"))
    share = _percent(refused, rows) if refused else Decimal(0)
    return Measure(Check.REFUSED_ROWS, share, refused, {"refused": refused, "rows": rows})


def _no_bank_details(run: Run) -> Measure:
    """Payees with something to pay and no details in force on the day of the run."""
    details = BankDetails.objects.in_force(_day(run.created_at))
    held = Proposal.objects.filter(
        ~Q(Exists(details.filter(payee=OuterRef("payee")))), run=run, payable_cents__gt=0
    )
    payees, cents = held.count(), held.aggregate(s=Sum("payable_cents", default=0))["s"]
    facts = {"payees": payees, "cents": cents}
    return Measure(Check.NO_BANK_DETAILS, Decimal(payees), cents, facts)


def _no_identity_code(run: Run) -> Measure:
    """Persons whom UMA knows without an identity code, of all assessed."""
    sums = RunOutcome.objects.filter(run=run).aggregate(
        all=Sum("persons", default=0),
        without=Sum("persons", filter=Q(outcome=Outcome.NO_IDENTITY_CODE), default=0),
    )
    without, assessed = sums["without"], sums["all"]
    share = _percent(without, assessed) if without else Decimal(0)
    facts = {"without": without, "assessed": assessed}
    return Measure(Check.NO_IDENTITY_CODE, share, without, facts)
