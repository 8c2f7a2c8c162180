"""Pages of applications: from an open round to the receipt, and what waits on the start page."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from grants.applications import completion, services
from grants.applications.content import content_hash
from grants.applications.steps import step_take
from grants.models import Application, CompletionRequest, Round
from registry.access.signin.sessions import PROVED
from tests.factories import ApplicationFactory, MembershipFactory, municipality
from tests.grants.applications import AT, ask_completion, send

pytestmark = pytest.mark.django_db
CONTACT = {
    "contact_name": "Aino Yhteys",
    "contact_email": "aino@example.org",
    "language": "fi",
    "has_agreement": "on",
}


@pytest.fixture
def open_round(monkeypatch) -> Round:
    """The round of 2024, open today, its lists taken to be in order."""
    for module in (services, completion):
        monkeypatch.setattr(module, "list_ready", lambda _application: None)
    today = timezone.localdate()
    Round.objects.filter(code="L2024").update(
        status="open", opens=today - timedelta(days=1), closes=today + timedelta(days=9)
    )
    return Round.objects.get(code="L2024")


@pytest.fixture
def annas(client, anna):
    client.force_login(anna)
    return client


def begun(client, code="L2024") -> Application:
    client.post(reverse("application_begin", args=[code]))
    return Application.objects.latest("pk")


def text(answer) -> str:
    return " ".join(answer.content.decode().replace("\N{NO-BREAK SPACE}", " ").split())


def test_an_officer_sees_open_rounds_with_days_left(annas, open_round):
    for page in ("front", "application_front"):
        shown = text(annas.get(reverse(page)))
        assert "L2024, laskennallisen korvauksen lisäosa" in shown
        assert "10 päivää" in shown


def test_one_applies_from_the_first_page_to_the_receipt(annas, anna, open_round):
    draft = begun(annas)
    contact = reverse("application_contact", args=[draft.pk])
    assert annas.get(contact).status_code == 200
    annas.post(contact, CONTACT | {"version": 1})
    shown = annas.get(reverse("application_summary", args=[draft.pk]))
    assert "Aino Yhteys" in text(shown)
    sent = {"seen": shown.context["seen"], "is_correct": "on"}
    annas.post(reverse("application_send", args=[draft.pk]), sent)
    page = text(annas.get(reverse("application_detail", args=[draft.pk])))
    draft.refresh_from_db()
    for told in (draft.number, draft.content_hash, "lähetetty", "Anna Lahtinen"):
        assert told in page, told
    receipt = annas.get(reverse("application_receipt", args=[draft.pk]))
    assert receipt["Content-Disposition"].startswith('attachment; filename="HAK-')
    assert receipt.content.startswith(b"%PDF")


def test_a_stale_save_shows_both_versions(annas, anna, open_round):
    draft = begun(annas)
    contact = reverse("application_contact", args=[draft.pk])
    annas.post(contact, CONTACT | {"version": 1})
    stale = annas.post(contact, CONTACT | {"version": 1, "contact_name": "Toinen Nimi"})
    assert stale.status_code == 409
    assert "Toinen Nimi" in text(stale)
    assert "Aino Yhteys" in text(stale)
    annas.post(contact, stale.context["form"].data)
    draft.refresh_from_db()
    assert draft.contact_name == "Toinen Nimi"


def test_nothing_is_sent_without_the_declaration(annas, open_round):
    draft = begun(annas)
    annas.post(reverse("application_contact", args=[draft.pk]), CONTACT | {"version": 1})
    shown = annas.post(reverse("application_send", args=[draft.pk]), {"seen": "0"})
    assert "Vakuuta, että" in text(shown)
    draft.refresh_from_db()
    assert draft.status == "draft"


def test_sending_wants_a_fresh_sign_in(annas, open_round):
    draft = begun(annas)
    session = annas.session
    session[PROVED] -= 15 * 60
    session.save()
    asked = annas.post(
        reverse("application_send", args=[draft.pk]), {"seen": "0", "is_correct": "on"}
    )
    assert asked.url.startswith(reverse("account_reauthenticate"))
    draft.refresh_from_db()
    assert draft.status == "draft"


def test_who_only_prepares_is_told_that_a_colleague_sends(client, open_round):
    client.force_login(MembershipFactory.create(right="prepare").user)
    draft = begun(client)
    client.post(reverse("application_contact", args=[draft.pk]), CONTACT | {"version": 1})
    shown = text(client.get(reverse("application_summary", args=[draft.pk])))
    assert "lähettää" in shown
    assert "is_correct" not in shown


def test_a_late_application_is_told_to_be_late(annas, open_round):
    closed = timezone.localdate() - timedelta(days=1)
    Round.objects.filter(code="L2024").update(closes=closed, opens=closed)
    draft = begun(annas)
    assert "myöhässä" in text(annas.get(reverse("application_summary", args=[draft.pk])))


def test_a_salary_grant_has_an_employee_and_a_ceiling_and_no_list(annas, open_round):
    dates = {"opens": open_round.opens, "closes": open_round.closes}
    Round.objects.filter(code="P2023").update(status="open", **dates)
    draft = begun(annas, "P2023")
    shown = text(annas.get(reverse("application_contact", args=[draft.pk])))
    assert "Luettelo" not in shown
    said = {"version": 1, "worker_name": "Tarmo Tekijä", "ceiling_eur": "12500,50"}
    said["worker_title"] = "ohjaaja"
    answer = annas.post(reverse("application_contact", args=[draft.pk]), CONTACT | said)
    assert answer.url == reverse("application_summary", args=[draft.pk])
    assert "12 500,50 €" in text(annas.get(answer.url))


@pytest.fixture
def asked(anna, kalle, open_round) -> Application:
    application = ask_completion(send(ApplicationFactory.create(created_by=anna)), kalle)
    CompletionRequest.objects.create(
        application=application, asked="Sopimus puuttuu.", asked_by=kalle, asked_at=AT,
        answer_by=date(2024, 3, 15),
    )  # fmt: skip
    return application


def test_a_completion_request_waits_on_the_start_page_and_is_answered(annas, asked):
    assert "15.3.2024" in text(annas.get(reverse("front")))
    page = reverse("application_detail", args=[asked.pk])
    assert "Sopimus puuttuu." in text(annas.get(page))
    annas.post(reverse("application_answer", args=[asked.pk]), {"answer": "Liitetty."})
    asked.refresh_from_db()
    assert asked.status == "in_check"
    assert "Liitetty." in text(annas.get(page))


def test_the_applicant_is_not_told_who_handles_nor_what_is_proposed(annas, asked, kalle):
    completion.completion_answer(asked.pk, by=asked.created_by, at=AT, answer="Liitetty.")
    asked.refresh_from_db()
    step_take(asked, "proposed", by=kalle, at=AT)
    shown = text(annas.get(reverse("application_detail", args=[asked.pk])))
    assert "Tarkka" not in shown
    assert "esitetty" not in shown
    assert "tarkastettavana" in shown


def test_a_draft_is_discarded_and_a_sent_application_withdrawn(annas, anna, open_round):
    draft = begun(annas)
    annas.post(reverse("application_withdraw", args=[draft.pk]))
    sent = send(ApplicationFactory.create(created_by=anna))
    annas.post(reverse("application_withdraw", args=[sent.pk]))
    assert set(Application.objects.values_list("status", flat=True)) == {"withdrawn"}


def test_the_receipt_is_mailed_about_without_saying_of_what(
    annas, anna, open_round, django_capture_on_commit_callbacks
):
    draft = begun(annas)
    with django_capture_on_commit_callbacks(execute=True):
        annas.post(reverse("application_contact", args=[draft.pk]), CONTACT | {"version": 1})
        draft.refresh_from_db()
        sent = {"seen": content_hash(draft), "is_correct": "on"}
        annas.post(reverse("application_send", args=[draft.pk]), sent)
    (message,) = mail.outbox
    assert message.to == ["aino@example.org"]
    assert reverse("application_detail", args=[draft.pk]) in message.body
    written = f"{message.subject} {message.body}"
    assert not [word for word in ("Aino", "Lahti", "HAK", "L2024") if word in written]


def test_the_pages_ask_the_database_a_fixed_number_of_times(
    annas, anna, open_round, django_assert_max_num_queries
):
    for page in ("front", "application_front"):
        with django_assert_max_num_queries(20):
            annas.get(reverse(page))


def test_another_organisations_application_is_not_there(annas, open_round):
    other = ApplicationFactory.create(applicant=municipality("853"))
    assert annas.get(reverse("application_contact", args=[other.pk])).status_code == 404
