"""Receiving, reading and correcting lists: who, when, what becomes of it (G-09, G-12, P-01, P-10)."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction
from django.utils.translation import override

from grants.lists import differences, selectors
from grants.lists.errors import ListStepRefused, RowStale
from grants.lists.models import ListFile, ListRow, ListState, PersonList, RowCorrection
from grants.lists.reading.refusals import ListRefused, Refusal
from grants.lists.services import (
    change_undo,
    findings_refresh,
    list_hash,
    list_read,
    list_ready,
    list_receive,
    receiving,
    row_correct,
    row_remove,
    row_restore,
    turns,
)
from grants.lists.services.correcting import last_change
from grants.lists.tasks import sweep
from grants.models import Application
from registry.access.hands import hands_in
from registry.models import AuditEvent
from tests.factories import ApplicationFactory, RoundFactory, municipality, resident
from tests.grants.applications import send
from tests.grants.lists import filled, listed, person, persons

pytestmark = pytest.mark.django_db
AT = datetime(2024, 3, 1, 9, 0, tzinfo=UTC)


@pytest.fixture
def draft(anna) -> Application:
    return ApplicationFactory.create(round=RoundFactory.create(code="L2023"), created_by=anna)


def sent(draft: Application, rows, *, by, content: bytes | None = None) -> PersonList:
    content = filled(rows) if content is None else content
    received = list_receive(draft.pk, content=content, file_name="lista.xlsx", by=by, at=AT)
    list_read(received.pk)
    received.refresh_from_db()
    return received


def correct(row: ListRow, by, **said: str) -> ListRow:
    return row_correct(row.pk, said, seen=last_change(row), by=by, at=AT)


def test_a_list_is_received_read_checked_and_current(draft, anna):
    person_list = sent(
        draft, [person(), person(uma_number="T2", nationality="Absurdistan")], by=anna
    )
    assert (person_list.state, person_list.number, person_list.is_current) == ("read", 1, True)
    first, second = person_list.rows.all()
    assert (first.uma_number, first.birth_date, first.nationality) == (
        "T0000001", date(2015, 3, 5), "AFG",
    )  # fmt: skip
    assert first.municipality == draft.applicant and first.ground_id == "87"
    assert second.raw == {"nationality": "Absurdistan"} and second.nationality == ""
    found = {(f.row.line, f.code) for f in person_list.findings.errors()}
    assert found == {(3, "nationality_unknown"), (3, "identifier_form")}


def test_the_file_is_kept_as_sent_with_its_hash(draft, anna):
    content = filled([person()])
    person_list = sent(draft, [], by=anna, content=content)
    assert bytes(person_list.file.content) == content
    with pytest.raises(IntegrityError), transaction.atomic():
        ListFile.objects.filter(list=person_list).update(content=b"x")
    with pytest.raises(IntegrityError), transaction.atomic():
        PersonList.objects.update(sha256="1" * 64)


@pytest.mark.parametrize(
    ("rows", "refusal"), [([], "no_rows"), ([person(name="010594Y9032")], "identity_code")]
)
def test_of_a_refused_file_only_the_reason_is_kept(rows, refusal, draft, anna):
    person_list = sent(draft, rows, by=anna)
    assert (person_list.state, person_list.refusal) == ("refused", refusal)
    assert not ListFile.objects.exists() and not ListRow.objects.exists()
    assert "010594" not in str(list(PersonList.objects.values()))


def test_a_refused_file_leaves_the_list_before_it_in_force(draft, anna):
    first = sent(draft, [person()], by=anna)
    sent(draft, [], by=anna)
    assert selectors.current_list(draft) == first


def test_a_new_list_takes_the_place_and_says_what_changed(draft, anna):
    sent(draft, [person(), person(uma_number="T200"), person(uma_number="T300")], by=anna)
    new = [person(name="Toinen Nimi"), person(uma_number="T300"), person(uma_number="T400")]
    second = sent(draft, new, by=anna)
    changed = differences.difference(second)
    assert changed and (changed.added, changed.removed, changed.changed) == (1, 1, 1)
    assert changed.lines == [("added", 4), ("changed", 2), ("removed", 3)]
    assert PersonList.objects.current().get() == second and second.number == 2


def test_a_list_read_late_does_not_push_out_a_newer_one(draft, anna):
    early = list_receive(draft.pk, content=filled([person()]), file_name="a", by=anna, at=AT)
    late = sent(draft, [person()], by=anna)
    list_read(early.pk)
    assert PersonList.objects.current().get() == late


def test_a_list_is_read_once_and_by_one(draft, anna, monkeypatch):
    received = list_receive(draft.pk, content=filled([person()]), file_name="a", by=anna, at=AT)
    PersonList.objects.update(held_until=datetime(2999, 1, 1, tzinfo=UTC))
    list_read(received.pk)
    assert PersonList.objects.get().state == ListState.WAITING
    PersonList.objects.update(held_until=datetime(2000, 1, 1, tzinfo=UTC))
    sweep()
    sweep()
    assert PersonList.objects.get().attempt == 1 and ListRow.objects.count() == 1


@pytest.fixture
def waiting(draft, anna, bertta) -> dict[str, int]:
    """Three lists that Anna sent and one that Bertta sent after them, by whose and which."""
    turku = municipality("853")
    hers = ApplicationFactory.create(round=draft.round, applicant=turku, created_by=bertta)
    sent_by = [("a1", draft, anna), ("a2", draft, anna), ("a3", draft, anna), ("b1", hers, bertta)]
    return {
        name: list_receive(one.pk, content=b"x", file_name=name, by=who, at=AT).pk
        for name, one, who in sent_by
    }


def test_lists_are_read_in_the_officers_turns(waiting, monkeypatch):
    read = []
    monkeypatch.setattr(turns, "claimed_read", lambda one: read.append(one.file_name))
    for _list in waiting:
        turns.list_read_next()
        PersonList.objects.filter(file_name=read[-1]).update(state="refused", refusal="empty")
    assert read == ["a1", "b1", "a2", "a3"]
    assert not turns.list_read_next()


def test_no_more_lists_are_read_at_once_than_there_are_readers(waiting, monkeypatch, settings):
    settings.LIST_READERS = 2
    monkeypatch.setattr(turns, "claimed_read", lambda _one: None)
    assert [turns.list_read_next() for _try in range(3)] == [True, True, False]
    PersonList.objects.filter(pk=waiting["a1"]).update(held_until=AT)
    assert turns.list_read_next()


def test_a_file_that_ends_its_reader_each_time_is_refused_at_last(draft, anna):
    received = list_receive(draft.pk, content=filled([person()]), file_name="a", by=anna, at=AT)
    PersonList.objects.update(attempt=receiving.ATTEMPTS)
    list_read(received.pk)
    assert PersonList.objects.get().refusal == Refusal.UNREADABLE


def test_a_list_is_refused_if_the_application_was_sent_while_it_was_read(draft, anna):
    received = list_receive(draft.pk, content=filled([person()]), file_name="a", by=anna, at=AT)
    send(draft)
    list_read(received.pk)
    assert PersonList.objects.get().refusal == Refusal.SENT_MEANWHILE


def test_a_list_over_ten_megabytes_is_refused_and_the_try_is_logged(draft, anna):
    with pytest.raises(ListRefused):
        list_receive(draft.pk, content=b"x" * (10 * 2**20 + 1), file_name="a", by=anna, at=AT)
    assert AuditEvent.objects.latest("pk").outcome == "refused"


def test_an_application_that_was_sent_takes_no_list_and_no_correction(draft, anna):
    person_list = sent(draft, [person()], by=anna)
    row = person_list.rows.get()
    send(draft)
    with pytest.raises(ListStepRefused):
        list_receive(draft.pk, content=b"x", file_name="a", by=anna, at=AT)
    with pytest.raises(ListStepRefused):
        correct(row, anna, name="X")
    for change in ({"name": "X"}, {"is_removed": True}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ListRow.objects.update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        ListRow.objects.all().delete()
    findings_refresh(draft)


def test_a_salary_grant_has_no_list(anna):
    RoundFactory.create(code="L2023")
    draft = ApplicationFactory.create(round=RoundFactory.create(code="P2023"), created_by=anna)
    with pytest.raises(ListStepRefused):
        list_receive(draft.pk, content=b"x", file_name="a", by=anna, at=AT)


def test_a_row_is_corrected_checked_at_once_and_the_change_is_kept(draft, anna):
    """G-12."""
    row = sent(draft, [person(nationality="Absurdistan", birth_date="eilen")], by=anna).rows.get()
    row = correct(row, anna, nationality="Syyria", birth_date="5.3.2015")
    assert (row.nationality, row.birth_date, row.raw) == ("SYR", date(2015, 3, 5), {})
    assert not row.findings.errors().exists()
    kept = [(c.column, c.old, c.new, c.by) for c in row.corrections.all()]
    assert kept == [
        ("birth_date", "eilen", "5.3.2015", anna), ("nationality", "Absurdistan", "SYR", anna),
    ]  # fmt: skip


def test_a_correction_of_nothing_leaves_no_trace(draft, anna):
    row = sent(draft, [person()], by=anna).rows.get()
    correct(row, anna, name="Testinen Testi", municipality="398", ground="Turvapaikka")
    assert not RowCorrection.objects.exists()


def test_a_change_is_undone_and_the_undoing_too(draft, anna):
    row = sent(draft, [person(nationality="Absurdistan")], by=anna).rows.get()
    correct(row, anna, nationality="SYR", name="Uusi")
    row = change_undo(row.pk, seen=last_change(row), by=anna, at=AT.replace(hour=10))
    assert (row.raw, row.name) == ({"nationality": "Absurdistan"}, "Testinen Testi")
    row = change_undo(row.pk, seen=last_change(row), by=anna, at=AT.replace(hour=11))
    assert (row.nationality, row.name) == ("SYR", "Uusi")


def test_a_row_is_removed_and_put_back(draft, anna):
    row = sent(draft, [person(), person()], by=anna).rows.first()
    other = ListRow.objects.exclude(pk=row.pk).get()
    assert other.findings.errors().exists()
    row_remove(row.pk, seen=0, by=anna, at=AT)
    assert not other.findings.errors().exists()
    row_restore(row.pk, seen=last_change(row), by=anna, at=AT)
    assert other.findings.errors().exists()
    row = change_undo(row.pk, seen=last_change(row), by=anna, at=AT)
    assert row.is_removed


def test_what_somebody_else_changed_meanwhile_stands(draft, anna, bertta):
    row = sent(draft, [person()], by=anna).rows.get()
    correct(row, bertta, name="Berttan")
    with pytest.raises(RowStale):
        row_correct(row.pk, {"name": "Annan"}, seen=0, by=anna, at=AT)
    assert ListRow.objects.get().name == "Berttan"


def test_an_identity_code_is_not_taken_in_the_page_either(draft, anna):
    row = sent(draft, [person()], by=anna).rows.get()
    with pytest.raises(ListStepRefused):
        correct(row, anna, name="Testi 010594Y9032")
    assert "010594" not in str(list(ListRow.objects.values()) + list(AuditEvent.objects.values()))


def test_an_older_list_is_not_corrected(draft, anna):
    row = sent(draft, [person()], by=anna).rows.get()
    sent(draft, [person()], by=anna)
    with pytest.raises(ListStepRefused):
        correct(row, anna, name="X")


def test_corrections_are_only_added_to(draft, anna):
    correct(sent(draft, [person()], by=anna).rows.get(), anna, name="X")
    for change in (
        RowCorrection.objects.all().delete,
        lambda: RowCorrection.objects.update(new="y"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_whoever_sends_or_corrects_a_list_has_a_hand_in_the_application(draft, anna, bertta):
    correct(sent(draft, [person()], by=anna).rows.get(), bertta, name="X")
    had = {(hand.user, hand.part) for hand in hands_in(draft)}
    assert had == {(anna, "prepared"), (bertta, "corrected")}


def test_persons_who_are_compared_with_the_register_are_logged(draft, anna):
    known = resident(moved_in=date(2022, 6, 1))
    sent(draft, [person(uma_number=known.uma_number)], by=anna)
    assert AuditEvent.objects.latest("pk").persons == [known.pk]


@override("en")
def test_what_keeps_a_list_from_being_sent_is_said(draft, anna):
    assert "not been sent" in str(list_ready(draft))
    list_receive(draft.pk, content=filled([person()]), file_name="a", by=anna, at=AT)
    assert "being read" in str(list_ready(draft))
    sweep()
    assert list_ready(draft) is None
    sent(draft, [person(nationality="X"), person(uma_number="T200", birth_date="X")], by=anna)
    assert "2 rows" in str(list_ready(draft))
    for row in ListRow.objects.filter(list__is_current=True):
        row_remove(row.pk, seen=0, by=anna, at=AT)
    assert "no persons" in str(list_ready(draft))


def test_the_hash_tells_one_content_from_another(draft, anna):
    assert list_hash(draft) == ""
    row = sent(draft, persons(3), by=anna).rows.first()
    before = list_hash(draft)
    correct(row, anna, name="Toinen")
    assert list_hash(draft) not in (before, "") and len(before) == 64
    change_undo(row.pk, seen=last_change(row), by=anna, at=AT)
    assert list_hash(draft) == before


def test_a_sent_list_may_be_checked_anew_against_the_register_of_the_day():
    person_list = listed([{"uma_number": "T777"}])
    findings_refresh(person_list.application)
    send(person_list.application)
    resident(moved_in=date(2023, 5, 1), person__uma_number="T777")
    findings_refresh(person_list.application)
    assert not person_list.findings.exists()
