"""What is decided on supports: sums, rulings, two people, the frame, each person once (G-04, P-01, P-06)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from grants.applications.steps import ApplicationRefused
from grants.decisions.models import ProposedRow, SupportProposal
from grants.decisions.services.deciding import GrantedBefore, OverFrame, decision_make
from grants.decisions.services.proposing import decision_propose, proposal_return
from grants.models import BudgetFrame, ListRow, Phrase, RowMark
from grants.review.errors import ReviewRefused
from grants.review.marking import rows_mark
from grants.review.services import application_assign
from registry.models import Right
from tests.factories import MembershipFactory, RoundFactory, municipality, organisation, resident
from tests.grants.decisions import (
    AT,
    decided,
    family,
    heikki,
    kirsi,
    mark,
    needless,
    proposed,
    refusal,
    staff,
    status,
    taken,
)
from tests.grants.lists import listed

pytestmark = pytest.mark.django_db

SUMS = [
    ("L2023", "municipality", "398", 2, 3, 6_177_00),
    ("L2024", "municipality", "398", 2, 3, 7_548_40),
    ("L2024", "county", "09", 2, 3, 687_60),
    ("L2024", "municipality", "091", 2, 3, 8_236_00),
    ("K2023", "municipality", "398", 1, 4, 8_022_50),
]


@pytest.mark.parametrize(("round_", "kind", "code", "children", "adults", "cents"), SUMS)
def test_what_a_family_comes_to(round_, kind, code, children, adults, cents):
    """G-07, G-08, and G-01 for Helsinki, which gets both parts."""
    rows = family(children, adults, round_=round_)
    application = taken(rows, round_=round_, applicant=organisation(kind, code))
    decision = decided(application)
    assert (decision.amount_cents, decision.difference_cents) == (cents, cents)
    assert decision.decision.amount_cents == cents
    assert (decision.ruling, status(application)) == ("granted", "decided")


def test_one_is_of_the_age_that_one_had_when_moving_in():
    """G-07: the seventh birthday is the move-in date's or the day after."""
    rows = [
        {"uma_number": "T1", "birth_date": date(2016, 5, 1), "moved_in": date(2023, 5, 1)},
        {"uma_number": "T2", "birth_date": date(2016, 5, 2), "moved_in": date(2023, 5, 1)},
    ]
    decision = decided(taken(rows))
    assert list(decision.rows.values_list("amount_cents", flat=True)) == [782_00, 2601_20]


def test_a_refused_row_makes_it_partly_granted_and_all_of_them_refused():
    partly = decided(taken(family(1, 1)), refused=[2])
    assert (partly.ruling, partly.amount_cents) == ("partly", 782_00)
    none = decided(taken(family(1, 1, mark="X"), applicant=municipality("853")), refused=[2, 3])
    assert (none.ruling, none.amount_cents, none.rows.count()) == ("refused", 0, 2)


def test_what_is_refused_has_its_reasons():
    """P-02."""
    application = taken(family(1, 1))
    mark(application, refused=[2])
    with pytest.raises(ReviewRefused, match="perustelut"):
        decision_propose(application.pk, by=kirsi(), at=AT, reasons=" ", unheard=needless())


def test_every_row_is_marked_before_it_is_proposed():
    application = taken(family(1, 1))
    with pytest.raises(ReviewRefused, match="2 riviä"):
        decision_propose(application.pk, by=kirsi(), at=AT, reasons="")


def test_a_late_application_is_dismissed_without_looking_at_its_rows():
    """G-03."""
    application = taken(family(1, 1), is_late=True)
    proposal = decision_propose(
        application.pk, by=kirsi(), at=AT, reasons="Myöhässä.", is_inadmissible=True
    )
    decision = decision_make(proposal.pk, by=heikki(), at=AT)
    assert (decision.ruling, decision.amount_cents, decision.rows.count()) == ("inadmissible", 0, 0)


def test_nobody_decides_what_they_had_a_part_in():
    """P-01: who proposed, who marked a row, who is of the applicant."""
    proposal = proposed(taken(family(1, 1)))
    for helper in (kirsi(), member_of("398")):
        with pytest.raises(ReviewRefused, match="P-01"):
            decision_make(proposal.pk, by=helper, at=AT)
    assert SupportProposal.objects.decided().count() == 0


def member_of(code: str):
    approver = staff("jäsen", "approver")
    MembershipFactory.create(user=approver, organisation=municipality(code), right=Right.PREPARE)
    return approver


def test_the_database_refuses_the_same_hands():
    application = taken(family(1, 1))
    marker = staff("merkki", "reviewer")
    row = ListRow.objects.get(list__application=application, line=2)
    proposal = proposed(application)
    proposal_return(proposal.pk, by=heikki(), at=AT, reason="Tarkista.")
    rows_mark(application.pk, marks={row.pk: refusal()}, by=marker, at=AT)
    reasons = {"reasons": "Perustelut.", "unheard": needless()}
    again = decision_propose(application.pk, by=kirsi(), at=AT, **reasons)
    hand = "SELECT grants_list_hand(%s, %s, 'approved')"
    with (
        transaction.atomic(),
        connection.cursor() as cursor,
        pytest.raises(IntegrityError, match="P-01"),
        transaction.atomic(),
    ):
        cursor.execute(hand, [application.pk, marker.pk])
    assert decision_make(again.pk, by=heikki(), at=AT).amount_cents == 782_00


def test_a_returned_proposal_is_checked_again():
    application = taken(family(1, 1))
    proposal = proposed(application)
    proposal_return(proposal.pk, by=heikki(), at=AT, reason="Tarkista rivi 2.")
    assert status(application) == "in_check"
    with pytest.raises(ReviewRefused):
        decision_make(proposal.pk, by=heikki(), at=AT)
    assert decided(application).amount_cents == 3383_20


