"""The salary grant, a support without a list: a ceiling proposed, decided, contested (P-01, P-02, P-06)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from grants.applications.steps import ApplicationRefused
from grants.decisions.models import RectificationClaim, Ruling, SupportProposal
from grants.decisions.services.ceilings import Ceiling, ceiling_propose
from grants.decisions.services.deciding import OverFrame, decision_make
from grants.decisions.services.proposing import decision_propose, rectification_propose
from grants.hearings.services import hearing_ask
from grants.models import BudgetFrame, CheckResult
from grants.review.errors import ReviewRefused
from payments.bank.errors import BatchRefused
from payments.decisions.services import documents_make, makers_of
from tests.documents import faults, said
from tests.factories import AgreementFactory, RoundFactory, municipality
from tests.grants.decisions import AT, TODAY, family, heikki, kirsi, needless, status, taken
from tests.grants.salary import APPLIED, ceiling_decided, ceiling_proposed, salary_taken
from tests.payments.bank import draw_up, open_accounts

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("cents", "reasons", "ruling"),
    [(APPLIED, "", "granted"), (9_000_00, "Osa.", "partly"), (0, "Ei.", "refused")],
)
def test_it_is_granted_up_to_a_ceiling(cents, reasons, ruling):
    decision = ceiling_decided(salary_taken(), cents, reasons=reasons)
    assert (decision.ruling, decision.amount_cents) == (ruling, cents)
    assert (decision.decision.amount_cents, decision.rows.count()) == (cents, 0)
    assert status(decision.application) == "decided"


def test_a_late_one_is_dismissed():
    """G-03."""
    late = salary_taken(is_late=True)
    decision = ceiling_decided(late, 0, reasons="Myöhässä.", is_inadmissible=True)
    assert (decision.ruling, decision.amount_cents) == ("inadmissible", 0)


@pytest.mark.parametrize(("cents", "why"), [(9_000_00, "perustelut"), (APPLIED + 1, "12 500,50 €")])
def test_less_needs_reasons_and_more_than_was_applied_for_is_not_granted(cents, why):
    with pytest.raises(ReviewRefused) as refused:
        ceiling_proposed(salary_taken(), cents)
    assert why in str(refused.value).replace("\N{NO-BREAK SPACE}", " ")


def test_less_is_granted_once_the_applicant_has_been_heard():
    """434/2003 § 34."""
    application = salary_taken()
    with pytest.raises(ReviewRefused, match="Kuule"):
        ceiling_proposed(application, 9_000_00, reasons="Osa.", unheard=None)
    last = TODAY + timedelta(days=14)
    hearing_ask(application.pk, question="Vähennämme.", answer_by=last, by=kirsi(), at=AT)
    ceiling = Ceiling(9_000_00, "Osa.")
    with pytest.raises(ReviewRefused, match="aikaa"):
        ceiling_propose(application.pk, ceiling, by=kirsi(), at=AT)
    later = AT + timedelta(days=15)
    assert ceiling_propose(application.pk, ceiling, by=kirsi(), at=later).ruling == "partly"


def test_the_database_refuses_less_without_a_hearing():
    proposal = SupportProposal(
        application=salary_taken(), ruling="partly", amount_cents=1_00, difference_cents=1_00,
        proposed_by=kirsi(), proposed_at=AT, reasons="Osa.",
    )  # fmt: skip
    with pytest.raises(IntegrityError, match="is heard"), transaction.atomic():
        proposal.save()


def test_the_database_refuses_more_than_was_applied_for():
    application = salary_taken()
    proposal = SupportProposal(
        application=application, ruling="granted", amount_cents=APPLIED + 1,
        difference_cents=APPLIED + 1, proposed_by=kirsi(), proposed_at=AT,
    )  # fmt: skip
    with pytest.raises(IntegrityError, match="not above"), transaction.atomic():
        proposal.save()


def test_each_support_is_proposed_in_its_own_way():
    with pytest.raises(ReviewRefused):
        decision_propose(salary_taken().pk, by=kirsi(), at=AT, reasons="")
    with pytest.raises(ReviewRefused):
        ceiling_proposed(taken(family(1, 0)), 1_00)


def test_whoever_proposed_it_does_not_decide():
    """P-01."""
    proposal = ceiling_proposed(salary_taken())
    with pytest.raises(ReviewRefused, match="P-01"):
        decision_make(proposal.pk, by=kirsi(), at=AT)


def test_a_ceiling_beyond_the_frame_is_refused():
    """P-06."""
    frame = BudgetFrame.objects.create(programme_year=2023, allotted_eur=Decimal(9000), source="t")
    frame.rounds.set([RoundFactory.create(code="P2023")])
    with pytest.raises(OverFrame, match="12\N{NO-BREAK SPACE}500,50"):
        ceiling_decided(salary_taken())


def test_its_checks_are_the_window_and_the_agreement():
    """G-03, G-13: of the applicant, on the day of sending."""
    without = salary_taken()
    AgreementFactory.create(municipality=municipality("853"), valid_from=date(2020, 1, 1))
    having = salary_taken(municipality("853"))
    found = CheckResult.objects.order_by("application", "name")
    assert list(found.values_list("application", "name", "outcome")) == [
        (without.pk, "in-time", "clean"), (without.pk, "own-agreement", "attention"),
        (having.pk, "in-time", "clean"), (having.pk, "own-agreement", "clean"),
    ]  # fmt: skip


def contested(ruling: Ruling, cents: int | None = None) -> SupportProposal:
    """A claim on a grant of 9 000.00, and the proposal on it."""
    decision = ceiling_decided(salary_taken(), 9_000_00, reasons="Osa.")
    claim = RectificationClaim.objects.create(
        contested=decision, text="Lisää.", filed_by=kirsi(), filed_at=AT
    )
    return rectification_propose(
        claim.pk, by=kirsi(), at=AT, reasons="Perustelut.", ruling=ruling, ceiling_cents=cents
    )


def test_a_rectification_claim_raises_the_ceiling():
    proposal = contested(Ruling.PARTLY, 10_000_00)
    decision = decision_make(proposal.pk, by=heikki(), at=AT)
    assert (decision.amount_cents, decision.difference_cents) == (10_000_00, 1_000_00)


@pytest.mark.parametrize("cents", [None, 9_000_00, APPLIED + 1])
def test_a_claim_is_upheld_with_a_higher_ceiling_within_what_was_applied_for(cents):
    with pytest.raises(ReviewRefused):
        contested(Ruling.GRANTED, cents)


def test_a_refused_claim_leaves_the_ceiling():
    decision = decision_make(contested(Ruling.REFUSED).pk, by=heikki(), at=AT)
    assert (decision.amount_cents, decision.difference_cents) == (9_000_00, 0)


def test_the_decision_itself_pays_nothing():
    open_accounts([municipality("398")])
    ceiling_decided(salary_taken())
    with pytest.raises(BatchRefused):
        draw_up()


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fi", ("enintään 9 000,00 €", "kotoutumisohjaaja", "Raportoi.", "688/2001", "oikaisua")),
        ("sv", ("högst 9 000,00 €", "kotoutumisohjaaja", "Raportoi.", "688/2001", "30 dagar")),
    ],
)
def test_the_letter_says_the_ceiling_and_its_conditions_and_names_nobody(language, words):
    """P-02."""
    grant = ceiling_decided(salary_taken(), 9_000_00, reasons="Osa.", conditions="Raportoi.")
    documents_make(grant.decision, language=language, at=AT)
    pdf = bytes(grant.decision.documents.get(language=language).content)
    text = " ".join(said(pdf).replace("\N{NO-BREAK SPACE}", " ").split())
    for one in words:
        assert one in text, one
    assert "Tarmo" not in text and faults(pdf) == []
    assert list(makers_of(grant.decision)) == [("decision", "pdf")]


def page(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_a_ceiling_is_proposed_and_decided_in_the_pages(kalle, hilkka, anna):
    application = salary_taken()
    shown = page(kalle).get(reverse("support_detail", args=[application.pk])).content.decode()
    for words in ("Tarmo Tekijä", "kotoutumisohjaaja", "Myönnetty enintään"):
        assert words in shown
    assert "Luettelon rivit" not in shown
    said_ = {"ruling": "grant", "ceiling_eur": "9000,00", "reasons": "Osa.", "conditions": "Kerro.",
             "unheard": needless().pk}  # fmt: skip
    page(kalle).post(reverse("support_propose", args=[application.pk]), said_)
    page(hilkka).post(reverse("support_decide", args=[application.pk]))
    assert application.proposals.get().amount_cents == 9_000_00
    own = page(anna).get(reverse("application_detail", args=[application.pk])).content.decode()
    assert "9\N{NO-BREAK SPACE}000,00" in own


@pytest.mark.parametrize(
    "said_", [{"ruling": "grant", "ceiling_eur": ""}, {"ruling": "grant", "ceiling_eur": "-5"}, {}]
)
def test_a_proposal_without_a_ceiling_is_not_made(kalle, said_):
    application = salary_taken()
    answer = page(kalle).post(reverse("support_propose", args=[application.pk]), said_)
    assert answer.status_code == 200 and not application.proposals.exists()


def test_what_was_said_of_the_employee_stands_once_it_was_sent(anna):
    application = salary_taken()
    application.worker_title = "johtaja"
    with pytest.raises(IntegrityError, match="as it was sent"), transaction.atomic():
        application.save()
    assert issubclass(ReviewRefused, ApplicationRefused)
