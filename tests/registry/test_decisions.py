"""Numbers run by year without gaps; service and last days by the Finnish calendar (P-02, P-04)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from registry.decisions.calendar import FINNISH, next_working_day, remedy_until, served_on
from registry.decisions.models import Decision, Remedy, Service, remedy_on
from registry.decisions.services import DecisionRefused, decision_serve, decisions_store
from tests.factories import decision, municipality, user_named

MONDAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("service", "day", "served"),
    [
        (Service.FETCHED, MONDAY, MONDAY),
        (Service.MESSAGE, MONDAY, date(2026, 11, 26)),  # the third day after it was sent
        (Service.LETTER, MONDAY, MONDAY),  # the day it arrived
    ],
)
def test_the_day_of_service(service, day, served):
    assert served_on(service, day) == served


@pytest.mark.parametrize(
    ("served", "last", "why"),
    [
        (date(2026, 11, 23), date(2026, 12, 23), "30 days, a Wednesday"),
        (date(2026, 11, 24), date(2026, 12, 28), "Christmas Eve, then Christmas and a week-end"),
        (date(2026, 11, 6), date(2026, 12, 7), "Independence Day, a Sunday"),
        (date(2027, 4, 1), date(2027, 5, 3), "May Day, a Saturday"),
        (date(2026, 5, 20), date(2026, 6, 22), "Midsummer Eve is the Friday before; Saturday"),
        (date(2026, 3, 4), date(2026, 4, 7), "Good Friday to Easter Monday"),
        (date(2025, 12, 2), date(2026, 1, 2), "New Year's Day"),
    ],
)
def test_the_last_day_for_a_remedy(served, last, why):
    """P-04."""
    assert remedy_until(served) == last


@given(st.dates(date(2020, 1, 1), date(2040, 12, 31)))
def test_a_last_day_is_the_first_working_day_from_the_thirtieth(served):
    last = remedy_until(served)
    thirtieth = served + timedelta(days=30)
    between = [thirtieth + timedelta(days=n) for n in range((last - thirtieth).days)]
    assert last.weekday() < 5 and last not in FINNISH
    assert all(day.weekday() >= 5 or day in FINNISH for day in between)
    assert next_working_day(last) == last


@pytest.mark.parametrize(
    ("day", "remedy"),
    [(date(2024, 12, 31), Remedy.COURT), (date(2025, 1, 1), Remedy.RECTIFICATION)],
)
def test_the_remedy_is_that_of_the_day(day, remedy):
    assert remedy_on(day) == remedy


@pytest.mark.django_db
def test_numbers_run_by_year():
    first = decisions_store([decision(), decision()], year=2026)
    second = decisions_store([decision()], year=2026)
    other = decisions_store([decision(decided_on=date(2027, 1, 4))], year=2027)
    numbers = [d.number for d in (*first, *second, *other)]
    assert numbers == ["KEHA/1/2026", "KEHA/2/2026", "KEHA/3/2026", "KEHA/1/2027"]


@pytest.mark.django_db
def test_a_number_that_was_not_used_is_given_again():
    with transaction.atomic():
        decisions_store([decision()], year=2026)
        transaction.set_rollback(True)
    (kept,) = decisions_store([decision()], year=2026)
    assert kept.number == "KEHA/1/2026"


@pytest.fixture
def made(db) -> Decision:
    (stored,) = decisions_store([decision()], year=2026)
    return stored


def test_serving_twice_changes_nothing(made):
    user = user_named("anna")
    first = decision_serve(made, service=Service.FETCHED, day=MONDAY, by=user)
    again = decision_serve(made, service=Service.LETTER, day=date(2026, 12, 1), by=user)
    assert (again.served_on, again.remedy_until) == (first.served_on, first.remedy_until)
    assert again.remedy_until == date(2026, 12, 23)


def test_a_decision_is_not_served_before_it_is_made(made):
    with pytest.raises(DecisionRefused):
        decision_serve(made, service=Service.LETTER, day=date(2026, 11, 19), by=user_named("anna"))


@pytest.mark.parametrize(
    "change", [{"amount_cents": 1}, {"serial": 9}, {"content_hash": "0" * 64}, {"case_ref": "x"}]
)
def test_a_decision_is_never_changed(made, change):
    with pytest.raises(IntegrityError, match="never changed or deleted"):
        Decision.objects.filter(pk=made.pk).update(**change)


def test_a_decision_is_never_deleted_nor_unserved(made):
    decision_serve(made, service=Service.FETCHED, day=MONDAY, by=user_named("anna"))
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        Decision.objects.update(service="", served_on=None, remedy_until=None)
    with pytest.raises(IntegrityError, match="never changed or deleted"):
        Decision.objects.all()._raw_delete("default")


@pytest.mark.django_db
def test_presenter_and_approver_are_two():
    same = user_named("kalle")
    with pytest.raises(IntegrityError, match="decision_two_people"):
        decisions_store([decision(presenter=same, approver=same)], year=2026)


@pytest.mark.django_db
def test_a_successor_sees_what_was_decided_for_its_predecessor(anna):
    merged = municipality("398")
    former = municipality("283")  # Hämeenkoski, merged into Hollola
    (stored,) = decisions_store([decision(recipient=former)], year=2026)
    assert not Decision.objects.visible_to(anna).exists()
    hollola = former.merged_into
    assert hollola is not None and hollola != merged
    anna.memberships.update(revoked_at="2026-01-01T00:00Z")
    anna.memberships.create(organisation=hollola, right="send", valid_from="2020-01-01")
    del anna.access
    assert list(Decision.objects.visible_to(anna)) == [stored]
