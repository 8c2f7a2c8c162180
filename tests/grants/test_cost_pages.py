"""Claims of costs in the pages of both sides, from a draft to a decision (P-01, P-10)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from grants.costs.models import CostAttachment, CostClaim
from registry.models import AuditEvent
from tests.files import PDF
from tests.grants.costs import claimed, cost_decided, cost_proposed, drafted, grant

pytestmark = pytest.mark.django_db
SAID = {
    "period_from": "1.1.2024",
    "period_to": "31.3.2024",
    "amount_eur": "3000,50",
    "description": "Palkka.",
}


def page(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def at(name: str, pk: int) -> str:
    return reverse(name, args=[pk])


def text(response) -> str:
    return response.content.decode().replace("\N{NO-BREAK SPACE}", " ")


def voucher(name="Tarmo Tekijä.pdf", content=PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def test_costs_are_claimed_examined_and_decided(anna, kalle, hilkka):
    application = grant()
    annas = page(anna)
    assert at("cost_new", application.pk) in text(
        annas.get(at("application_detail", application.pk))
    )
    data = SAID | {"vouchers": [voucher(), voucher("b.pdf", PDF + b"b")]}
    answer = annas.post(at("cost_new", application.pk), data)
    claim = CostClaim.objects.get()
    assert answer.url == at("cost_detail", claim.pk) and claim.amount_cents == 3_000_50
    assert "Tarmo Tekijä.pdf" in text(annas.get(answer.url))
    annas.post(at("cost_send", claim.pk), {"is_correct": "on"})
    kalles = page(kalle)
    assert at("cost_detail", claim.pk) in text(kalles.get(reverse("support_list")))
    assert "1 maksatushakemus tutkittavana" in text(kalles.get(reverse("front")))
    kalles.post(at("cost_propose", claim.pk), {"accepted_eur": "2000,00", "reason": "Osa."})
    assert "3 000,50 €" in text(page(hilkka).get(at("cost_detail", claim.pk)))
    page(hilkka).post(at("cost_decide", claim.pk))
    claim.refresh_from_db()
    assert (claim.status, claim.accepted_cents) == ("accepted", 2_000_00)
    told = text(annas.get(at("application_detail", application.pk)))
    for words in ("2 000,00 €", "7 000,00 €", claim.decision.number):
        assert words in told


def test_a_decision_is_fetched_and_what_was_cut_contested(anna):
    claim = cost_decided(claimed(grant()), 2_000_00, "Osa.")
    annas = page(anna)
    assert at("cost_contest", claim.pk) not in text(annas.get(at("cost_detail", claim.pk)))
    annas.post(at("decision_fetch", claim.decision_id), {"language": "fi"})
    assert at("cost_contest", claim.pk) in text(annas.get(at("cost_detail", claim.pk)))
    annas.post(at("cost_contest", claim.pk), SAID | {"amount_eur": "1000,00"})
    assert CostClaim.objects.get(contests=claim).amount_cents == 1_000_00


def test_a_completion_waits_on_the_start_page_and_is_answered(anna, kalle):
    claim = claimed(grant())
    day = timezone.localdate() + timedelta(days=14)
    asked = {
        "completion-asked": "Palkkalaskelma puuttuu.",
        "completion-answer_by": f"{day:%d.%m.%Y}",
    }
    page(kalle).post(at("cost_ask", claim.pk), asked)
    annas = page(anna)
    assert at("cost_detail", claim.pk) in text(annas.get(reverse("front")))
    assert "Palkkalaskelma puuttuu." in text(annas.get(at("cost_detail", claim.pk)))
    annas.post(at("cost_save", claim.pk), SAID | {"vouchers": [voucher()]})
    annas.post(at("cost_send", claim.pk), {"is_correct": "on", "answer": "Liitetty."})
    claim.refresh_from_db()
    assert (claim.status, claim.attachments.count()) == ("sent", 2)


def test_a_hostile_voucher_is_told_beside_its_field_and_nothing_is_saved(anna):
    application = grant()
    data = SAID | {"vouchers": [voucher(content=b"MZ")]}
    shown = text(page(anna).post(at("cost_new", application.pk), data))
    assert "Liitteeksi kelpaavat" in shown and "Palkka." in shown
    assert not CostClaim.objects.exists()


@pytest.mark.parametrize(
    "wrong", [{"amount_eur": "0"}, {"period_from": "31.2.2024"}, {"period_to": ""}]
)
def test_what_cannot_be_is_told_in_a_sentence(anna, wrong):
    answer = page(anna).post(at("cost_new", grant().pk), SAID | wrong)
    assert answer.status_code == 200 and "govuk-error-summary" in text(answer)


def test_one_declares_before_sending(anna):
    draft = drafted(grant())
    shown = text(page(anna).post(at("cost_send", draft.pk)))
    assert "Vakuuta, että kustannukset kuuluvat avustukseen." in shown


def test_a_voucher_is_handed_out_under_a_neutral_name_and_logged(anna, kalle):
    claim = claimed(grant())
    attachment = claim.attachments.get()
    for user in (anna, kalle):
        answer = page(user).get(at("cost_file", attachment.pk))
        assert answer.content == PDF and "Tarmo" not in str(answer.headers)
        event = AuditEvent.objects.latest("pk")
        assert (event.verb, event.actor, event.case_ref) == (
            "exported", user, f"application {claim.application_id}",
        )  # fmt: skip


def test_staff_see_no_draft_and_no_voucher_of_one(kalle):
    draft = drafted(grant())
    for address in (at("cost_detail", draft.pk), at("cost_file", draft.attachments.get().pk)):
        assert page(kalle).get(address).status_code == 404


def test_a_voucher_is_removed_from_a_draft(anna):
    draft = drafted(grant())
    attachment = draft.attachments.get()
    assert at("cost_file_remove", attachment.pk) in text(
        page(anna).get(at("cost_detail", draft.pk))
    )
    page(anna).post(at("cost_file_remove", attachment.pk))
    assert not CostAttachment.objects.exists()


def test_the_applicant_is_not_told_what_is_proposed(anna):
    claim = cost_proposed(claimed(grant()), 1_00, "Lähes kaikki hylätään.")
    for address in (at("cost_detail", claim.pk), at("application_detail", claim.application_id)):
        shown = text(page(anna).get(address))
        assert "Lähes kaikki" not in shown and "päätös ehdotettu" not in shown


def test_a_grant_is_closed_on_the_workbench(kalle):
    application = grant()
    shown = text(page(kalle).get(at("support_detail", application.pk)))
    assert at("support_close", application.pk) in shown
    page(kalle).post(at("support_close", application.pk))
    application.refresh_from_db()
    assert application.status == "closed"


def test_pages_cost_the_same_for_every_number_of_claims(anna):
    application, client = grant(), page(anna)
    client.get(at("application_detail", application.pk))
    counts = []
    for _round in range(2):
        claimed(application, 1_00)
        with CaptureQueriesContext(connection) as queries:
            client.get(at("application_detail", application.pk))
        counts.append(len(queries))
    assert counts[0] == counts[1]
