"""Sealing while others write, and the database role that can only add (P-10)."""

from __future__ import annotations

import threading
from itertools import chain

import pytest
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection, transaction

from registry.audit.models import Unsealed
from registry.audit.sealing import audit_seal
from registry.audit.verifying import audit_verify
from registry.models import AuditEvent, Seal
from tests.registry.audit import AT, LATER, look, seal

WRITERS, EVENTS = 3, 15


@pytest.fixture(autouse=True)
def anchors(settings, tmp_path):
    settings.AUDIT_ANCHOR_FOLDER = tmp_path


class Writer(threading.Thread):
    """Someone else's transaction: writes an event, and commits when it is let."""

    def __init__(self) -> None:
        super().__init__()
        self.written, self.may_commit = threading.Event(), threading.Event()
        self.event_id = 0

    def run(self) -> None:
        try:
            with transaction.atomic():
                self.event_id = look(1).pk
                self.written.set()
                self.may_commit.wait(timeout=20)
        finally:
            connection.close()


@pytest.mark.django_db(transaction=True)
def test_an_event_of_a_transaction_still_open_is_in_a_later_seal():
    slow = Writer()
    slow.start()
    assert slow.written.wait(timeout=20)
    later = look(2)
    assert later.pk > slow.event_id
    seal()
    assert list(Seal.objects.values_list("event_ids", flat=True)) == [[later.pk]]
    slow.may_commit.set()
    slow.join()
    seal()
    assert list(Seal.objects.order_by("number").values_list("event_ids", flat=True)) == [
        [later.pk],
        [slow.event_id],
    ]
    assert audit_verify(at=LATER).entries == 2


@pytest.mark.django_db(transaction=True)
def test_writers_and_sealers_at_once_leave_every_event_in_one_seal():
    def write() -> None:
        for number in range(EVENTS):
            look(number)
        connection.close()

    def seal_often() -> None:
        for _turn in range(EVENTS):
            audit_seal(at=AT, batch=4)
        connection.close()

    threads = [threading.Thread(target=write) for _ in range(WRITERS)]
    threads += [threading.Thread(target=seal_often) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seal()
    in_seals = sorted(chain.from_iterable(Seal.objects.values_list("event_ids", flat=True)))
    assert in_seals == sorted(AuditEvent.objects.values_list("pk", flat=True))
    assert len(in_seals) == WRITERS * EVENTS and not Unsealed.objects.exists()
    assert audit_verify(at=LATER).entries == WRITERS * EVENTS


@pytest.fixture
def service_role(db) -> str:
    """A role that may do all but own, as one that another role's migrations have served."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE audit_test_service")
        cursor.execute("GRANT ALL ON ALL TABLES IN SCHEMA public TO audit_test_service")
        cursor.execute("GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO audit_test_service")
    return "audit_test_service"


def test_the_restricted_role_adds_seals_and_verifies(service_role, capsys):
    call_command("audit_restrict", service_role)
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {service_role}")
    look(1)
    seal()
    assert audit_verify(at=LATER).entries == 1
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")


@pytest.mark.parametrize(
    "table", ["registry_auditevent", "registry_disclosureevent", "registry_seal"]
)
@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM {}",
        "TRUNCATE {}",
        "CREATE TRIGGER t AFTER INSERT ON {} EXECUTE FUNCTION registry_keep_log()",
    ],
)
def test_the_restricted_role_cannot_change_the_log(service_role, capsys, table, change):
    call_command("audit_restrict", service_role)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {service_role}")
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            cursor.execute(change.format(table))
        cursor.execute("RESET ROLE")


def test_a_role_that_could_undo_it_is_refused(db):
    owner = connection.settings_dict["USER"]
    with pytest.raises(CommandError, match=owner) as refused:
        call_command("audit_restrict", owner)
    assert refused.value.returncode == 1


def test_a_role_that_is_not_there_is_refused(db):
    with pytest.raises(CommandError, match="nobody_at_all"):
        call_command("audit_restrict", "nobody_at_all")
