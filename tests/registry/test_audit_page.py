"""The page of the access log: found by user, person, verb and days; looking is logged (P-10)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from registry.audit.models import Verb
from registry.models import AuditEvent
from tests.factories import PersonFactory

PAGE = "/access-log/"
SIGNED_IN = 4  # queries of every page: the session, its user and what they may do
STATE = 3  # of both pages: the last seal, what waits, the last verification


@pytest.fixture
def person(db):
    return PersonFactory.create(uma_number="U0000777")


@pytest.fixture
def events(person, kalle, hilkka) -> list[AuditEvent]:
    def event(day: int, **values) -> AuditEvent:
        values = {"verb": Verb.VIEWED, "at": datetime(2026, 10, day, 9, tzinfo=UTC)} | values
        return AuditEvent.objects.create(**values)

    return [
        event(1, actor=kalle, persons=[person.pk, 5]),
        event(2, actor=hilkka, verb=Verb.EXPORTED, persons=[5]),
        event(3, verb=Verb.IMPORTED, outcome="refused", object_type="registry.delivery"),
        event(4, actor=kalle, verb=Verb.VIEWED, object_type="registry.person", object_id="12"),
    ]


@pytest.fixture
def officer(client, tarja):
    client.force_login(tarja)
    client.cookies["django_language"] = "en"
    return client


def found(officer, events, **asked) -> list[int]:
    """Numbers of the events a search shows, the newest first."""
    ids = [event.pk for event in events]
    shown = [event.pk for event, _object in officer.post(PAGE, asked).context["rows"]]
    return [ids.index(pk) + 1 for pk in shown if pk in ids]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"username": "kalle"}, [4, 1]),
        ({"username": "nobody"}, []),
        ({"uma_number": "U0000777"}, [1]),
        ({"verb": "exported"}, [2]),
        ({"first_day": "2026-10-02", "last_day": "3.10.2026"}, [3, 2]),
        ({"username": "kalle", "last_day": "2026-10-01"}, [1]),
    ],
)
def test_events_are_found(officer, events, asked, expected):
    assert found(officer, events, **asked) == expected


def test_the_page_tells_who_did_what(officer, events):
    page = officer.get(PAGE).content.decode()
    for text in ("4.10.2026", "kalle", "viewed", "person 12", "system", "refused", "signed in"):
        assert text in page


def test_looking_is_an_event_that_concerns_the_person(officer, events, person):
    officer.post(PAGE, {"uma_number": "U0000777"})
    last = AuditEvent.objects.latest("pk")
    assert (last.verb, last.purpose, last.persons) == ("searched", "oversight", [person.pk])


def test_the_uma_number_is_never_in_an_address(officer, events):
    page = officer.post(PAGE, {"uma_number": "U0000777"}).content.decode()
    assert "?" not in "".join(part for part in page.split('"') if part.startswith("/access-log"))


def test_an_unknown_person_is_told_beside_the_field(officer, events):
    page = officer.post(PAGE, {"uma_number": "U9"})
    assert "No person in the register has this number." in page.content.decode()
    assert "rows" not in page.context


def test_days_the_wrong_way_round_are_told(officer, events):
    page = officer.post(PAGE, {"first_day": "2026-10-02", "last_day": "2026-10-01"})
    assert "The last day is before the first." in page.content.decode()


def test_the_next_page_goes_on_with_the_same_search(officer, kalle):
    AuditEvent.objects.bulk_create(AuditEvent(verb=Verb.VIEWED, actor=kalle) for _ in range(150))
    first = officer.post(PAGE, {"username": "kalle"})
    after = first.context["page"].next
    assert f'name="after" value="{after}"' in first.content.decode()
    second = officer.post(PAGE, {"username": "kalle", "after": after})
    shown = [event.pk for page in (first, second) for event, _ in page.context["rows"]]
    assert len(shown) == 150 and shown == sorted(set(shown), reverse=True)
    assert second.context["page"].next is None


def test_others_are_refused_and_the_try_is_logged(client, kalle):
    client.force_login(kalle)
    assert client.get(PAGE).status_code == 403
    last = AuditEvent.objects.latest("pk")
    assert (last.actor, last.verb, last.outcome) == (kalle, "viewed", "refused")


def test_the_page_costs_a_fixed_number_of_queries(officer, events, django_assert_num_queries):
    with django_assert_num_queries(SIGNED_IN + STATE + 2):
        officer.get(PAGE)
    with django_assert_num_queries(SIGNED_IN + STATE + 4):
        officer.post(PAGE, {"uma_number": "U0000777"})


def test_a_hidden_field_shows_no_label(officer, db):
    page = officer.get(PAGE).content.decode()
    assert "hidden" in page
    assert "After:" not in page