def test_marks_stand_while_their_proposal_waits():
    application = taken(family(1, 1))
    proposed(application)
    with pytest.raises(ReviewRefused, match=r"esitetty|ehdotettu"):
        mark(application)
    marks = RowMark.objects.filter(row__list__application=application)
    with pytest.raises(IntegrityError), transaction.atomic():
        marks.update(accepted=True, phrase=None)


FRAME = 7_000_00  # less than the family of 7 548.40


def set_frame(cents: int) -> BudgetFrame:
    frame = BudgetFrame.objects.create(
        programme_year=2023, allotted_eur=Decimal(cents) / 100, source="test"
    )
    frame.rounds.set([RoundFactory.create(code="L2024")])
    return frame


def test_a_decision_beyond_the_frame_is_refused_with_the_figures():
    """P-06."""
    set_frame(FRAME)
    proposal = proposed(taken(family(2, 3)))
    with pytest.raises(OverFrame) as refused:
        decision_make(proposal.pk, by=heikki(), at=AT)
    figures = str(refused.value).replace("\N{NO-BREAK SPACE}", " ")
    for figure in ("2023", "7 000,00 €", "0,00 €", "7 548,40 €", "548,40 €"):
        assert figure in figures
    assert not SupportProposal.objects.decided().exists()


def test_the_frame_holds_to_the_cent_over_decisions():
    set_frame(3383_20 + 782_00)
    decided(taken(family(1, 1)))
    decided(taken(family(0, 1, mark="X"), applicant=municipality("853")))
    last = proposed(taken(family(0, 1, mark="Y"), applicant=municipality("837")))
    with pytest.raises(OverFrame):
        decision_make(last.pk, by=heikki(), at=AT)


def test_the_database_refuses_what_exceeds_the_frame(monkeypatch):
    set_frame(FRAME)
    monkeypatch.setattr("grants.decisions.services.deciding.frame_objection", lambda *_: None)
    proposal = proposed(taken(family(2, 3)))
    with pytest.raises(IntegrityError, match="frame of 2023"):
        decision_make(proposal.pk, by=heikki(), at=AT)


def test_a_frame_is_not_cut_below_what_is_decided():
    frame = set_frame(10_000_00)
    decided(taken(family(2, 3)))
    with pytest.raises(IntegrityError, match="committed"), transaction.atomic():
        BudgetFrame.objects.filter(pk=frame.pk).update(allotted_eur=7000)
    BudgetFrame.objects.filter(pk=frame.pk).update(allotted_eur="7548.40")


ONCE = [
    ({"uma_number": "T0001"}, {"uma_number": "T0001"}),
    (
        {"uma_number": "", "unhcr_number": "123-45C67890"},
        {"uma_number": "", "unhcr_number": "123-45C67890"},
    ),
]


@pytest.mark.parametrize(("one", "other"), ONCE)
def test_a_person_is_granted_once_whatever_the_year(one, other):
    """G-04: over rounds, by either identifier."""
    early = {"moved_in": date(2022, 5, 1)}
    decided(taken([one | early], round_="L2023", applicant=municipality("853")))
    second = proposed(taken([other]))
    with pytest.raises(GrantedBefore, match="G-04"):
        decision_make(second.pk, by=heikki(), at=AT)
    assert status(second.application) == "proposed"


def test_a_person_of_the_register_is_granted_once_by_whichever_number():
    person = resident(unhcr_number="123-45C67890", lives_in="853")
    decided(taken([{"uma_number": person.uma_number}], applicant=municipality("853")))
    second = proposed(taken([{"uma_number": "", "unhcr_number": "123-45C67890"}]))
    with pytest.raises(GrantedBefore):
        decision_make(second.pk, by=heikki(), at=AT)


def test_a_municipality_and_its_county_are_both_granted():
    decided(taken(family(1, 0)))
    assert (
        decided(taken(family(1, 0), applicant=organisation("county", "09"))).amount_cents == 136_80
    )


def test_the_other_support_is_another_grant():
    decided(taken(family(1, 0)))
    assert decided(taken(family(1, 0, round_="K2023"), round_="K2023")).amount_cents == 3422_50


def test_what_was_decided_stands():
    decision = decided(taken(family(1, 1)))
    rows = ProposedRow.objects.filter(proposal=decision)
    for act in (
        lambda: rows.update(is_granted=False),
        rows.delete,
        lambda: SupportProposal.objects.update(amount_cents=1),
        lambda: SupportProposal.objects.update(status="returned"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            act()


def test_rows_are_granted_by_a_decision_alone():
    proposal = proposed(taken(family(1, 1)))
    with pytest.raises(IntegrityError), transaction.atomic():
        proposal.rows.update(is_granted=True)


def test_a_phrase_that_decisions_use_is_not_rewritten():
    decided(taken(family(1, 1)), refused=[2])
    with pytest.raises(IntegrityError, match="phrase"), transaction.atomic():
        Phrase.objects.filter(code="test-refusal").update(text_fi="Toinen.")
    Phrase.objects.filter(code="test-refusal").update(is_offered=False)


def test_the_numbers_run_by_the_year():
    first = decided(taken(family(1, 0)))
    second = decided(taken(family(1, 0, mark="X"), applicant=municipality("853")))
    assert [first.decision.number, second.decision.number] == ["KEHA/1/2024", "KEHA/2/2024"]


def test_a_draft_is_not_taken():
    draft = listed(family(1, 0)).application
    with pytest.raises(ApplicationRefused):
        application_assign(draft.pk, reviewer=kirsi(), by=kirsi(), at=AT)
