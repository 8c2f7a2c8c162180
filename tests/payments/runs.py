"""Months worked as in service: deliveries imported, runs computed, two people approving."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

from django.db import connection
from django.db.models import Sum

from config.lib.months import Month
from payments.models import Claim, ClaimApplication, Line, Run, RunStatus
from payments.runs.exports import CLAIMABLE, LINES, PROPOSALS, run_export
from payments.runs.services import run_check_and_approve, run_compute
from registry.deliveries.services import agreements_import, delivery_import
from registry.models import Person, Residence, User
from tests.factories import (
    DeliveryFactory,
    MembershipFactory,
    ResidenceFactory,
    UserFactory,
    municipality,
    resident,
)
from tests.naive.register import Delivery, Reference, write_delivery

ROOT = Path(__file__).resolve().parents[2]
AT = datetime(2026, 1, 2, 9, 0, tzinfo=UTC)
TODAY = date(2026, 1, 2)

PARTITIONS = "SELECT relname FROM pg_class WHERE relname ~ '_run_[0-9]+$' AND relkind = 'r'"
EMPTIED = "registry_delivery, registry_person, registry_identitycode, payments_run"


@cache
def reference() -> Reference:
    """The tables of the law for the naive twin, from the service's own data files."""
    return Reference.load(ROOT / "registry" / "data", ROOT / "payments" / "data")


@contextmanager
def fresh_register() -> Iterator[None]:
    """Empty the register and the ledger afterwards, where a test really commits.

    One transaction for a whole history would hold hundreds of locks a run, on tables long gone.
    """
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(PARTITIONS)
            if names := [name for (name,) in cursor.fetchall()]:
                cursor.execute(f"DROP TABLE {', '.join(names)}")
            cursor.execute("SET session_replication_role = replica")  # hands and logs are kept
            cursor.execute(f"TRUNCATE {EMPTIED} RESTART IDENTITY CASCADE")
            cursor.execute("TRUNCATE registry_hand")
            cursor.execute("SET session_replication_role = origin")


def deliver(*deliveries: Delivery, by: User | None = None) -> None:
    """Import deliveries as files, agreements by their own import; no row may be refused."""
    for rows in deliveries:
        with tempfile.TemporaryDirectory() as name:
            write_delivery(rows, name)
            _import(Path(name), by)


def _import(folder: Path, by: User | None) -> None:
    agreements = folder / "agreements.csv"
    if agreements.exists():
        agreements_import(agreements, received_at=AT, today=TODAY, received_by=by)
        agreements.unlink()
    if any(folder.iterdir()):
        delivery = delivery_import(folder, received_at=AT, today=TODAY, received_by=by)
        assert not delivery.rejected_rows.exists()


def compute(month: str | date, *, by: User | None = None, workers: int = 1) -> Run:
    """The draft of a month."""
    return run_compute(_month(month), at=AT, prepared_by=by, workers=workers)


def settle(month: str | date) -> Run:
    """Compute a month and have it approved by two people."""
    return approve(compute(month))


def february_after_a_move(mover: Person) -> Run:
    """January 2025 paid to Lahti, then the draft of February, whose delivery moves them to Turku."""
    resident(lives_in="398")
    resident(lives_in="091")
    settle("2025-01")
    moved = DeliveryFactory.create()
    identity = mover.details.get().identity
    Residence.objects.filter(identity=identity).update(closed_by=moved)
    lahti, turku = date(2024, 2, 1), date(2024, 12, 20)
    ResidenceFactory(brought_by=moved, identity=identity, moved_in=lahti, moved_out="2024-12-19")
    ResidenceFactory(
        brought_by=moved, identity=identity, moved_in=turku, municipality=municipality("853")
    )
    return run_compute(Month(2025, 2), at=datetime(2025, 2, 3, tzinfo=UTC), workers=1)


def approve(run: Run) -> Run:
    """Have a draft approved as it is by two people."""
    return run_check_and_approve(
        run.pk,
        checker=_user("checker"),
        approver=_user("approver"),
        at=AT,
        accepting="looked at",
    )


def _user(name: str) -> User:
    return User.objects.filter(username=name).first() or UserFactory(username=name)


def _month(month: str | date) -> Month:
    return Month.parse(month) if isinstance(month, str) else Month.of(month)


def texts(month: str | date) -> dict[str, str]:
    """What the exports of a run write: its lines, claimable entries and proposals."""
    queries = {"lines": LINES, "claimable": CLAIMABLE, "proposals": PROPOSALS}
    return {name: exported(month, query) for name, query in queries.items()}


def exported(month: str | date, query: str) -> str:
    """The text of one export."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export.csv"
        run_export(_month(month), query, path)
        return path.read_text(encoding="utf-8")


def rows(month: str | date, query: str = LINES) -> list[str]:
    """The rows of one export, without its header."""
    return exported(month, query).splitlines()[1:]


def claimed(person: Person, code: str) -> int:
    """The id of a municipality's application for January 2025 of the person."""
    officer = MembershipFactory.create(organisation=municipality(code)).user
    application = ClaimApplication.objects.create(
        applicant=municipality(code), applied_by=officer, applied_on=date(2025, 3, 3)
    )
    Claim.objects.create(
        application=application,
        person=person,
        benefit_month=date(2025, 1, 1),
        payee=municipality(code),
        route="claim",
    )
    return application.pk


Booked = Mapping[tuple[str, str, str, str], int]


def booked(umas: Iterable[str] | None = None) -> Booked:
    """Sums of the approved runs by person, benefit month, payee and component, in cents."""
    lines = Line.objects.filter(run__status=RunStatus.APPROVED)
    if umas is not None:
        lines = lines.filter(person__uma_number__in=list(umas))
    keys = ("person__uma_number", "benefit_month", "payee__code", "component")
    sums = lines.values_list(*keys).annotate(cents=Sum("amount_cents"))
    return {
        (uma, f"{month:%Y-%m}", payee, component): cents
        for uma, month, payee, component, cents in sums
        if cents
    }
