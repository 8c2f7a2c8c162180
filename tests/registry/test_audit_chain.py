"""The log cannot lie: what is altered, deleted, inserted or reordered is found and named (P-10)."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from registry.audit.anchors import anchor_path
from registry.audit.models import Unsealed, Verb
from registry.audit.sealing import audit_seal
from registry.audit.services import audit_record
from registry.audit.verifying import Broken, audit_verify
from registry.models import AuditEvent, Seal
from tests.registry.audit import AT, DAY, LATER, disclose, look, seal, sealed, tamper

pytestmark = pytest.mark.django_db
LOG_TABLES = ("registry_auditevent", "registry_disclosureevent", "registry_seal")


@pytest.fixture(autouse=True)
def anchors(settings, tmp_path):
    settings.AUDIT_ANCHOR_FOLDER = tmp_path
    settings.LANGUAGE_CODE = "en"


def broken() -> str:
    with pytest.raises(Broken) as found:
        audit_verify(at=LATER)
    return str(found.value)


def test_a_sealed_log_is_whole():
    sealed(5)
    disclose(1, 2)
    seal()
    look(3)
    verified = audit_verify(at=LATER)
    assert (verified.seals, verified.entries, verified.waiting, verified.anchors) == (4, 6, 1, 1)
    assert list(Seal.objects.order_by("number").values_list("log", "count")) == [
        ("audit", 2), ("audit", 2), ("audit", 1), ("disclosure", 1),
    ]  # fmt: skip


def test_an_empty_log_is_whole():
    assert audit_verify(at=LATER).entries == 0


def test_sealing_again_changes_nothing():
    sealed(3)
    assert audit_seal(at=AT).seals == 0
    assert not Unsealed.objects.exists()


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE registry_auditevent SET at = at",
        "UPDATE registry_disclosureevent SET at = at",
        "UPDATE registry_seal SET log = log",
        "UPDATE registry_unsealed SET log = log",
        *(f"DELETE FROM {table}" for table in LOG_TABLES),
        *(f"TRUNCATE {table}" for table in (*LOG_TABLES, "registry_unsealed")),
    ],
)
def test_the_database_refuses_to_change_the_log(change):
    sealed(1)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(IntegrityError, match="never changed or deleted"), transaction.atomic():
            cursor.execute(change)


@pytest.mark.parametrize(
    "change",
    [
        "verb = 'searched'",
        "at = at + interval '1 second'",
        "persons = '{7}'",
        "case_ref = 'run 2026-10'",
        "object_id = '9'",
        "purpose = 'oversight'",
        "outcome = 'refused'",
        "details = '{\"a\": 1}'",
        "object_type = 'registry.person'",
    ],
)
def test_an_altered_entry_is_named(change):
    third = sealed(5)[2]
    tamper(f"UPDATE registry_auditevent SET {change} WHERE id = %s", third.pk)
    assert broken() == f"Seal 2: entry {third.pk} of the access log has been altered."


def test_an_entry_given_another_actor_is_named(kalle, hilkka):
    event = look(actor=kalle)
    seal()
    tamper("UPDATE registry_auditevent SET actor_id = %s WHERE id = %s", hilkka.pk, event.pk)
    assert broken() == f"Seal 1: entry {event.pk} of the access log has been altered."


def test_a_deleted_entry_is_named():
    fourth = sealed(5)[3]
    tamper("DELETE FROM registry_auditevent WHERE id = %s", fourth.pk)
    assert broken() == f"Seal 2: entry {fourth.pk} of the access log is missing."


def test_a_deleted_disclosure_is_named():
    event = disclose(1)
    seal()
    tamper("DELETE FROM registry_disclosureevent")
    assert broken() == f"Seal 1: entry {event.pk} of the disclosure log is missing."


def test_an_entry_put_in_is_named():
    last = sealed(3)[-1]
    tamper(
        "INSERT INTO registry_auditevent (id, case_ref, persons, verb, outcome, object_type,"
        " object_id, purpose, details) SELECT id + 1000, case_ref, persons, verb, outcome,"
        " object_type, object_id, purpose, details FROM registry_auditevent WHERE id = %s",
        last.pk,
    )
    assert f"Entry {last.pk + 1000} of the access log is in no seal" in broken()


def test_entries_that_changed_places_are_named():
    events = sealed(4)
    first, second = events[0].pk, events[3].pk
    tamper("UPDATE registry_auditevent SET id = -1 WHERE id = %s", first)
    tamper("UPDATE registry_auditevent SET id = %s WHERE id = %s", first, second)
    tamper("UPDATE registry_auditevent SET id = %s WHERE id = -1", second)
    assert broken() == f"Seal 1: entry {first} of the access log has been altered."


def test_an_entry_deleted_before_its_seal_is_named():
    event = look(1)
    tamper("DELETE FROM registry_auditevent")
    seal()
    assert broken() == f"Entry {event.pk} of the access log went missing before it was sealed."


def test_an_entry_kept_from_its_seal_is_named():
    event = look(1)
    tamper("DELETE FROM registry_unsealed")
    seal()
    assert f"Entry {event.pk} of the access log is in no seal" in broken()


@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        ("DELETE FROM registry_seal WHERE number = 2", "Seal 2 is missing."),
        ("DELETE FROM registry_seal WHERE number = 3", "Seal 3 is anchored but missing."),
        ("UPDATE registry_seal SET number = 9 WHERE number = 1", "Seal 1 is missing."),
        ("UPDATE registry_seal SET hash = sha256('') WHERE number = 2", "Seal 2 has been altered."),
        (
            "UPDATE registry_seal SET sealed_at = sealed_at + interval '1 day' WHERE number = 1",
            "Seal 1 has been altered.",
        ),
        ("UPDATE registry_seal SET count = 9 WHERE number = 2", "Seal 2 has been altered."),
        (
            "UPDATE registry_seal SET event_ids = event_ids[1:1] WHERE number = 1",
            "Seal 1 has been altered.",
        ),
        (
            "UPDATE registry_seal SET previous_hash = sha256('') WHERE number = 2",
            "Seal 2 does not follow the one before.",
        ),
    ],
)
def test_a_tampered_seal_is_named(statement, sentence):
    sealed(5)
    tamper(statement)
    assert broken() == sentence


def test_a_chain_written_anew_is_caught_by_the_anchor():
    events = sealed(4)
    tamper("UPDATE registry_auditevent SET verb = 'searched' WHERE id = %s", events[0].pk)
    tamper("DELETE FROM registry_seal")
    tamper("INSERT INTO registry_unsealed SELECT 'audit', id FROM registry_auditevent")
    audit_seal(at=AT, batch=2)
    assert broken() == "Seal 2 is not the one anchored on 2026-11-23."


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "There are seals but no anchor."),
        ("2026-11-23 1 nonsense\n", "anchors.txt:1 is not an anchor."),
        (f"{DAY} 2 {'0' * 64} 3\n", "Seal 2 is not the one anchored on 2026-11-23."),
        (f"{DAY} 5 {'0' * 64} 3\n", "Seal 5 is anchored but missing."),
    ],
)
def test_an_altered_anchor_is_found(text, sentence):
    sealed(3)
    anchor_path().write_text(text)
    assert broken() == sentence


def test_a_missing_anchor_file_is_found():
    sealed(3)
    anchor_path().unlink()
    assert broken() == "There are seals but no anchor."


def test_the_last_days_anchor_may_not_be_missing():
    sealed(1)
    lines = anchor_path().read_text()
    anchor_path().write_text(lines.replace("2026-11-23", "2026-11-22"))
    assert broken() == "The anchor of 2026-11-23 is missing."


def test_one_anchor_a_day_unless_asked(capsys):
    sealed(1)
    look(2)
    seal()
    assert len(anchor_path().read_text().splitlines()) == 1
    call_command("seal_audit", "--anchor")
    assert len(anchor_path().read_text().splitlines()) == 2
    assert audit_verify(at=LATER).anchors == 2


def test_the_commands_tell_and_exit(capsys):
    event = look(1)
    call_command("seal_audit")
    assert "1 entries sealed in 1 seals." in capsys.readouterr().out
    call_command("verify_audit")
    assert "The log is whole: 1 entries in 1 seals, 1 anchors; 0 entries" in capsys.readouterr().out
    tamper("DELETE FROM registry_auditevent")
    with pytest.raises(CommandError, match=f"entry {event.pk}") as refused:
        call_command("verify_audit")
    assert refused.value.returncode == 1


def test_text_that_looks_like_another_column_is_hashed_apart():
    audit_record(verb=Verb.VIEWED, actor=None, case_ref="a,b")
    seal()
    tamper("UPDATE registry_auditevent SET case_ref = 'a', object_type = 'b'")
    assert "has been altered" in broken()
    assert AuditEvent.objects.count() == 1


def test_a_seal_just_made_need_not_be_anchored_yet():
    look(1)
    audit_seal(at=AT)
    assert audit_verify(at=AT).anchors == 0
    assert broken() == "There are seals but no anchor."


def test_an_anchor_counts_what_its_seal_closes():
    sealed(3)
    assert anchor_path().read_text().split()[::3] == ["2026-11-23", "3"]
