"""Evidence files of manual cases: who sends, sees and removes them, and until when (P-08, P-10, P-11)."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from payments.cases.errors import CaseRefused
from payments.cases.evidence.services import (
    application_evidence_add,
    case_evidence_add,
    evidence_remove,
)
from payments.cases.services.allocating import case_refuse
from payments.cases.services.deciding import proposal_decide, proposal_propose
from payments.models import CaseEvidence, ManualProposal
from registry.files.inspection import FileRefused
from registry.files.services import Upload
from registry.models import AuditEvent, KeptFile
from tests.factories import PersonDetailsFactory, StaffRoleFactory
from tests.files import PDF, PNG
from tests.payments.manual import DECIDED, TODAY, apply, match_all

pytestmark = pytest.mark.django_db
LEASE = Upload("Vuokrasopimus Suku.pdf", PDF)


@pytest.fixture
def proposal(anna) -> ManualProposal:
    PersonDetailsFactory.create(person__uma_number="N")
    return apply(anna, "N", months=("2025-01", "2025-02"))


def of_applicant(proposal, by, *files: Upload, shows="Vuokrasopimus.") -> CaseEvidence:
    application_evidence_add(proposal.pk, files or [LEASE], shows=shows, by=by, at=DECIDED)
    return CaseEvidence.objects.filter(is_authoritys=False).latest("pk")


def of_authority(proposal, by) -> CaseEvidence:
    case_evidence_add(proposal.cases.get().pk, [LEASE], shows="Rekisteriote.", by=by, at=DECIDED)
    return CaseEvidence.objects.filter(is_authoritys=True).latest("pk")


def visible(user) -> list[int]:
    return list(CaseEvidence.objects.visible_to(user).values_list("pk", flat=True))


def test_the_applicant_sees_its_own_and_staff_see_all(proposal, anna, bertta, kalle, hilkka):
    own, authoritys = of_applicant(proposal, anna), of_authority(proposal, kalle)
    assert visible(anna) == [own.pk], "what the authority adds may tell of other places (P-11)"
    assert visible(bertta) == []
    assert visible(kalle) == visible(hilkka) == [own.pk, authoritys.pk]


def test_only_the_applicants_senders_add_to_its_application(proposal, bertta, kalle):
    for other in (bertta, kalle):
        with pytest.raises(CaseRefused):
            of_applicant(proposal, other)
    assert not KeptFile.objects.exists()


def test_only_reviewers_add_to_a_case(proposal, anna, hilkka):
    for other in (anna, hilkka):
        with pytest.raises(CaseRefused):
            of_authority(proposal, other)


def test_all_files_or_none(proposal, anna):
    with pytest.raises(FileRefused):
        of_applicant(proposal, anna, LEASE, Upload("ohjelma.exe", b"MZ\x90\0"))
    assert not KeptFile.objects.exists() and not CaseEvidence.objects.exists()


def test_files_say_what_they_show(proposal, anna):
    with pytest.raises(CaseRefused):
        of_applicant(proposal, anna, shows="  ")


def test_each_side_removes_its_own(proposal, anna, kalle):
    own, authoritys = of_applicant(proposal, anna), of_authority(proposal, kalle)
    for evidence, other in ((own, kalle), (authoritys, anna)):
        with pytest.raises(CaseRefused):
            evidence_remove(evidence.pk, by=other)
    evidence_remove(own.pk, by=anna)
    evidence_remove(authoritys.pk, by=kalle)
    assert not KeptFile.objects.exists()


@pytest.fixture
def proposed(proposal, anna, kalle):
    """An application with files of both sides, proposed to be refused."""
    of_applicant(proposal, anna)
    of_authority(proposal, kalle)
    match_all(proposal, kalle)
    case_refuse(proposal.cases.get().pk, by=kalle, reason="Ei näyttöä.")
    return proposal_propose(proposal.pk, by=kalle, today=TODAY)


def test_what_is_proposed_stands_on_the_files_it_had(proposed, anna, kalle):
    own, authoritys = CaseEvidence.objects.order_by("pk")
    for step in (
        lambda: of_applicant(proposed, anna),
        lambda: of_authority(proposed, kalle),
        lambda: evidence_remove(own.pk, by=anna),
        lambda: evidence_remove(authoritys.pk, by=kalle),
    ):
        with pytest.raises(CaseRefused):
            step()


@pytest.mark.parametrize(
    "change",
    [
        lambda: CaseEvidence.objects.update(shows="Muu."),
        lambda: CaseEvidence.objects.all()._raw_delete("default"),
    ],
)
def test_the_database_keeps_them(proposed, change):
    with pytest.raises(IntegrityError), transaction.atomic():
        change()


def test_whoever_added_evidence_does_not_decide(proposal, anna, kalle, hilkka):
    """P-01."""
    StaffRoleFactory.create(user=hilkka, role="reviewer")
    of_authority(proposal, hilkka)
    case_refuse(proposal.cases.get().pk, by=kalle, reason="Ei näyttöä.")
    proposal_propose(proposal.pk, by=kalle, today=TODAY)
    with pytest.raises(CaseRefused, match="P-01"):
        proposal_decide(proposal.pk, by=hilkka, at=DECIDED)


# Pages


def signed_in(client, user):
    client.force_login(user)
    client.cookies["django_language"] = "en"
    return client


def pdf(name="Vuokrasopimus Suku.pdf", content=PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def test_a_file_is_handed_out_as_it_was_sent_under_a_neutral_name_and_logged(
    client, proposal, anna
):
    evidence = of_applicant(proposal, anna)
    answer = signed_in(client, anna).get(f"/evidence/{evidence.pk}/")
    assert answer.content == PDF and "Suku" not in str(answer.headers)
    event = AuditEvent.objects.latest("pk")
    assert (event.verb, event.object_type, event.case_ref) == (
        "exported", "registry.keptfile", f"manual {proposal.pk}",
    )  # fmt: skip


def test_files_are_added_and_listed_on_both_pages(client, proposal, anna, kalle):
    case = proposal.cases.get()
    where, data = f"/applied/{proposal.pk}/", {"attached": [pdf()], "shows": "Lease of 2024"}
    page = signed_in(client, anna).post(f"{where}evidence/", data, follow=True).content.decode()
    assert "Lease of 2024" in page and "Vuokrasopimus Suku.pdf" in page
    page = signed_in(client, kalle).get(f"/cases/{case.pk}/").content.decode()
    assert "Lease of 2024" in page
    data = {"attached": [pdf("kuva.png", PNG)], "shows": "Client record"}
    page = client.post(f"/cases/{case.pk}/evidence/", data, follow=True).content.decode()
    assert "Client record" in page
    assert "Client record" not in signed_in(client, anna).get(where).content.decode()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"shows": "Lease"}, "This field is required"),
        ({"files": [b"x"]}, "This field is required"),
        ({"shows": "Lease", "files": [b"MZ\x90\0"]}, "Accepted are PDF"),
    ],
)
def test_what_is_refused_says_why(client, proposal, anna, data, sentence):
    files = [pdf("a.exe", content) for content in data.get("files", [])]
    data = {"shows": data.get("shows", ""), "attached": files} if files else data
    where = f"/applied/{proposal.pk}/"
    page = signed_in(client, anna).post(f"{where}evidence/", data, follow=True).content.decode()
    assert sentence in page and not KeptFile.objects.exists()


PERSON = {
    "form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "0", "form-0-uma_number": "N",
    "form-0-first_month": "1/2025", "form-0-last_month": "1/2025", "form-0-evidence": "Lease",
}  # fmt: skip


def test_files_come_with_the_application(client, db, anna):
    signed_in(client, anna).post(
        "/applied/apply/", {**PERSON, "attached": [pdf()], "shows": "Lease"}
    )
    proposal = ManualProposal.objects.get()
    assert proposal.evidence.get().shows == "Lease"


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"shows": "Lease"}, "Choose the files."),
        ({"files": b"%PDF-"}, "Say what the files show."),
        ({"files": b"MZ\x90\0", "shows": "Lease"}, "Accepted are PDF"),
    ],
)
def test_an_application_whose_files_are_refused_is_not_sent(client, db, anna, data, sentence):
    files = {"attached": [pdf("a.exe", data["files"])]} if "files" in data else {}
    page = signed_in(client, anna).post("/applied/apply/", {**PERSON, **data, **files})
    assert sentence in page.content.decode() and not ManualProposal.objects.exists()


def test_an_application_needs_no_files(client, db, anna):
    signed_in(client, anna).post("/applied/apply/", PERSON)
    assert ManualProposal.objects.exists() and not CaseEvidence.objects.exists()
