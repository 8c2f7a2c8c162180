"""The applicant is heard before it is refused something, or it is said why not (434/2003 § 34)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from grants.applications.steps import ApplicationRefused
from grants.decisions.letter import context
from grants.decisions.services import proposing
from grants.decisions.services.proposing import decision_propose
from grants.hearings.selectors import hearings_told, unheard_rows
from grants.hearings.services import hearing_answer, hearing_ask, hearing_extend
from grants.models import Application, ListRow
from grants.review.errors import ReviewRefused
from grants.review.marking import rows_mark
from registry.models import Hand
from tests.factories import MembershipFactory, municipality, resident
from tests.grants.decisions import (
    AT,
    TODAY,
    decided,
    family,
    kirsi,
    mark,
    needless,
    proposed,
    refusal,
    status,
    taken,
)
from tests.grants.test_support_pages import at, page, text

pytestmark = pytest.mark.django_db
LAST = TODAY + timedelta(days=14)
AFTER = AT + timedelta(days=15)


@pytest.fixture
def application() -> Application:
    """With two rows, the second marked to be refused."""
    one = taken(family(1, 1))
    mark(one, refused=[3])
    return one


def hear(application: Application, **more):
    given = {"question": "Kuulemme teitä.", "answer_by": LAST, "by": kirsi(), "at": AT, **more}
    return hearing_ask(application.pk, **given)


def answer(application: Application, by, when=AT):
    return hearing_answer(application.pk, answer=" Näin on. ", by=by, at=when)


def propose(application: Application, when=AT, **more):
    return decision_propose(application.pk, by=kirsi(), at=when, reasons="Perustelut.", **more)


def test_rows_are_not_refused_unheard_without_saying_why(application):
    with pytest.raises(ReviewRefused, match="1 rivi"):
        propose(application)
    assert propose(application, unheard=needless()).unheard == needless()


def test_an_applicant_that_has_answered_has_been_heard(application, anna):
    hear(application)
    with pytest.raises(ReviewRefused, match="aikaa"):
        propose(application, unheard=needless())
    answer(application, anna)
    proposal = propose(application, unheard=needless())
    assert (proposal.ruling, proposal.unheard) == ("partly", None)
    connection.check_constraints()


def test_no_answer_does_not_stop_the_decision(application):
    hear(application)
    assert propose(application, AFTER).unheard is None


def test_another_reason_is_heard_on_anew(application, anna):
    hear(application)
    answer(application, anna)
    row = unheard_row = ListRow.objects.get(list__application=application, line=3)
    rows_mark(application.pk, marks={row.pk: refusal("other")}, by=kirsi(), at=AT)
    assert unheard_rows(application, TODAY).get() == unheard_row


def test_who_was_asked_to_complete_has_been_heard(application):
    application.completion_requests.create(
        asked="Tarkistakaa.", asked_by=kirsi(), asked_at=AT, answer_by=TODAY, closed_at=AT
    )
    assert propose(application).unheard is None


def test_dismissal_and_grants_need_no_hearing():
    """§ 34: a claim that is dismissed, and one that is accepted."""
    late = taken(family(1, 1, mark="L"), is_late=True, applicant=municipality("853"))
    assert propose(late, is_inadmissible=True).unheard is None
    assert proposed(taken(family(1, 1))).unheard is None


def test_an_answer_may_be_late_but_not_twice_nor_after_the_proposal(application, anna):
    hear(application)
    answer(application, anna, AFTER)
    with pytest.raises(ApplicationRefused):
        answer(application, anna, AFTER)
    hear(application, at=AFTER, answer_by=date(2024, 6, 30))
    hearing_extend(application.pk, answer_by=date(2024, 7, 1), by=kirsi(), at=AFTER)
    propose(application, AT + timedelta(days=90))
    with pytest.raises(ApplicationRefused, match="määräaika on ohi"):
        answer(application, anna, AFTER)


def test_only_a_sender_of_the_applicant_answers(application):
    hear(application)
    for officer in (MembershipFactory.create(right="prepare").user, kirsi()):
        with pytest.raises(ApplicationRefused):
            answer(application, officer)


@pytest.mark.parametrize("fault", [{"answer_by": TODAY}, {"question": " "}])
def test_a_hearing_has_its_time_and_its_subject(application, fault):
    if "question" in fault:
        mark(application)
    with pytest.raises(ReviewRefused):
        hear(application, **fault)


def test_one_hearing_at_a_time_with_a_later_day(application):
    hear(application)
    with pytest.raises(ReviewRefused, match="aikaa"):
        hear(application)
    with pytest.raises(ReviewRefused, match="myöhempi"):
        hearing_extend(application.pk, answer_by=LAST, by=kirsi(), at=AT)
    later = hearing_extend(application.pk, answer_by=LAST + timedelta(days=1), by=kirsi(), at=AT)
    assert later.answer_by > LAST


def test_the_database_refuses_rows_that_nobody_was_heard_on(application, monkeypatch):
    monkeypatch.setattr(proposing, "_unheard", lambda *_: None)
    propose(application)
    with pytest.raises(IntegrityError, match="heard"), transaction.atomic():
        connection.check_constraints()
    transaction.set_rollback(True)


def test_a_hearing_stands_as_it_was_asked(application, anna):
    hearing = hear(application)
    for change in ({"question": "Muuta."}, {"answer_by": TODAY}):
        with pytest.raises(IntegrityError, match="stands"), transaction.atomic():
            type(hearing).objects.update(**change)
    with pytest.raises(IntegrityError, match="never"), transaction.atomic():
        hearing.rows.update(phrase=refusal("other"))
    assert Hand.objects.filter(user=kirsi(), part="prepared", object_id=application.pk).exists()


def test_of_a_protected_person_no_reason_tells_homes():
    """P-11."""
    person = resident(lives_in="853", protected=True, moved_in=date(2023, 5, 1))
    application = taken([{"uma_number": person.uma_number}, {"uma_number": "T2"}])
    phrase = refusal("tells", tells_home=True, text_fi="Ensimmäinen kotikunta on toinen.")
    rows = ListRow.objects.filter(list__application=application).values_list("pk", flat=True)
    rows_mark(application.pk, marks=dict.fromkeys(rows, phrase), by=kirsi(), at=AT)
    hear(application)
    (told,) = hearings_told(application)
    assert dict(told.reasons) == {
        "tuen ehdot eivät täyty": "2", "Ensimmäinen kotikunta on toinen.": "3",
    }  # fmt: skip


def test_the_letter_says_how_the_applicant_was_heard(application, anna):
    hear(application)
    answer(application, anna)
    decision = decided(application, refused=[3])
    assert "vastasi 6.5.2024" in " ".join(dict(context(decision)["sections"])["Perustelut"])
    other = decided(taken(family(1, 1, mark="X"), applicant=municipality("853")), refused=[2])
    assert needless().text_fi in dict(context(other)["sections"])["Perustelut"]


def test_it_is_asked_and_answered_in_the_pages(application, kalle, anna, mailoutbox):
    day = AT.date().replace(year=2099)
    data = {"hearing-question": "Rivi 3.", "hearing-answer_by": f"{day:%d.%m.%Y}"}
    assert "1 row is to be refused" in text(page(kalle).get(at("support_detail", application)))
    page(kalle).post(at("support_hear", application), data | {"hearing-answer_by": ""})
    assert not application.hearings.exists()
    page(kalle).post(at("support_hear", application), data)
    own = text(page(anna).get(at("application_detail", application)))
    assert "Ei ensimmäinen kotikunta." in own
    assert "Rows of the list: 3" in own
    assert application.number in text(page(anna).get("/"))
    page(anna).post(at("application_hearing", application), {"hearing-answer": "Ei pidä."})
    assert "Ei pidä." in text(page(kalle).get(at("support_detail", application)))
    assert status(application) == "in_check"
