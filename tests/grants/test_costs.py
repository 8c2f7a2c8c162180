"""Claims of the costs of a salary grant: within the ceiling, by two people, closed at the end (P-01 … P-06)."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from grants.applications.steps import ApplicationRefused
from grants.costs.demo import SalaryCast, salary_play
from grants.costs.models import CostAttachment, CostClaim, CostStep
from grants.costs.selectors import ceiling_figures
from grants.costs.services.claiming import (
    attachment_remove,
    cost_begin,
    cost_save,
    cost_send,
    cost_withdraw,
)
from grants.costs.services.closing import grant_close
from grants.costs.services.deciding import (
    cost_ask,
    cost_decide,
    cost_resume,
    cost_return,
)
from grants.costs.states import STEPS
from grants.decisions.frames import frame_figures
from grants.models import BudgetFrame
from grants.review.errors import ReviewRefused
from grants.rounds.demo import rounds_open
from payments.decisions.services import documents_make, makers_of
from registry.audit.models import AuditEvent
from registry.decisions.services import Service, decision_serve
from registry.files.inspection import FileRefused
from registry.models import KeptFile, Right
from tests.documents import faults, said
from tests.factories import MembershipFactory, RoundFactory, municipality
from tests.grants.costs import (
    AT,
    CEILING,
    claimed,
    cost_decided,
    cost_proposed,
    costs,
    drafted,
    grant,
    officer,
)
from tests.grants.decisions import family, heikki, kirsi, staff, status, taken
from tests.grants.salary import salary_taken

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(days=15)


def by() -> dict:
    return {"by": officer(), "at": AT}


def refused_by_the_database(sentence: str):
    return pytest.raises(IntegrityError, match=sentence)


def test_costs_are_claimed_accepted_and_decided():
    claim = cost_decided(claimed(grant()))
    assert (claim.status, claim.number, claim.accepted_cents) == ("accepted", 1, 3_000_00)
    assert (claim.decision.amount_cents, claim.decision.remedy) == (3_000_00, "rectification")
    assert [step.deed for step in claim.steps.all()] == ["created", "sent", "proposed", "accepted"]
    figures = ceiling_figures(claim.application)
    assert (figures.granted, figures.accepted, figures.left) == (CEILING, 3_000_00, 6_000_00)


def test_less_is_accepted_with_a_reason_and_what_was_cut_is_left_of_the_ceiling():
    claim = claimed(grant())
    with pytest.raises(ReviewRefused, match="perustelut"):
        cost_proposed(claim, 2_000_00)
    with pytest.raises(ReviewRefused):
        cost_proposed(claim, 3_000_01)
    assert cost_decided(claim, 2_000_00, "Tosite puuttuu.").cut_cents == 1_000_00
    assert ceiling_figures(claim.application).left == 7_000_00


def test_nothing_accepted_refuses_the_claim():
    claim = cost_decided(claimed(grant()), 0, "Ei kuulu avustukseen.")
    assert (claim.status, claim.decision.amount_cents) == ("refused", 0)


def test_nobody_decides_what_they_had_a_part_in():
    """P-01: who proposed, who asked, who is of the applicant; the case is the application."""
    proposal = cost_proposed(claimed(grant()))
    own = staff("jäsen", "approver")
    MembershipFactory.create(user=own, organisation=municipality("398"), right=Right.PREPARE)
    for somebody in (kirsi(), own):
        with pytest.raises(ReviewRefused, match="P-01"):
            cost_decide(proposal, by=somebody, at=AT)
    step = {"claim": proposal, "deed": "accepted", "status": "accepted", "by": kirsi(), "at": AT}
    with refused_by_the_database("P-01"), transaction.atomic():
        CostStep.objects.create(**step)


def test_a_returned_proposal_is_examined_again():
    proposal = cost_proposed(claimed(grant()))
    claim = cost_return(proposal, reason="Tarkista tosite.", by=heikki(), at=AT)
    assert claim.status == "sent"
    assert cost_decided(claim).status == "accepted"


def test_a_completion_is_asked_answered_and_its_vouchers_added():
    claim = claimed(grant())
    cost_ask(claim, asked="Tosite puuttuu.", answer_by=date(2024, 6, 24), by=kirsi(), at=AT)
    cost_save(claim, costs(2_500_00), files=[("b.pdf", b"%PDF-1 b %%EOF")], **by())
    claim = cost_send(claim, answer="Liitetty.", **by())
    assert (claim.status, claim.amount_cents, claim.number) == ("sent", 2_500_00, 1)
    assert list(claim.attachments.values_list("is_sent", flat=True)) == [True, True]


def test_no_answer_does_not_stop_the_decision():
    claim = claimed(grant())
    cost_ask(claim, asked="Mitä?", answer_by=date(2024, 6, 24), by=kirsi(), at=AT)
    with pytest.raises(ReviewRefused):
        cost_resume(claim, by=kirsi(), at=AT)
    assert cost_resume(claim, by=kirsi(), at=LATER).status == "sent"


@pytest.mark.parametrize("asked", [{"asked": " "}, {"answer_by": date(2024, 6, 10)}])
def test_what_is_asked_is_said_and_has_a_day(asked):
    given = {"asked": "Mitä?", "answer_by": date(2024, 6, 24), "by": kirsi(), "at": AT, **asked}
    with pytest.raises(ReviewRefused):
        cost_ask(claimed(grant()), **given)


def test_several_claims_go_up_to_the_ceiling_and_no_further():
    application = grant()
    claimed(application, 5_000_00)
    cost_decided(claimed(application, 3_000_00), 1_000_00, "Osa.")
    with pytest.raises(ApplicationRefused, match="3\N{NO-BREAK SPACE}000,00"):
        claimed(application, 3_000_01)
    claimed(application, 3_000_00)
    with pytest.raises(ApplicationRefused):
        drafted(application, 1)


def test_the_database_refuses_more_than_is_left():
    application = grant()
    claimed(application, 5_000_00)
    draft = drafted(application, 4_000_01)
    step = {"claim": draft, "deed": "sent", "status": "sent", "by": officer(), "at": AT}
    with refused_by_the_database("at most what is left"), transaction.atomic():
        CostStep.objects.create(**step)
        CostClaim.objects.filter(pk=draft.pk).update(status="sent", number=2)


def test_a_claim_needs_a_voucher():
    draft = drafted(grant(), files=[])
    with pytest.raises(ApplicationRefused, match="tosite"):
        cost_send(draft, **by())
    with refused_by_the_database("voucher"), transaction.atomic():
        CostStep.objects.create(claim=draft, deed="sent", status="sent", by=officer(), at=AT)
        CostClaim.objects.filter(pk=draft.pk).update(status="sent", number=1)


@pytest.mark.parametrize(
    "said_",
    [{"period_to": date(2023, 12, 31)}, {"period_to": date(2024, 6, 11)}],
)
def test_only_costs_of_a_past_period_are_claimed(said_):
    with pytest.raises(ApplicationRefused):
        cost_begin(grant().pk, costs(**said_), **by())


def test_a_hostile_voucher_is_refused_and_nothing_is_kept():
    application = grant()
    with pytest.raises(FileRefused):
        drafted(application, files=[("a.pdf", b"MZ")])
    assert not CostClaim.objects.exists() and not KeptFile.objects.exists()
    assert AuditEvent.objects.latest("pk").details == {"reason": "FileRefused"}


def test_costs_are_claimed_of_a_decided_salary_grant_alone():
    for application in (salary_taken(), taken(family(1, 0), applicant=municipality("853"))):
        with pytest.raises(ApplicationRefused):
            drafted(application)
    with refused_by_the_database("salary grant in force"), transaction.atomic():
        CostClaim.objects.create(
            application=application, period_from=date(2024, 1, 1), period_to=date(2024, 1, 31),
            amount_cents=1, description="x",
        )  # fmt: skip


def test_only_a_sender_of_the_applicant_sends():
    draft = drafted(grant())
    other = officer("853")
    with pytest.raises(ApplicationRefused):
        cost_send(draft, by=other, at=AT)
    preparer = MembershipFactory.create(organisation=municipality("398"), right=Right.PREPARE).user
    cost_save(draft, costs(1_00), by=preparer, at=AT)
    with pytest.raises(ApplicationRefused):
        cost_send(draft, by=preparer, at=AT)


def test_what_was_sent_stands():
    claim = claimed(grant())
    with pytest.raises(ApplicationRefused):
        cost_save(claim, costs(1_00), **by())
    voucher = claim.attachments.get()
    with pytest.raises(ApplicationRefused):
        attachment_remove(voucher, by=officer())
    for change in (
        lambda: CostClaim.objects.update(amount_cents=1),
        lambda: CostAttachment.objects.all().delete(),
        lambda: CostClaim.objects.update(status="withdrawn"),
        lambda: CostStep.objects.update(note="x"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_a_voucher_that_was_not_sent_can_be_taken_back():
    draft = drafted(grant())
    attachment_remove(draft.attachments.get(), by=officer())
    assert not KeptFile.objects.exists()


def test_a_claim_is_withdrawn_before_it_is_decided_and_frees_the_ceiling():
    application = grant()
    claim = cost_withdraw(claimed(application, CEILING), **by())
    assert claim.status == "withdrawn" and ceiling_figures(application).left == CEILING
    with pytest.raises(ApplicationRefused):
        cost_withdraw(cost_decided(claimed(application)), **by())


def cut(application, cents=2_000_00):
    """A claim of which so much was accepted, its decision served on the day."""
    claim = cost_decided(claimed(application), cents, "Tosite puuttuu.")
    decision_serve(claim.decision, service=Service.FETCHED, day=AT.date(), by=officer())
    return CostClaim.objects.select_related("decision").get(pk=claim.pk)


def test_what_was_cut_is_claimed_anew_as_rectification():
    """P-04."""
    application = grant()
    claim = cut(application)
    with pytest.raises(ApplicationRefused):
        drafted(application, 1_000_01, contests=claim)
    again = claimed(application, 1_000_00, contests=claim, files=[])
    decision = cost_decided(again).decision
    assert (decision.remedy, decision.amount_cents) == ("court", 1_000_00)
    with pytest.raises(ApplicationRefused):
        drafted(application, 1, contests=claim)


def test_rectification_is_claimed_by_its_last_day():
    application = grant()
    with pytest.raises(ApplicationRefused):
        drafted(application, 1_00, contests=cut(application), at=AT + timedelta(days=40))


def test_the_letter_says_what_is_paid_and_why_the_rest_is_not():
    claim = cost_decided(claimed(grant()), 2_000_00, "Tosite puuttuu.")
    documents_make(claim.decision, language="fi", at=AT)
    documents_make(claim.decision, language="sv", at=AT)
    assert list(makers_of(claim.decision)) == [("decision", "pdf")]
    for language, words in (
        ("fi", ("2 000,00 €", "1 000,00 €", "Tosite puuttuu.", "12–14 §", "kotoutumisohjaaja")),
        ("sv", ("2 000,00 €", "1 000,00 €", "Tosite puuttuu.", "12–14 §", "verifikat")),
    ):
        pdf = bytes(claim.decision.documents.get(language=language).content)
        text = " ".join(said(pdf).replace("\N{NO-BREAK SPACE}", " ").split())
        assert [one for one in words if one not in text] == []
        assert "Tarmo" not in text and faults(pdf) == []


def test_closing_releases_what_was_not_paid_to_the_frame():
    """P-06."""
    frame = BudgetFrame.objects.create(programme_year=2023, allotted_eur=Decimal(9000), source="t")
    frame.rounds.set([RoundFactory.create(code="P2023")])
    application = grant()
    waiting = claimed(application)
    assert frame_figures(frame).left == 0
    with pytest.raises(ReviewRefused):
        grant_close(application.pk, by=kirsi(), at=AT)
    with refused_by_the_database("waits to be decided or paid"), transaction.atomic():
        application.steps.create(deed="closed", status="closed", by=kirsi(), at=AT)
    cost_withdraw(waiting, **by())
    grant_close(application.pk, by=kirsi(), at=AT)
    assert status(application) == "closed"
    assert (frame_figures(frame).committed, frame_figures(frame).left) == (0, CEILING)
    with pytest.raises(ApplicationRefused):
        drafted(application)


def test_a_support_that_is_paid_in_one_sum_is_not_closed_here():
    with pytest.raises(ReviewRefused):
        grant_close(taken(family(1, 0)).pk, by=kirsi(), at=AT)


def test_the_table_of_steps_and_the_trigger_say_the_same():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_functiondef('grants_guard_cost_step'::regproc)")
        (body,) = cursor.fetchone()
    rows = set(re.findall(r"\('(\w+)', '(\w+)', '(\w+)'\)", body))
    assert rows == {(deed, before, after) for (deed, before), after in STEPS.items()}


def test_the_database_refuses_a_step_that_is_not_in_the_table():
    claim = claimed(grant())
    with refused_by_the_database("is not accepted"), transaction.atomic():
        CostStep.objects.create(claim=claim, deed="accepted", status="accepted", by=heikki(), at=AT)


def test_the_demo_has_a_claim_accepted_and_one_waiting(anna, kalle, hilkka):
    today = date(2026, 11, 24)
    at = datetime(2026, 11, 24, 10, tzinfo=UTC)
    *_others, round_ = rounds_open(today=today)
    salary_play(round_, municipality("398"), SalaryCast(anna, kalle, hilkka), at=at, today=today)
    assert list(CostClaim.objects.values_list("status", flat=True)) == ["accepted", "sent"]


class CeilingHolds(TestCase):
    @given(st.lists(st.tuples(st.integers(1, CEILING), st.integers(0, CEILING)), max_size=5))
    @settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow])
    def test_what_is_accepted_never_exceeds_the_ceiling(self, tries):
        application = grant()
        for amount, accepted in tries:
            try:
                claim = claimed(application, amount)
            except ApplicationRefused:
                continue
            cost_decided(claim, min(amount, accepted), "Osa.")
        figures = ceiling_figures(application)
        assert figures.left >= 0
        assert figures.granted == figures.left + figures.accepted
