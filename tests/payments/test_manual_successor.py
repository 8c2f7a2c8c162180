"""After a merger the successor goes on with what its predecessor applied for (C-33): Pertunmaa's, Mäntyharju's."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from payments.cases.completion.services import completion_answer, completion_ask
from payments.models import ClaimApplication, ManualProposal
from tests.factories import MembershipFactory, municipality, resident
from tests.payments.manual import DECIDED, allocate, apply, decide, match_all

MERGED = date(2025, 1, 1)
BEFORE = date(2024, 11, 4)


@pytest.fixture
def successor(db):
    return MembershipFactory.create(organisation=municipality("507")).user


@pytest.fixture
def proposal(db) -> ManualProposal:
    officer = MembershipFactory.create(organisation=municipality("588")).user
    person = resident(lives_in="588", moved_in=date(2024, 2, 10))
    return apply(officer, person.uma_number, months=("2024-09", "2024-09"), today=BEFORE)


def test_the_successor_opens_its_predecessors_application_and_decision(
    proposal, successor, kalle, hilkka, client
):
    (case,) = match_all(proposal, kalle)
    allocate(case, "588", "2024-09-01", "2024-09-30", kalle)
    decide(proposal, by=kalle, approver=hilkka)
    client.force_login(successor)
    decision = proposal.decisions.get().decision
    for page in (f"/applied/{proposal.pk}/", f"/decisions/{decision.pk}/"):
        assert client.get(page).status_code == 200
    assert "Pertunmaa" in client.get("/applied/").content.decode()


def test_nobody_else_does(proposal, anna, client):
    client.force_login(anna)
    assert client.get(f"/applied/{proposal.pk}/").status_code == 404


def test_the_successor_answers_and_withdraws(proposal, successor, kalle, client):
    at = datetime(2025, 1, 8, 9, 0, tzinfo=DECIDED.tzinfo)
    asked = completion_ask(
        proposal.pk, asked="Vuokrasopimus?", answer_by=date(2025, 1, 31), by=kalle, at=at
    )
    completion_answer(asked.pk, answer="Tässä.", by=successor, today=MERGED)
    client.force_login(successor)
    client.post(f"/applied/{proposal.pk}/withdraw/")
    proposal.refresh_from_db()
    assert proposal.status == "withdrawn"


def test_claims_of_the_predecessor_are_the_successors_too(successor, client):
    officer = MembershipFactory.create(organisation=municipality("588")).user
    application = ClaimApplication.objects.create(
        applicant=municipality("588"), applied_by=officer, applied_on=BEFORE, status="applied"
    )
    client.force_login(successor)
    assert client.get(f"/claims/{application.pk}/").status_code == 200
    client.post(f"/claims/{application.pk}/withdraw/")
    application.refresh_from_db()
    assert application.status == "withdrawn"
