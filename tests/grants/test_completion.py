"""Completion requests: asked, extended, answered in place, or gone on without an answer."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.db import IntegrityError, transaction

from grants.applications import completion
from grants.applications.completion import (
    completion_answer,
    completion_ask,
    completion_extend,
    completion_resume,
)
from grants.applications.services import application_save
from grants.applications.states import Deed
from grants.applications.steps import ApplicationRefused, step_take
from grants.models import Application
from registry.models import Hand
from tests.factories import ApplicationFactory, MembershipFactory
from tests.grants.applications import send

pytestmark = pytest.mark.django_db
AT = datetime(2024, 3, 4, 12, 0, tzinfo=ZoneInfo("Europe/Helsinki"))
LAST = date(2024, 3, 15)


@pytest.fixture
def in_check(anna, kalle, monkeypatch) -> Application:
    monkeypatch.setattr(completion, "list_ready", lambda _application: None)
    application = send(ApplicationFactory.create(created_by=anna))
    step_take(application, Deed.TAKEN, by=kalle, at=AT)
    return application


def ask(application, by, **changed):
    values = {"asked": "Sopimus puuttuu.", "answer_by": LAST, "at": AT}
    return completion_ask(application.pk, by=by, **values | changed)


def state(application) -> str:
    return Application.objects.get(pk=application.pk).status


def test_what_is_asked_waits_for_the_applicant_who_is_mailed_nothing_of_it(
    in_check, kalle, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        ask(in_check, kalle)
    assert state(in_check) == "completion_requested"
    (message,) = mail.outbox
    assert message.to == [in_check.contact_email]
    assert "Sopimus" not in message.subject + message.body


@pytest.mark.parametrize(
    "wrong", [{"asked": "  "}, {"answer_by": AT.date()}, {"answer_by": date(2024, 3, 1)}]
)
def test_a_request_says_what_and_until_a_day_to_come(in_check, kalle, wrong):
    with pytest.raises(ApplicationRefused):
        ask(in_check, kalle, **wrong)
    assert state(in_check) == "in_check"


def test_nobody_asks_of_their_own_organisation(in_check, anna):
    with pytest.raises(ApplicationRefused, match="P-01"):
        ask(in_check, anna)


def test_the_applicant_changes_what_it_says_and_answers(in_check, anna, kalle):
    request = ask(in_check, kalle)
    application_save(in_check.pk, version=1, by=anna, at=AT, said={"contact_phone": "044 000 0000"})
    answered = completion_answer(in_check.pk, by=anna, at=AT, answer=" Sopimus on liitetty. ")
    request.refresh_from_db()
    assert (answered.status, answered.contact_phone) == ("in_check", "044 000 0000")
    assert (request.answer, request.answered_by) == ("Sopimus on liitetty.", anna)
    with pytest.raises(ApplicationRefused):
        completion_answer(in_check.pk, by=anna, at=AT, answer="Uudelleen.")


def test_who_only_prepares_does_not_answer(in_check, kalle):
    ask(in_check, kalle)
    colleague = MembershipFactory.create(right="prepare").user
    with pytest.raises(ApplicationRefused):
        completion_answer(in_check.pk, by=colleague, at=AT, answer="Tässä.")


def test_a_list_with_errors_is_no_answer(in_check, anna, kalle, monkeypatch):
    ask(in_check, kalle)
    monkeypatch.setattr(completion, "list_ready", lambda _application: "Virheitä.")
    with pytest.raises(ApplicationRefused, match="Virheitä"):
        completion_answer(in_check.pk, by=anna, at=AT, answer="Tässä.")


def test_the_time_to_answer_is_extended_never_shortened(in_check, kalle):
    ask(in_check, kalle)
    extended = completion_extend(in_check.pk, by=kalle, at=AT, answer_by=date(2024, 3, 20))
    assert extended.answer_by == date(2024, 3, 20)
    with pytest.raises(ApplicationRefused):
        completion_extend(in_check.pk, by=kalle, at=AT, answer_by=date(2024, 3, 20))


def test_without_an_answer_the_check_goes_on_after_the_last_day(in_check, anna, kalle):
    ask(in_check, kalle)
    with pytest.raises(ApplicationRefused):
        completion_resume(in_check.pk, by=kalle, at=datetime(2024, 3, 15, 23, 59, tzinfo=AT.tzinfo))
    completion_resume(in_check.pk, by=kalle, at=AT + timedelta(days=12))
    assert state(in_check) == "in_check"
    with pytest.raises(ApplicationRefused):
        completion_answer(in_check.pk, by=anna, at=AT, answer="Myöhässä.")


def test_whoever_took_or_asked_does_not_approve(in_check, kalle):
    """P-01: the database refuses it too."""
    ask(in_check, kalle)
    hand = {"object_type": "grants.application", "object_id": in_check.pk, "user": kalle}
    assert Hand.objects.filter(**hand, part="prepared").exists()
    with pytest.raises(IntegrityError, match="P-01"), transaction.atomic():
        Hand.objects.create(**hand, part="approved", concerns=in_check.applicant)
    Hand.objects.create(**hand, part="proposed", concerns=in_check.applicant)
