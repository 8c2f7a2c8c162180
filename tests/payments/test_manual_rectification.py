"""Claims for rectification of manual decisions: in time, by two, never taking back (P-01, P-04)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from payments.cases.errors import CaseRefused
from payments.cases.rectifying.filing import rectification_claim
from payments.cases.rectifying.refusing import claim_refuse
from payments.cases.selectors.lists import years
from payments.cases.services.deciding import proposal_decide, proposal_propose
from payments.decisions.services import documents_make
from payments.models import ManualCase, ManualMonth, ManualProposal, ManualRectification
from registry.decisions.models import Service
from registry.decisions.services import decision_serve
from tests.documents import said
from tests.payments.law import permit, person_rows, resident
from tests.payments.manual import DECIDED, TODAY, allocate, apply, decide, match_all
from tests.payments.runs import deliver, rows, settle

SINCE = "2024-02-10"
SERVED = date(2025, 3, 13)
LAST = date(2025, 4, 14)  # the 30th day, 12.4.2025, is a Saturday


@pytest.fixture
def known(db):
    """1/2025 and 2/2025 approved, with N who has no identity code."""
    resident("A", moved_in=SINCE)
    deliver(person_rows("N", code="", homes=[], permits=[permit("87", SINCE, applied="true")]))
    settle("2025-01")
    return settle("2025-02")


@pytest.fixture
def decided(known, anna, kalle, hilkka) -> ManualProposal:
    """Lahti applied for 1–2/2025 and got January alone; served by fetching."""
    proposal = apply(anna, "N", months=("2025-01", "2025-02"))
    (case,) = match_all(proposal, kalle)
    allocate(case, "398", SINCE, "2025-01-31", kalle)
    decide(proposal, by=kalle, approver=hilkka)
    decision = proposal.decisions.get().decision
    documents_make(decision, language="fi", at=DECIDED)
    decision_serve(decision, service=Service.FETCHED, day=SERVED, by=anna)
    return ManualProposal.objects.get(pk=proposal.pk)


def claimed(decided, anna, today: date = LAST) -> ManualRectification:
    return rectification_claim(decided.pk, text="Helmikuukin.", by=anna, today=today)


def worked(claim: ManualRectification, kalle, last: str = "2025-02-28") -> None:
    allocate(claim.proposal.cases.get(), "398", SINCE, last, kalle)
    proposal_propose(claim.proposal_id, by=kalle, today=TODAY)


def letter(claim: ManualRectification) -> str:
    decision = claim.proposal.decisions.get().decision
    documents_make(decision, language="fi", at=DECIDED)
    made = decision.documents.get(kind="decision", form="pdf", language="fi")
    return " ".join(said(bytes(made.content)).replace("\xa0", " ").split())


def test_a_claim_upheld_grants_the_difference_and_is_paid_once(decided, anna, kalle, hilkka):
    claim = claimed(decided, anna)
    worked(claim, kalle)
    proposal_decide(claim.proposal_id, by=hilkka, at=DECIDED)
    claim.refresh_from_db()
    months = claim.proposal.cases.get().months.order_by("benefit_month")
    assert [(m.verdict, m.amount_cents) for m in months] == [
        ("before", 81_608),
        ("granted", 81_608),
    ]
    decision = claim.proposal.decisions.get().decision
    assert (decision.amount_cents, decision.remedy, claim.ruling) == (81_608, "court", "upheld")
    assert "816,08" in letter(claim) and str(claim.contested) in letter(claim)
    settle("2025-03")
    lines = [row for row in rows("2025-03") if ",N," in row]
    assert sorted(row.split(",")[1] for row in lines) == 2 * ["2025-01"] + 2 * ["2025-02"]
    opened = sum(year.opened for year in years())
    assert opened == ManualCase.objects.count() - 1, "the claim's case is no new one"


def test_what_was_paid_before_the_claim_stays_paid(decided, anna, kalle, hilkka):
    settle("2025-03")
    claim = claimed(decided, anna)
    worked(claim, kalle)
    proposal_decide(claim.proposal_id, by=hilkka, at=DECIDED)
    settle("2025-04")
    lines = [row for row in rows("2025-04") if ",N," in row]
    assert {row.split(",")[1] for row in lines} == {"2025-02"}
    assert claim.proposal.decisions.get().decision.amount_cents == 81_608


@pytest.mark.parametrize("town", ["398", "853"])
def test_a_claim_takes_nothing_back(decided, anna, kalle, town):
    claim = claimed(decided, anna)
    first = {"398": "2025-01-15", "853": SINCE}[town]
    allocate(claim.proposal.cases.get(), town, first, "2025-02-28", kalle)
    with pytest.raises(CaseRefused, match=r"1/2025"):
        proposal_propose(claim.proposal_id, by=kalle, today=TODAY)


def test_a_claim_refused_leaves_the_decision_in_force(decided, anna, kalle, hilkka):
    claim = claimed(decided, anna)
    claim_refuse(claim.proposal_id, reason="Asumisesta ei ole näyttöä.", by=kalle)
    proposal_propose(claim.proposal_id, by=kalle, today=TODAY)
    proposal_decide(claim.proposal_id, by=hilkka, at=DECIDED)
    claim.refresh_from_db()
    assert claim.ruling == "refused" and "Asumisesta ei ole näyttöä." in letter(claim)
    settle("2025-03")
    assert {row.split(",")[1] for row in rows("2025-03") if ",N," in row} == {"2025-01"}


def test_a_late_claim_is_received_and_not_considered(decided, anna, kalle, hilkka):
    claim = claimed(decided, anna, today=LAST + timedelta(1))
    assert claim.is_late and not claimed_in_time_is_late(decided)
    allocate(claim.proposal.cases.get(), "398", SINCE, "2025-02-28", kalle)
    with pytest.raises(CaseRefused):
        proposal_propose(claim.proposal_id, by=kalle, today=TODAY)
    claim_refuse(claim.proposal_id, reason="Vaatimus on myöhässä.", by=kalle)
    proposal_propose(claim.proposal_id, by=kalle, today=TODAY)
    proposal_decide(claim.proposal_id, by=hilkka, at=DECIDED)
    claim.refresh_from_db()
    assert claim.ruling == "late" and "14.4.2025" in letter(claim)


def claimed_in_time_is_late(decided: ManualProposal) -> bool:
    """The last day itself is in time: a Saturday has moved to Monday (P-04)."""
    return decided.decisions.get().decision.remedy_until < LAST


def test_who_proposed_does_not_decide_a_claim(decided, anna, kalle):
    claim = claimed(decided, anna)
    worked(claim, kalle)
    with pytest.raises(CaseRefused, match="P-01"):
        proposal_decide(claim.proposal_id, by=kalle, at=DECIDED)


def test_a_decision_is_contested_once(decided, anna):
    claimed(decided, anna)
    with pytest.raises(CaseRefused):
        claimed(decided, anna)


def test_only_a_sender_of_the_organisation_claims(decided, bertta):
    with pytest.raises(CaseRefused):
        claimed(decided, bertta)


def test_what_was_not_fetched_is_not_contested(known, anna, kalle, hilkka):
    proposal = apply(anna, "N", months=("2025-01", "2025-01"))
    (case,) = match_all(proposal, kalle)
    allocate(case, "398", SINCE, "2025-01-31", kalle)
    decide(proposal, by=kalle, approver=hilkka)
    with pytest.raises(CaseRefused):
        claimed(proposal, anna)


@pytest.mark.parametrize(
    "change",
    [
        lambda claims: claims.update(text="Muuta."),
        lambda claims: claims.update(filed_on=date(2025, 5, 1)),
        lambda claims: claims._raw_delete("default"),
    ],
)
def test_what_was_claimed_stands(decided, anna, change):
    claimed(decided, anna)
    with pytest.raises(IntegrityError), transaction.atomic():
        change(ManualRectification.objects.all())


def test_it_goes_through_the_pages(decided, anna, kalle, client):
    client.force_login(anna)
    where = f"/applied/{decided.pk}/"
    assert "14.4.2025" in client.get(where).content.decode()
    client.post(f"{where}claim/", {"text": "Helmikuukin."})
    claim = ManualRectification.objects.get()
    assert f"/applied/{claim.pk}/" in client.get(where).content.decode()
    client.force_login(kalle)
    page = client.get(f"/applied/{claim.pk}/").content.decode()
    assert "Helmikuukin." in page and f"/applied/{claim.pk}/claim/refuse/" in page
    client.post(f"/applied/{claim.pk}/claim/refuse/", {"reason": "Ei näyttöä."})
    assert claim.proposal.cases.get().refused_because == "Ei näyttöä."
    assert not ManualMonth.objects.filter(case__proposal=claim.proposal).exists()
