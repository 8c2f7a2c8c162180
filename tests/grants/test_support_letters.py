"""The letter and the person appendix of a decision on a support, read back (P-02, P-03, P-11)."""

from __future__ import annotations

from datetime import date

import pytest

from grants.decisions.services.deciding import decision_make
from grants.decisions.services.proposing import decision_propose
from grants.models import Application, ListRow, Phrase
from grants.review.marking import rows_mark
from payments.decisions.services import documents_make, language_of
from tests.documents import faults, said, workbook
from tests.factories import organisation, resident
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
    taken,
)

pytestmark = pytest.mark.django_db


def words(pdf: bytes) -> str:
    return " ".join(said(pdf).replace("\N{NO-BREAK SPACE}", " ").split())


def content(decision, kind: str, form: str, language: str = "fi") -> bytes:
    documents_make(decision.decision, language=language, at=AT)
    stored = decision.decision.documents.get(kind=kind, form=form, language=language)
    assert stored.is_whole
    return bytes(stored.content)


def partly():
    refusal()
    return decided(taken(family(2, 3)), refused=[6])


def test_the_letter_says_what_is_granted_and_why_the_rest_is_not():
    pdf = content(partly(), "decision", "pdf")
    for said_ in (
        "KEHA/1/2024", "Lahti", "6 766,40 €", "2 henkilöä à 2 601,20 €, yhteensä 5 202,40 €",
        "2 henkilöä à 782,00 €", "Muilta osin hakemus hylätään",
        "1 henkilö hylätty: Ei ensimmäinen kotikunta.", "Perustelut.", "688/2001", "oikaisua",
    ):  # fmt: skip
        assert said_ in words(pdf)
    assert faults(pdf) == []


def test_the_letter_is_in_swedish_too():
    pdf = content(partly(), "decision", "pdf", "sv")
    assert "1 person avslagen: Inte den första hemkommunen." in words(pdf)
    assert "Till övriga delar avslås ansökan." in words(pdf)


def test_the_letter_names_nobody():
    text = words(content(partly(), "decision", "pdf"))
    assert "T0001" not in text
    assert "Testinen" not in text


def test_the_appendix_names_each_person_and_is_marked_secret():
    """P-03."""
    decision = partly()
    text = words(content(decision, "person-appendix", "pdf"))
    assert "JulkL (621/1999) 24.1 § 24 ja 32 k" in text
    for said_ in ("T0001", "1.5.2020", "2 601,20 €", "hylätty", "Ei ensimmäinen kotikunta."):
        assert said_ in text
    assert faults(content(decision, "person-appendix", "pdf")) == []


def test_the_appendix_is_a_workbook_too():
    book = workbook(content(partly(), "person-appendix", "xlsx", "sv"))
    rows = list(book.active.iter_rows(values_only=True))
    assert rows[0][0] == "Sekretessbelagd – OffL (621/1999) 24.1 § 24 och 32 p."
    assert [row[6] for row in rows[4:]] == [2601.2, 2601.2, 782, 782, 0]


def test_helsinki_reads_both_amounts():
    helsinki = organisation("municipality", "091")
    text = words(content(decided(taken(family(2, 3), applicant=helsinki)), "decision", "pdf"))
    for said_ in ("8 236,00 €", "2 henkilöä à 136,80 €", "3 henkilöä à 138,00 €"):
        assert said_ in text


def test_a_reason_that_tells_of_homes_is_not_written_of_a_protected_person():
    """P-11."""
    person = resident(lives_in="853", protected=True, moved_in=date(2023, 5, 1))
    refusal("tells", tells_home=True, text_fi="Ensimmäinen kotikunta on toinen.")
    application = taken([{"uma_number": person.uma_number}, {"uma_number": "T2"}])
    mark(application)
    row = ListRow.objects.get(list__application=application, line=2)
    rows_mark(application.pk, marks={row.pk: Phrase.objects.get(code="tells")}, by=kirsi(), at=AT)
    decision = decide_as_marked(application)
    for kind in ("decision", "person-appendix"):
        text = words(content(decision, kind, "pdf"))
        assert "Ensimmäinen kotikunta on toinen." not in text
        assert "tuen ehdot eivät täyty" in text


def decide_as_marked(application: Application):
    reasons = {"reasons": "Perustelut.", "unheard": needless()}
    proposal = decision_propose(application.pk, by=kirsi(), at=AT, **reasons)
    return decision_make(proposal.pk, by=heikki(), at=AT)


def test_a_dismissal_has_a_letter_and_no_appendix():
    application = taken(family(1, 0), is_late=True)
    proposal = proposed(application, is_inadmissible=True, reasons="Hakemus myöhästyi.")
    decision = decision_make(proposal.pk, by=heikki(), at=AT)
    text = words(content(decision, "decision", "pdf"))
    assert "Hakemus jätetään tutkimatta." in text
    assert "Hakemus myöhästyi." in text
    assert set(decision.decision.documents.values_list("kind", flat=True)) == {"decision"}


def test_the_letter_is_in_the_language_that_was_asked_for():
    decision = partly()
    assert language_of(decision.decision) == "fi"


def test_a_letter_costs_a_fixed_number_of_queries(django_assert_max_num_queries):
    decision = partly()
    with django_assert_max_num_queries(40):
        documents_make(decision.decision, language="fi", at=AT)
