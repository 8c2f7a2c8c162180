"""Rectification claims: filed in time, proposed, decided by another, the difference paid (P-04)."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from grants.applications.steps import ApplicationRefused
from grants.decisions.models import Ruling
from grants.decisions.services.claiming import rectification_claim
from grants.decisions.services.deciding import decision_make
from grants.decisions.services.proposing import rectification_propose
from grants.models import RectificationClaim, SupportProposal
from grants.review.errors import ReviewRefused
from payments.bank.selectors import ledger
from payments.decisions.services import decision_reach, documents_make
from registry.decisions.models import Service
from tests.documents import said
from tests.factories import MembershipFactory, municipality
from tests.grants.decisions import AT, decided, family, heikki, kirsi, mark, taken
from tests.payments.bank import booked, entry, open_accounts, read, sent

pytestmark = pytest.mark.django_db
SERVED, LAST = date(2024, 5, 6), date(2024, 6, 5)  # 30 days from the day after


def officer():
    return MembershipFactory.create(organisation=municipality("398")).user


def served(refused=(3,)) -> SupportProposal:
    """A decision on a child and an adult of Lahti, the adult refused, fetched on 6 May 2024."""
    decision = decided(taken(family(1, 1)), refused=list(refused))
    decision_reach(decision.decision, service=Service.FETCHED, day=SERVED, by=officer(), at=AT)
    return SupportProposal.objects.get(pk=decision.pk)


def claimed(decision=None, *, today: date = LAST) -> RectificationClaim:
    at = datetime(today.year, today.month, today.day, 9, tzinfo=UTC)
    decision = decision or served()
    return rectification_claim(decision, text="Rivi 3 on meidän.", by=officer(), at=at, today=today)


def ruled(claim, ruling: Ruling, **more) -> SupportProposal:
    given = {"reasons": "Uusi selvitys.", "by": kirsi(), "at": AT, "ruling": ruling} | more
    return decision_make(rectification_propose(claim.pk, **given).pk, by=heikki(), at=AT)


@pytest.mark.parametrize(("today", "is_in_time"), [(LAST, True), (date(2024, 6, 6), False)])
def test_a_claim_is_filed_by_its_last_day(today, is_in_time):
    if is_in_time:
        assert claimed(today=today).contested.application.steps.latest("pk").deed == "contested"
    else:
        with pytest.raises(ReviewRefused):
            claimed(today=today)


def test_a_decision_is_served_before_it_is_contested_and_once():
    decision = decided(taken(family(1, 0)))
    with pytest.raises(ReviewRefused):
        claimed(decision)
    other = served_of("853")
    rectify = {"text": "x", "at": AT, "today": SERVED}
    with pytest.raises(ApplicationRefused):
        rectification_claim(other, by=officer(), **rectify)


def served_of(code: str) -> SupportProposal:
    town = municipality(code)
    decision = decided(taken(family(1, 0, mark="X"), applicant=town))
    user = MembershipFactory.create(organisation=town).user
    decision_reach(decision.decision, service=Service.FETCHED, day=SERVED, by=user, at=AT)
    return SupportProposal.objects.get(pk=decision.pk)


def test_a_claim_upheld_corrects_the_decision_and_the_difference_is_paid():
    open_accounts([municipality("398")])
    claim = claimed()
    read_paid("KKD2024-1-1", "2601.20")
    mark(claim.contested.application)
    decision = ruled(claim, Ruling.GRANTED)
    assert (decision.amount_cents, decision.difference_cents) == (3383_20, 782_00)
    assert decision.decision.remedy == "court"
    read_paid("KKD2024-2-1", "782.00")
    (account,) = ledger.payee_accounts()
    assert (account.booked, account.paid, account.open) == (3383_20, 3383_20, 0)
    assert all(proof.difference == 0 for proof in ledger.proofs())


def read_paid(end_to_end_id: str, euros: str) -> None:
    sent()
    read(booked(entry(end_to_end_id, euros)))


@pytest.mark.parametrize("ruling", [Ruling.REFUSED, Ruling.INADMISSIBLE])
def test_a_claim_refused_leaves_the_decision_as_it_is(ruling):
    decision = ruled(claimed(), ruling)
    assert (decision.amount_cents, decision.difference_cents) == (2601_20, 0)
    assert decision.rows.count() == 0
    assert not RectificationClaim.objects.open().exists()


def test_what_was_granted_is_not_taken_back_by_a_claim():
    claim = claimed()
    mark(claim.contested.application, refused=[2])
    with pytest.raises(ReviewRefused, match="takaisinperinn"):
        ruled(claim, Ruling.PARTLY)


def test_a_claim_is_upheld_for_rows_that_are_accepted():
    with pytest.raises(ReviewRefused, match="rivit"):
        ruled(claimed(), Ruling.GRANTED)


def test_whoever_presented_does_not_decide_the_claim():
    claim = claimed()
    mark(claim.contested.application)
    proposal = rectification_propose(
        claim.pk, by=kirsi(), at=AT, reasons="Uusi selvitys.", ruling=Ruling.GRANTED
    )
    with pytest.raises(ReviewRefused, match="P-01"):
        decision_make(proposal.pk, by=kirsi(), at=AT)


def test_the_letter_on_a_claim_says_what_was_contested_and_where_one_appeals():
    claim = claimed()
    mark(claim.contested.application)
    decision = ruled(claim, Ruling.GRANTED)
    documents_make(decision.decision, language="fi", at=AT)
    pdf = bytes(decision.decision.documents.get(kind="decision").content)
    text = " ".join(said(pdf).replace("\N{NO-BREAK SPACE}", " ").split())
    for words in ("Päätös oikaisuvaatimukseen", "KEHA/1/2024", "782,00 €", "hallinto-oikeu"):
        assert words in text
