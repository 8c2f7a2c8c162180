"""The page of the disclosure log, and what both pages say of the chain (P-10)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from registry.audit.anchors import anchor_path
from registry.audit.models import DATA_SUBJECT, EXTRACT
from registry.audit.tasks import verify_audit
from registry.models import AuditEvent, DisclosureEvent, Verification
from tests.factories import PersonFactory
from tests.registry.audit import sealed, tamper

PAGE = "/disclosure-log/"
PAGES = (PAGE, "/access-log/")


@pytest.fixture
def person(db):
    return PersonFactory.create(uma_number="U0000888")


@pytest.fixture
def events(person, kalle, tarja) -> list[DisclosureEvent]:
    def event(day: int, **values) -> DisclosureEvent:
        values = {"recipient": "Statskontoret", "content_class": "person list"} | values
        at = datetime(2026, 10, day, 9, tzinfo=UTC)
        return DisclosureEvent.objects.create(at=at, ground="JulkL 29 §", **values)

    return [
        event(1, actor=kalle, persons=[5]),
        event(2, actor=tarja, persons=[person.pk], recipient=DATA_SUBJECT, content_class=EXTRACT),
    ]


@pytest.fixture
def officer(client, tarja):
    client.force_login(tarja)
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def anchors(settings, tmp_path):
    settings.AUDIT_ANCHOR_FOLDER = tmp_path
    return tmp_path


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, [2, 1]),
        ({"username": "kalle"}, [1]),
        ({"uma_number": "U0000888"}, [2]),
        ({"first_day": "2026-10-02"}, [2]),
        ({"last_day": "1.10.2026"}, [1]),
    ],
)
def test_disclosures_are_found(officer, events, asked, expected):
    shown = [event.pk for event in officer.post(PAGE, asked).context["rows"]]
    assert shown == [events[number - 1].pk for number in expected]


def test_the_page_tells_who_was_told_what(officer, events):
    page = officer.get(PAGE).content.decode()
    for text in ("Statskontoret", "The data subject", "extract of one person", "JulkL 29 §"):
        assert text in page


def test_looking_is_an_event_that_concerns_the_person(officer, events, person):
    officer.post(PAGE, {"uma_number": "U0000888"})
    last = AuditEvent.objects.latest("pk")
    assert (last.verb, last.object_type) == ("searched", "registry.disclosureevent")
    assert last.persons == [person.pk]


@pytest.mark.parametrize("page", PAGES)
def test_a_log_never_verified_says_so(officer, page):
    assert "has not been verified yet" in officer.get(page).content.decode()


@pytest.mark.parametrize("page", PAGES)
def test_the_last_result_seal_and_anchor_are_shown(officer, page, anchors):
    sealed(4)
    officer.post("/access-log/verify/")
    text = officer.get(page).content.decode()
    assert "whole" in text and "seals" in text
    assert "23.11.2026, of seal" in text


def test_a_broken_log_is_told_and_kept(officer, anchors):
    event = sealed(4)[1]
    tamper("UPDATE registry_auditevent SET verb = 'changed' WHERE id = %s", event.pk)
    answer = officer.post("/access-log/verify/", follow=True)
    assert f"entry {event.pk}" in Verification.objects.get().broken
    assert f"entry {event.pk}" in answer.content.decode()


def test_the_daily_task_keeps_its_result(anchors, db):
    sealed(4)
    verify_audit()
    kept = Verification.objects.get()
    assert (kept.broken, kept.entries, kept.seals) == ("", 4, 2)


def test_an_anchor_file_that_is_none_is_told(officer, anchors):
    anchor_path().write_text("not an anchor\n")
    assert "anchors.txt:1 is not an anchor." in officer.get(PAGE).content.decode()


def test_the_page_costs_a_fixed_number_of_queries(officer, events, django_assert_num_queries):
    with django_assert_num_queries(4 + 3 + 2):
        officer.get(PAGE)
