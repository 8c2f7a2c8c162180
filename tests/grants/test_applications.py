"""Applications: begun, saved, sent in time or late, replaced, completed, withdrawn (G-01 … G-03)."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from grants.applications import services
from grants.applications.content import content_hash
from grants.applications.services import StaleSave
from grants.applications.steps import ApplicationRefused
from grants.models import Application, Round
from registry.models import AuditEvent
from tests.documents import faults, said
from tests.factories import MembershipFactory, organisation

HELSINKI = ZoneInfo("Europe/Helsinki")
AT = datetime(2024, 3, 1, 12, 0, tzinfo=HELSINKI)
CONTACT = {
    "contact_name": "Aino Yhteys",
    "contact_email": "aino@example.org",
    "contact_phone": "",
    "language": "fi",
    "has_agreement": True,
}

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def open_rounds(monkeypatch):
    """All rounds receive applications, and lists are taken to be in order."""
    Round.objects.update(status="open")
    monkeypatch.setattr(services, "list_ready", lambda _application: None)


def begin(by, code="L2024", at=AT) -> Application:
    own = by.access.organisation
    return services.application_begin(Round.objects.get(code=code), applicant=own, by=by, at=at)


def save(application, by, at=AT, **said) -> Application:
    return services.application_save(
        application.pk, version=application.version, by=by, at=at, said=CONTACT | said
    )


def send(application, by, at=AT) -> Application:
    application = save(application, by, at=at)
    return send_as_read(application, by, at=at)


def send_as_read(application, by, at=AT) -> Application:
    seen = content_hash(application)
    return services.application_send(application.pk, seen=seen, by=by, at=at)


@pytest.fixture
def sent(anna) -> Application:
    return send(begin(anna), anna)


def test_what_is_begun_is_a_draft_in_the_organisations_language(anna):
    draft = begin(anna)
    assert (draft.status, draft.language, draft.contact_name) == ("draft", "fi", "Anna Lahtinen")
    assert [step.deed for step in draft.steps.all()] == ["created"]


def test_a_second_officer_goes_on_with_the_same_draft(anna):
    colleague = MembershipFactory.create(right="prepare").user
    assert begin(colleague) == begin(anna)


def test_urgent_support_is_applied_for_several_times(anna):
    """G-02."""
    assert begin(anna, "K2023") != begin(anna, "K2023")


@pytest.mark.parametrize(
    ("code", "kind", "organisation_code"),
    [("L2023", "county", "07"), ("K2023", "county", "07"), ("L2024", "county", "90")],
)
def test_a_county_applies_only_where_the_round_has_county_amounts(code, kind, organisation_code):
    """G-01."""
    own = organisation(kind, organisation_code)
    officer = MembershipFactory.create(organisation=own).user
    with pytest.raises(ApplicationRefused, match="G-01"):
        begin(officer, code)
    assert not Application.objects.exists()


def test_a_round_that_is_closed_or_not_open_yet_receives_nothing(anna):
    with pytest.raises(ApplicationRefused):
        begin(anna, at=datetime(2024, 1, 31, 23, 59, 59, tzinfo=HELSINKI))
    Round.objects.update(status="closed")
    with pytest.raises(ApplicationRefused):
        begin(anna)


def test_nobody_begins_for_another_organisation(anna, bertta):
    own = anna.access.organisation
    with pytest.raises(ApplicationRefused):
        services.application_begin(Round.objects.get(code="L2024"), applicant=own, by=bertta, at=AT)


@pytest.mark.parametrize(
    ("second", "is_late"),
    [((2023, 5, 15, 23, 59, 59), False), ((2023, 5, 16, 0, 0, 0), True)],
)
def test_an_application_is_late_from_the_first_second_after_the_window(anna, second, is_late):
    """G-03: received and registered, but marked."""
    at = datetime(*second, tzinfo=HELSINKI)
    application = send(begin(anna, "L2023", at=at), anna, at=at)
    assert (application.status, application.is_late, application.submitted_at) == (
        "submitted", is_late, at,
    )  # fmt: skip


def test_numbers_run_by_the_year_without_gaps(anna):
    serials = []
    for at in (AT, AT, AT, AT + timedelta(days=366)):
        draft = begin(anna, "K2023", at=at)
        saved = save(draft, anna, at=at, committed_persons=6)
        sent = send_as_read(saved, anna, at=at)
        serials.append(sent.number)
    assert serials == ["HAK/1/2024", "HAK/2/2024", "HAK/3/2024", "HAK/1/2025"]


def test_a_stale_save_is_refused_and_has_the_version_saved(anna):
    draft = begin(anna)
    save(draft, anna, contact_name="Ensin")
    with pytest.raises(StaleSave) as stale:
        save(draft, anna, contact_name="Sitten")
    assert stale.value.saved.contact_name == "Ensin"
    draft.refresh_from_db()
    assert draft.contact_name == "Ensin"


def test_what_is_sent_is_what_was_read(anna):
    read = save(begin(anna), anna)
    save(read, anna, contact_name="Toinen Nimi")
    with pytest.raises(ApplicationRefused, match="muuttunut"):
        send_as_read(read, anna)


def test_only_the_sender_right_sends_and_withdraws_what_was_sent(anna, sent):
    colleague = MembershipFactory.create(right="prepare").user
    draft = begin(colleague)
    for act in (
        lambda: send_as_read(draft, colleague),
        lambda: services.application_withdraw(sent.pk, by=colleague, at=AT),
    ):
        with pytest.raises(ApplicationRefused, match="lähet"):
            act()
    assert AuditEvent.objects.filter(outcome="refused", actor=colleague).count() == 2


@pytest.mark.parametrize("lacking", ["contact_name", "contact_email"])
def test_without_a_contact_person_nothing_is_sent(anna, lacking):
    saved = save(begin(anna), anna, **{lacking: ""})
    with pytest.raises(ApplicationRefused):
        send_as_read(saved, anna)


def test_a_list_that_is_not_in_order_is_not_sent(anna, monkeypatch):
    monkeypatch.setattr(services, "list_ready", lambda _application: "Ei luetteloa.")
    with pytest.raises(ApplicationRefused, match="Ei luetteloa"):
        send(begin(anna), anna)


def test_a_newer_application_replaces_the_sent_one_until_the_window_closes(anna, sent):
    """G-02."""
    newer = begin(anna)
    assert (newer.replaces, sent.status) == (sent, "submitted")
    send(newer, anna)
    sent.refresh_from_db()
    assert (sent.status, newer.contact_name) == ("replaced", "Aino Yhteys")


def test_after_the_window_what_was_sent_stands(anna, sent):
    newer, late = begin(anna), datetime(2024, 5, 1, tzinfo=HELSINKI)
    with pytest.raises(ApplicationRefused, match="HAK/1/2024"):
        send(newer, anna, at=late)
    services.application_withdraw(newer.pk, by=anna, at=late)
    with pytest.raises(ApplicationRefused, match="HAK/1/2024"):
        begin(anna, at=late)
    sent.refresh_from_db()
    assert sent.status == "submitted"


def test_after_a_withdrawal_one_may_apply_again(anna, sent):
    services.application_withdraw(sent.pk, by=anna, at=AT)
    again = send(begin(anna), anna)
    assert (again.replaces, again.number) == (None, "HAK/2/2024")


def test_the_receipt_says_number_second_and_hash_and_is_kept(anna, sent):
    receipt = sent.receipt
    words = said(bytes(receipt.content))
    for text in (sent.number, "1.3.2024 12.00.00", sent.content_hash[:30], "Lahti", "Aino Yhteys"):
        assert text in words, text
    assert faults(bytes(receipt.content)) == []


def test_a_salary_grant_is_applied_for_without_a_list(anna, monkeypatch):
    monkeypatch.undo()  # no list is taken to be in order
    Round.objects.update(status="open")
    at = datetime(2023, 4, 30, 23, 59, 59, tzinfo=HELSINKI)
    draft = begin(anna, "P2023", at=at)
    with pytest.raises(ApplicationRefused):
        send(draft, anna, at=at)
    draft.refresh_from_db()
    save(
        draft,
        anna,
        at=at,
        worker_name="Tarmo Tekijä",
        worker_title="ohjaaja",
        ceiling_eur=Decimal("12500.50"),
    )
    draft.refresh_from_db()
    sent = send(draft, anna, at=at)
    assert (sent.is_late, sent.has_agreement) == (False, True)
    words = said(bytes(sent.receipt.content)).replace("\N{NO-BREAK SPACE}", " ")
    for text in ("Tarmo Tekijä", "12 500,50 €"):
        assert text in words


def test_what_was_sent_stands_until_a_completion_is_asked_for(anna, sent):
    with pytest.raises(ApplicationRefused, match="sellaisena"):
        save(sent, anna, contact_name="Toinen")


def test_every_step_is_logged_with_its_case(anna, sent):
    events = AuditEvent.objects.filter(object_type="grants.application").order_by("pk")
    assert [(event.verb, event.purpose) for event in events] == [
        ("created", "supplements"), ("changed", "supplements"), ("changed", "supplements"),
    ]  # fmt: skip
    assert {event.case_ref for event in events} == {sent.case_ref}
