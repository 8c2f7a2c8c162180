"""The service's database role owns nothing, as README has it, and does the whole month (P-10)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import IntegrityError, ProgrammingError, connection, transaction

from config.lib import bulk
from payments.models import Line, RunStatus
from payments.runs.partitions import drop
from registry.deliveries.layout import PERMITS, PERSONS
from registry.models import Permit
from tests.deliveries import CODE_A, bring, permit, person, write
from tests.factories import resident
from tests.payments import runs

ROLE = "month_test_service"
README = Path(__file__).resolve().parents[2] / "README.md"
GRANTS = re.compile(r"^    (GRANT [^;]+) TO ROLE;$", re.MULTILINE)


@pytest.fixture
def as_service(db, capsys):
    """Be the role that README describes, for the rest of the test."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE ROLE {ROLE}")
        for grant in GRANTS.findall(README.read_text()):
            cursor.execute(f"{grant} TO {ROLE}")
        call_command("audit_restrict", ROLE)
        cursor.execute(f"SET LOCAL ROLE {ROLE}")
    yield
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")


@pytest.fixture
def delivered(db):
    resident(lives_in="398")


def test_a_month_is_computed_again_and_approved(delivered, as_service):
    runs.compute("2025-01")
    run = runs.approve(runs.compute("2025-01"))
    assert run.status == RunStatus.APPROVED
    assert Line.objects.filter(run=run).exists()


def test_a_large_first_delivery_is_loaded_with_the_keys_on(as_service, monkeypatch, tmp_path):
    monkeypatch.setattr(bulk, "WORTH_IT", 1)
    rows = {PERSONS: [person("U1", CODE_A)], PERMITS: [permit("P1", "U1")]}
    bring(write(tmp_path, rows))
    assert Permit.objects.count() == 1


@pytest.mark.parametrize(
    "deed",
    [
        "DELETE FROM payments_line",
        "TRUNCATE payments_line",
        "DROP TABLE payments_line",
        "ALTER TABLE payments_line DISABLE TRIGGER USER",
        "CREATE TABLE of_its_own (id int)",
    ],
)
def test_what_is_booked_is_out_of_its_reach(delivered, as_service, deed):
    run = runs.settle("2025-01")
    for statement in (deed, deed.replace("payments_line", f"payments_line_run_{run.pk}")):
        with (
            pytest.raises((ProgrammingError, IntegrityError)),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


def test_partitions_of_an_approved_run_are_not_dropped_even_by_the_owner_of_the_tables(delivered):
    run = runs.settle("2025-01")
    with pytest.raises(IntegrityError, match="approved run are kept"), transaction.atomic():
        drop(run.pk)
    assert Line.objects.filter(run=run).exists()
