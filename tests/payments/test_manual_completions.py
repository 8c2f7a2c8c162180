"""What is missing from an application for persons: asked, answered, gone on without (434/2003 § 22)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from grants.models import Notice
from payments.cases.completion.services import (
    completion_answer,
    completion_ask,
    completion_extend,
)
from payments.cases.errors import CaseRefused
from payments.cases.services.deciding import proposal_decide, proposal_propose
from payments.models import ManualCompletion, ManualProposal
from tests.factories import MembershipFactory, StaffRoleFactory, municipality, resident
from tests.payments.manual import DECIDED, TODAY, allocate, apply, match_all

pytestmark = pytest.mark.django_db

AT = datetime(2025, 3, 10, 9, 0, tzinfo=DECIDED.tzinfo)
UNTIL = date(2025, 3, 24)


@pytest.fixture
def proposal(anna):
    person = resident(lives_in="398", moved_in=date(2024, 2, 10))
    return apply(anna, person.uma_number, months=("2025-01", "2025-01"))


def ask(proposal: ManualProposal, kalle, **changed):
    said = {"asked": "Toimittakaa vuokrasopimus.", "answer_by": UNTIL, "at": AT} | changed
    return completion_ask(proposal.pk, by=kalle, **said)


def allocated(proposal: ManualProposal, kalle) -> None:
    (case,) = match_all(proposal, kalle)
    allocate(case, "398", "2025-01-01", "2025-01-31", kalle)


def test_the_applicant_is_asked_and_answers(proposal, anna, kalle):
    asked = ask(proposal, kalle, case=proposal.cases.get().pk)
    answered = completion_answer(asked.pk, answer=" Liitteenä. ", by=anna, today=UNTIL)
    assert (answered.answer, answered.answered_by, answered.answered_on) == (
        "Liitteenä.", anna, UNTIL,
    )  # fmt: skip
    assert not ManualCompletion.objects.open().exists()


def test_a_late_answer_is_taken_while_the_application_is_handled(proposal, anna, kalle):
    asked = ask(proposal, kalle)
    completion_answer(asked.pk, answer="Tässä.", by=anna, today=UNTIL + timedelta(9))
    with pytest.raises(CaseRefused):
        completion_answer(asked.pk, answer="Vielä.", by=anna, today=UNTIL)


def test_the_proposal_waits_for_the_day_and_then_goes_on_without(proposal, anna, kalle, hilkka):
    asked = ask(proposal, kalle)
    allocated(proposal, kalle)
    with pytest.raises(CaseRefused, match=r"24\.3\.2025"):
        proposal_propose(proposal.pk, by=kalle, today=UNTIL)
    proposal_propose(proposal.pk, by=kalle, today=UNTIL + timedelta(1))
    asked.refresh_from_db()
    assert asked.closed_on == UNTIL + timedelta(1)
    assert proposal_decide(proposal.pk, by=hilkka, at=DECIDED).status == "decided"


def test_an_answer_lets_the_proposal_be_made_at_once(proposal, anna, kalle):
    asked = ask(proposal, kalle)
    allocated(proposal, kalle)
    completion_answer(asked.pk, answer="Tässä.", by=anna, today=TODAY)
    assert proposal_propose(proposal.pk, by=kalle, today=TODAY).status == "proposed"


def test_more_time_is_given_and_never_less(proposal, kalle):
    asked = ask(proposal, kalle)
    later = UNTIL + timedelta(7)
    assert completion_extend(asked.pk, answer_by=later, by=kalle, at=AT).answer_by == later
    with pytest.raises(CaseRefused):
        completion_extend(asked.pk, answer_by=UNTIL, by=kalle, at=AT)


@pytest.mark.parametrize(
    "changed",
    [{"asked": " "}, {"answer_by": date(2025, 3, 10)}, {"answer_by": date(2025, 3, 1)}],
)
def test_what_is_asked_has_words_and_a_day_to_come(proposal, kalle, changed):
    with pytest.raises(CaseRefused):
        ask(proposal, kalle, **changed)


def test_the_same_is_not_asked_twice_at_once(proposal, kalle):
    ask(proposal, kalle)
    ask(proposal, kalle, case=proposal.cases.get().pk)
    with pytest.raises(CaseRefused):
        ask(proposal, kalle)


def test_only_a_sender_of_the_organisation_answers(proposal, kalle, bertta):
    asked = ask(proposal, kalle)
    preparer = MembershipFactory.create(organisation=municipality("398"), right="prepare").user
    for other in (bertta, preparer):
        with pytest.raises(CaseRefused):
            completion_answer(asked.pk, answer="Tässä.", by=other, today=TODAY)


def test_who_asked_does_not_decide(proposal, anna, kalle, hilkka):
    """P-01: by the service and by the database."""
    StaffRoleFactory.create(user=hilkka, role="reviewer")
    asked = ask(proposal, hilkka)
    allocated(proposal, kalle)
    completion_answer(asked.pk, answer="Tässä.", by=anna, today=TODAY)
    proposal_propose(proposal.pk, by=kalle, today=TODAY)
    with pytest.raises(CaseRefused, match="P-01"):
        proposal_decide(proposal.pk, by=hilkka, at=DECIDED)
    with pytest.raises(IntegrityError), transaction.atomic():
        ManualProposal.objects.filter(pk=proposal.pk).update(status="decided", decided_by=hilkka)


@pytest.mark.parametrize(
    "change",
    [
        lambda asked: asked.update(asked="Muuta."),
        lambda asked: asked.update(answer_by=date(2025, 3, 12)),
        lambda asked: asked.update(answer="Tässä."),
        lambda asked: asked._raw_delete("default"),
    ],
)
def test_what_was_asked_stands(proposal, kalle, change):
    ask(proposal, kalle)
    with pytest.raises(IntegrityError), transaction.atomic():
        change(ManualCompletion.objects.all())


def test_whoever_applied_is_told_by_mail_that_something_waits(
    proposal, anna, kalle, mailoutbox, django_capture_on_commit_callbacks
):
    anna.email = "anna@example.org"
    anna.save(update_fields=["email"])
    with django_capture_on_commit_callbacks(execute=True):
        ask(proposal, kalle)
    (mail,) = mailoutbox
    assert mail.to == ["anna@example.org"] and f"/applied/{proposal.pk}/" in mail.body
    assert "vuokra" not in mail.body.lower() and Notice.objects.get().sent_at


def test_it_goes_through_the_pages(proposal, anna, kalle, client):
    client.force_login(kalle)
    day = timezone.localdate() + timedelta(14)
    (phrase,) = [
        choice
        for choice in client.get(f"/applied/{proposal.pk}/").context["ask_form"].fields["phrase"].queryset
        if choice.code == "evidence-lease"
    ]  # fmt: skip
    client.post(
        f"/applied/{proposal.pk}/ask/",
        {"completion-answer_by": f"{day:%d.%m.%Y}", "completion-phrase": phrase.pk,
         "completion-case": proposal.cases.get().pk},
    )  # fmt: skip
    asked = ManualCompletion.objects.get()
    assert asked.asked == phrase.text_fi
    client.force_login(anna)
    for page in ("/", "/applied/"):
        assert f"/applied/{proposal.pk}/#completion-{asked.pk}" in client.get(page).content.decode()
    answer = f"/applied/{proposal.pk}/completions/{asked.pk}/answer/"
    assert client.post(answer, {}).status_code == 200, "an empty answer is said"
    client.post(answer, {f"completion-{asked.pk}-answer": "Sopimus on liitteenä."})
    client.force_login(kalle)
    assert "Sopimus on liitteenä." in client.get(f"/applied/{proposal.pk}/").content.decode()
