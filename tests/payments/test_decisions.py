"""Approving a run decides for each payee; documents are made once and kept (P-02, P-04)."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from payments.decisions.services import documents_make, run_documents_make
from payments.models import PayeeCorrection, RunDecision
from registry.models import AuditEvent, Decision, DecisionDocument
from tests.documents import faults, said, workbook
from tests.factories import user_named
from tests.payments.law import home, person_rows, resident
from tests.payments.runs import AT, compute, deliver, settle

pytestmark = pytest.mark.django_db
SINCE = "2024-05-10"


@pytest.fixture
def settled():
    """November 2024 of two persons in Lahti; December corrects one who had moved to Helsinki."""
    resident("A", moved_in=SINCE)
    resident("B", moved_in=SINCE)
    settle("2024-11")
    moved = [home("398", SINCE, "2024-10-15"), home("091", "2024-10-16")]
    deliver(person_rows("B", moved_in=SINCE, homes=moved))
    return settle("2024-12")


def of(run, code) -> RunDecision:
    return RunDecision.objects.get(proposal__run=run, proposal__payee__code=code)


def words(pdf: bytes) -> str:
    return " ".join(said(pdf).replace("\N{NO-BREAK SPACE}", " ").split())


def content(decided, kind, form, language="fi") -> bytes:
    documents_make(decided.decision, language=language, at=AT)
    stored = decided.decision.documents.get(kind=kind, form=form, language=language)
    assert stored.is_whole
    return bytes(stored.content)


def test_each_payee_of_an_approved_run_has_a_decision(settled):
    decided = RunDecision.objects.filter(proposal__run=settled)
    assert decided.count() == settled.proposals.count() > 0
    for row in decided.select_related("decision", "proposal"):
        assert row.decision.amount_cents == row.proposal.amount_cents
        assert row.decision.content_hash == settled.input_hash
        assert (row.decision.presenter, row.decision.approver) == (
            settled.checked_by, settled.approved_by,
        )  # fmt: skip


def test_a_draft_decides_nothing():
    resident("A", moved_in=SINCE)
    compute("2024-11")
    assert not Decision.objects.exists()


@pytest.mark.parametrize("language", ["fi", "sv"])
@pytest.mark.parametrize("kind", ["decision", "specification"])
def test_the_documents_are_accessible_and_archivable(settled, kind, language):
    assert faults(content(of(settled, "398"), kind, "pdf", language)) == []


def test_the_letter_says_what_why_and_what_then(settled):
    decided = of(settled, "398")
    letter = words(content(decided, "decision", "pdf"))
    for text in (
        decided.decision.number, "Lahti", "12/2024", "162,92", "681/2023 71 §",
        "hallinto-oikeu" if decided.decision.remedy == "court" else "oikaisu",
        settled.input_hash,
    ):  # fmt: skip
        assert text in letter, text


def test_the_specification_gives_corrections_by_month_and_cause(settled):
    decided = of(settled, "398")
    book = workbook(content(decided, "specification", "xlsx"))
    rows = [row for row in book.worksheets[1].iter_rows(values_only=True) if row[5] is not None]
    (correction,) = PayeeCorrection.objects.filter(run=settled, payee__code="398")
    assert rows[1][2] == correction.persons == 1
    assert round(rows[-1][5] * 100) == correction.cents == decided.proposal.correction_cents
    sums = list(book.worksheets[0].iter_rows(values_only=True))
    assert round(sums[-1][5] * 100) == decided.proposal.regular_cents


def test_a_document_is_made_once_and_kept(settled):
    decided = of(settled, "398")
    documents_make(decided.decision, language="fi", at=AT)
    before = set(DecisionDocument.objects.values_list("pk", "content_hash"))
    documents_make(decided.decision, language="fi", at=AT)
    assert set(DecisionDocument.objects.values_list("pk", "content_hash")) == before
    with pytest.raises(IntegrityError, match="never changed or deleted"), transaction.atomic():
        DecisionDocument.objects.update(content=b"")
    with pytest.raises(IntegrityError, match="never changed or deleted"):
        DecisionDocument.objects.all()._raw_delete("default")


def test_all_documents_of_a_run_are_made_in_one_go(settled):
    made = run_documents_make(settled, at=AT)
    assert made == settled.proposals.count()
    assert DecisionDocument.objects.count() == made * 3
    assert run_documents_make(settled, at=AT) == 0


def test_an_officer_fetches_which_serves(client, settled, anna):
    client.force_login(anna)
    decided = of(settled, "398").decision
    address = f"/decisions/{decided.pk}/"
    assert client.get(f"{address}decision-fi.pdf").status_code == 404, "not before it is fetched"
    assert client.post(f"{address}fetch/", {"language": "fi"}).status_code == 302
    decided.refresh_from_db()
    assert decided.is_served and decided.service == "fetched"
    assert decided.remedy_until > decided.served_on
    file = client.get(f"{address}decision-fi.pdf")
    assert file.content[:5] == b"%PDF-" and "KEHA-" in file.headers["Content-Disposition"]
    served = AuditEvent.objects.get(verb="served")
    assert (served.actor, served.acting_for.code) == (anna, "398")


def test_a_reviewer_reads_without_serving_and_records_a_letter(client, settled, kalle):
    client.force_login(kalle)
    decided = of(settled, "398").decision
    address = f"/decisions/{decided.pk}/"
    client.post(f"{address}fetch/", {"language": "sv"})
    decided.refresh_from_db()
    assert not decided.is_served
    assert client.get(f"{address}decision-sv.pdf").status_code == 200
    arrived = f"{decided.decided_on:%d.%m.%Y}"
    client.post(f"{address}serve/", {"service": "letter", "day": arrived})
    decided.refresh_from_db()
    assert (decided.served_on, decided.service) == (decided.decided_on, "letter")


@pytest.mark.parametrize(
    ("posted", "status"),
    [({"service": "letter", "day": "1.1.2020"}, 200), ({"service": "", "day": "x"}, 200)],
)
def test_a_wrong_service_is_told(client, settled, kalle, posted, status):
    client.force_login(kalle)
    decided = of(settled, "398").decision
    page = client.post(f"/decisions/{decided.pk}/serve/", posted)
    assert page.status_code == status
    assert "govuk-error-summary" in page.content.decode()


@pytest.mark.parametrize(
    ("asked", "found"), [("", 3), ("Lahti", 2), ("398", 2), ("keha/1/2026", 1), ("Turku", 0)]
)
def test_decisions_are_found(client, settled, kalle, asked, found):
    client.force_login(kalle)
    page = client.post("/decisions/", {"text": asked}) if asked else client.get("/decisions/")
    rows = [row for row in page.context["page"].rows if row.recipient.kind == "municipality"]
    assert len(rows) == found or (asked.startswith("keha") and len(page.context["page"].rows) == 1)


def test_the_list_costs_a_fixed_number_of_queries(
    client, settled, kalle, django_assert_num_queries
):
    client.force_login(kalle)
    with django_assert_num_queries(5):  # the session, its user, what they may do, the decisions
        assert client.get("/decisions/").status_code == 200


def test_the_authority_has_its_name_of_the_day(settled):
    decided = of(settled, "398")
    with translation.override("fi"):
        letter = words(content(decided, "decision", "pdf"))
    name = "KEHA-keskus" if decided.decision.decided_on < date(2026, 1, 1) else "Työllisyys-"
    assert name in letter


def test_nobody_else_has_a_part_in_it(settled):
    user = user_named("kuka")
    assert not Decision.objects.visible_to(user).exists()
