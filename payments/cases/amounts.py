"""What the months of cases come to, by the same stages of the law that the run will use (C-39)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

from django.db import connection, transaction

from payments.cases.models import ManualCase, ManualMonth, ManualProposal, Verdict
from payments.cases.rectifying.differences import claim_of, with_granted_before
from payments.claims.models import REDUCED_FROM
from payments.entitlement import stages
from payments.ledger.models import Outcome
from registry.models import Delivery, Organisation

SQL = Path(__file__).parent / "sql"


class Found(NamedTuple):
    """What the law says of a month of a case and of one payee of it, none where nothing is due."""

    case_id: int
    person_id: int
    month: date
    outcome: str
    without_agreement: bool
    lives_in_id: int | None
    county_id: int | None
    payee_id: int | None
    cents: int
    adult_cents: int
    booked_cents: int


@cache
def _statement(name: str) -> str:
    return (SQL / f"{name}.sql").read_text()


def months_found(
    cases: Sequence[ManualCase], proposal: ManualProposal | None, *, today: date
) -> list[ManualMonth]:
    """The months of the cases, not stored, as they would be proposed with their allocations now.

    An applicant's application is about its own lines; the authority's own about everyone's.
    """
    asked = proposal if proposal and proposal.is_application else None
    own = _own(asked, today)
    rows = _rows([case.pk for case in cases], asked, own)
    months: list[ManualMonth] = []
    for _key, found in groupby(rows, key=lambda row: (row.case_id, row.month)):
        group = list(found)
        months += [_applied(group, asked, own)] if asked else _allocated(group)
    is_claim = proposal is not None and claim_of(proposal) is not None
    return with_granted_before(months) if is_claim else months


@transaction.atomic
def _rows(cases: list[int], asked: ManualProposal | None, own: frozenset[int]) -> list[Found]:
    latest = Delivery.objects.order_by("pk").last()
    if latest is None:
        return []
    params: dict[str, Any] = {
        "cases": cases,
        "reduced_before": REDUCED_FROM,
        "reduced_payees": sorted(own) if asked and asked.is_reduced(date.min) else [],
    }
    with connection.cursor() as cursor:
        stages.begin(cursor)
        stages.know_links(cursor)
        cursor.execute(_statement("asked"), params)
        stages.run(cursor, known_at=latest.pk)
        cursor.execute(_statement("months"), params)
        return [Found(*row) for row in cursor.fetchall()]


def _own(asked: ManualProposal | None, today: date) -> frozenset[int]:
    """The applicant and those whose place it has taken (C-33)."""
    if asked is None:
        return frozenset()
    own = Organisation.objects.paid_to(asked.payee_id, today)
    return frozenset({asked.payee_id, *own.values_list("pk", flat=True)})


def _applied(rows: list[Found], asked: ManualProposal, own: frozenset[int]) -> ManualMonth:
    """The applicant's month: granted, or why not. Of another's it says no more than that."""
    first = rows[0]
    mine = next((row for row in rows if row.payee_id in own), None)
    if mine is not None:
        month = _month(mine, _verdict(mine, is_late=asked.is_late(mine.month)))
        month.is_reduced = asked.is_reduced(mine.month)
        return month
    nothing_due = first._replace(payee_id=None, cents=0, adult_cents=0)
    if first.outcome in (Outcome.NO_IDENTITY_CODE, Outcome.NO_HOME_MUNICIPALITY):
        return _month(nothing_due, Verdict.NOT_ALLOCATED)
    is_mine = first.lives_in_id is None or not own.isdisjoint({first.lives_in_id, first.county_id})
    return _month(nothing_due, Verdict.REFUSED if is_mine else Verdict.ELSEWHERE)


def _allocated(rows: list[Found]) -> Iterator[ManualMonth]:
    """Everyone's lines of a month that the authority allocates by itself (P-08)."""
    for row in rows:
        if row.payee_id is not None:
            yield _month(row, _verdict(row, is_late=False))
        elif row.outcome in (Outcome.NO_IDENTITY_CODE, Outcome.NO_HOME_MUNICIPALITY):
            yield _month(row, Verdict.NOT_ALLOCATED)
        else:
            yield _month(row, Verdict.REFUSED)
    if rows[0].without_agreement and rows[0].payee_id is not None:  # the municipality's (C-27)
        yield _month(rows[0]._replace(payee_id=None, cents=0, adult_cents=0), Verdict.REFUSED)


def _verdict(row: Found, *, is_late: bool) -> Verdict:
    if row.booked_cents > 0:
        return Verdict.PAID_BEFORE
    return Verdict.LATE if is_late else Verdict.GRANTED


def _month(row: Found, verdict: Verdict) -> ManualMonth:
    return ManualMonth(
        case_id=row.case_id,
        person_id=row.person_id,
        benefit_month=row.month,
        payee_id=row.payee_id,
        verdict=verdict,
        outcome=row.outcome,
        without_agreement=row.without_agreement,
        amount_cents=row.cents,
        adult_cents=row.adult_cents,
    )
