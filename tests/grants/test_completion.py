"""Completion requests are answered in place, and what the application says may change meanwhile."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction

from grants.applications import completion
from grants.applications.completion import completion_answer
from grants.applications.services import application_save
from grants.applications.states import Deed
from grants.applications.steps import ApplicationRefused, step_take
from grants.models import Application, CompletionRequest
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


@pytest.fixture
def asked(in_check, kalle) -> Application:
    step_take(in_check, Deed.ASKED, by=kalle, at=AT)
    CompletionRequest.objects.create(
        application=in_check, asked="Sopimus puuttuu.", asked_by=kalle, asked_at=AT, answer_by=LAST
    )
    return in_check


def test_the_applicant_changes_what_it_says_and_answers(asked, anna):
    application_save(asked.pk, version=1, by=anna, at=AT, said={"contact_phone": "044 000 0000"})
    answered = completion_answer(asked.pk, by=anna, at=AT, answer=" Sopimus on liitetty. ")
    request = asked.completion_requests.get()
    assert (answered.status, answered.contact_phone) == ("in_check", "044 000 0000")
    assert (request.answer, request.answered_by) == ("Sopimus on liitetty.", anna)
    with pytest.raises(ApplicationRefused):
        completion_answer(asked.pk, by=anna, at=AT, answer="Uudelleen.")


def test_who_only_prepares_does_not_answer(asked):
    colleague = MembershipFactory.create(right="prepare").user
    with pytest.raises(ApplicationRefused):
        completion_answer(asked.pk, by=colleague, at=AT, answer="Tässä.")


def test_a_list_with_errors_is_no_answer(asked, anna, monkeypatch):
    monkeypatch.setattr(completion, "list_ready", lambda _application: "Virheitä.")
    with pytest.raises(ApplicationRefused, match="Virheitä"):
        completion_answer(asked.pk, by=anna, at=AT, answer="Tässä.")


def test_whoever_took_or_asked_does_not_approve(asked, kalle):
    """P-01: the database refuses it too."""
    hand = {"object_type": "grants.application", "object_id": asked.pk, "user": kalle}
    assert Hand.objects.filter(**hand, part="prepared").exists()
    with pytest.raises(IntegrityError, match="P-01"), transaction.atomic():
        Hand.objects.create(**hand, part="approved", concerns=asked.applicant)
    Hand.objects.create(**hand, part="proposed", concerns=asked.applicant)
