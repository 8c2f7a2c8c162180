"""Pages of payments: what they show, who takes which step, how many queries."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from payments.bank.models import AnswerEntry, BankDetails, Batch, BatchStatus, Transfer
from payments.demo.accounts import artificial_business_id, artificial_iban
from registry.models import User
from tests.factories import StaffRoleFactory, UserFactory
from tests.payments.bank import (
    booked,
    entry,
    month_to_pay,
    open_accounts,
    payees_of,
    read,
    sent,
    status_report,
)
from tests.payments.law import resident
from tests.payments.runs import settle
from tests.payments.test_pages import SIGNED_IN, english, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def to_pay() -> None:
    resident("A", moved_in="2024-05-10")
    month_to_pay()


def of(person: User) -> Client:
    """The browser of somebody."""
    client = english(Client())
    client.force_login(person)
    return client


def post(person: User, page: str, *parts: object, **data: object) -> str:
    """Press a button; return the page that follows."""
    return words(of(person).post(reverse(page, args=parts), data, follow=True))


def get(person: User, page: str, *parts: object) -> str:
    return words(of(person).get(reverse(page, args=parts)))


def test_three_people_take_a_month_to_the_bank(to_pay, kalle, hilkka):
    katri = UserFactory.create(username="kaarina")
    StaffRoleFactory.create(user=katri, role="reviewer")
    assert "2 payments, 191,67 €, wait" in get(kalle, "payment_list")
    assert "The batch is drawn up." in post(kalle, "batch_draw_up", month="2024-11")
    name = Batch.objects.get().message_id
    assert "you prepared it yourself (P-01)" in get(kalle, "batch_detail", name)
    assert "The batch is checked." in post(katri, "batch_check", name)
    assert "The batch is approved" in post(hilkka, "batch_approve", name)
    assert "The file is with the bank." in post(kalle, "batch_send", name)
    assert Batch.objects.get().status == BatchStatus.SENT


def test_a_second_click_does_nothing(to_pay, kalle):
    batch = sent()
    page = post(kalle, "batch_send", batch.message_id)
    assert "Not done. Batch KK202411-1 is sent: this step is not possible." in page


def test_the_file_is_downloaded_as_it_is_sent(to_pay, kalle):
    batch = sent()
    answer = of(kalle).get(reverse("batch_file", args=[batch.message_id]))
    assert answer.content == bytes(batch.document)
    assert of(kalle).get(reverse("batch_file", args=["KK202411-9"])).status_code == 404


def test_held_payees_are_in_view(kalle):
    resident("A", moved_in="2024-05-10")
    settle("2024-11")
    open_accounts([payee for payee in payees_of("2024-11") if payee.kind == "county"])
    page = get(kalle, "payment_held")
    assert "398 Lahti 11/2024 1 162,92 €" in page and "09" not in page
    assert "Payees held for want of bank details 1" in get(kalle, "payment_list")


def test_an_answer_is_brought_and_shown(to_pay, kalle):
    batch = sent()
    file = SimpleUploadedFile("answer.xml", status_report(batch.message_id))
    page = post(kalle, "answer_list", file=file)
    assert "The answer is read." in page and "KK202411M398-1 accepted" in page
    file.seek(0)
    assert "has been read before: nothing changes." in post(kalle, "answer_list", file=file)


def test_a_file_that_is_no_answer_is_refused_in_a_sentence(kalle):
    file = SimpleUploadedFile("answer.xml", b"<html>")
    page = words(of(kalle).post(reverse("answer_list"), {"file": file}))
    assert "The file is not XML" in page


def test_a_stranger_is_looked_at(to_pay, kalle):
    sent()
    read(booked(entry("INV-77", "5.00")))
    assert "An entry of the account that is no transfer of ours" in get(kalle, "stranger_list")
    waiting = AnswerEntry.objects.get()
    assert "Write what was found out." in post(kalle, "stranger_note", waiting.pk, note="")
    page = post(kalle, "stranger_note", waiting.pk, note="The bank's fee.")
    assert "Your note is kept" in page and "Nothing waits" in page


def test_a_failed_transfer_is_looked_at_and_paid_anew(to_pay, kalle):
    batch = sent()
    read(status_report(batch.message_id, group="RJCT", reason="AC04"))
    order = Transfer.objects.get(end_to_end_id="KK202411M398-1").order_id
    assert "AC04" in get(kalle, "payment_list")
    assert "This field is required" in post(kalle, "order_release", order, note="")
    page = post(kalle, "order_release", order, note="A new account.")
    assert "The next batch pays this order anew." in page
    assert "1 payments, 162,92 €" in get(kalle, "payment_list")


def test_the_ledger_agrees_to_the_cent(to_pay, kalle):
    sent()
    read(booked(entry("KK202411M398-1", "162.92"), entry("KK202411C09-1", "28.75")))
    read(booked(entry("KK202411C09-1", "28.75", side="CRDT", returned="AC04", reference="R3")))
    page = get(kalle, "payment_ledger")
    assert "398 Lahti 162,92 € 162,92 € 0,00 € 0,00 € 0,00 € 0,00 €" in page
    assert "hyvinvointialue 28,75 € 28,75 € 28,75 € 0,00 € 28,75 € 0,00 € 0,00 €" in page
    assert page.count("0,00 €") >= 6  # the proofs' differences


@pytest.fixture
def taavi(db) -> User:
    """Another coordinator."""
    return StaffRoleFactory.create(
        user=UserFactory.create(username="toivo", first_name="Toivo"), role="coordinator"
    ).user


CHANGE = {
    "business_id": artificial_business_id(5),
    "iban": artificial_iban(5),
    "bic": "NDEAFIHH",
    "valid_from": "2024-01-01",
    "source": "Letter of 2.1.2024",
}
LAHTI = ("municipality", "398")


def test_two_coordinators_change_bank_details(tuula, taavi):
    assert "The change is proposed." in post(tuula, "details_propose", *LAHTI, **CHANGE)
    change = BankDetails.objects.get()
    page = post(tuula, "details_approve", change=change.pk)
    assert "Not done. Another person must do this: you proposed it yourself (P-01)." in page
    assert "Approved: 1." in post(taavi, "details_approve", change=change.pk)
    assert change.iban_shown.replace("\N{NO-BREAK SPACE}", " ") in get(tuula, "details_list")


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("iban", "FI2112345600000786", "is not a valid IBAN"),
        ("iban", "FI8012345600000786", "is not a valid IBAN"),  # right by ISO, wrong by Luhn
        ("iban", "SE4550000000058398257466", "The account is not in Finland"),
        ("bic", "NDEA", "is not a valid BIC"),
        ("bic", "NDEASESS", "The bank is not in Finland"),
        ("business_id", "0141689-1", "is not a business ID"),
        ("source", "", "This field is required"),
    ],
)
def test_bank_details_that_cannot_be_right(tuula, field, value, sentence):
    assert sentence in post(tuula, "details_propose", *LAHTI, **{**CHANGE, field: value})
    assert not BankDetails.objects.exists()


def test_one_change_waits_at_a_time_and_can_be_refused(tuula, taavi):
    post(tuula, "details_propose", *LAHTI, **CHANGE)
    again = post(tuula, "details_propose", *LAHTI, **CHANGE)
    assert "Not done. A change of Lahti already waits" in again
    page = post(taavi, "details_refuse", *LAHTI, refusal="Lahti knows nothing of it.")
    assert "The change is refused" in page and "refused: Lahti knows nothing of it." in page


HEADER = "payee_kind,payee_code,business_id,iban,bic,valid_from,source"


def row(code: str, number: int, **values: str) -> str:
    """A row of the coordinator's file: an artificial account of a municipality."""
    good = {
        **CHANGE,
        "business_id": artificial_business_id(number),
        "iban": artificial_iban(number),
    }
    return ",".join(["municipality", code, *{**good, **values}.values()])


def file_of(*rows: str, header: str = HEADER) -> SimpleUploadedFile:
    return SimpleUploadedFile("accounts.csv", "\n".join([header, *rows]).encode())


def test_many_accounts_come_from_a_file_and_are_approved_at_once(tuula, taavi):
    page = post(tuula, "details_import", file=file_of(row("398", 5), row("091", 6)))
    assert "Proposed: 2. Another person approves them." in page
    changes = list(BankDetails.objects.values_list("pk", flat=True))
    assert "Approved: 2." in post(taavi, "details_approve", change=changes)


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (file_of(row("398", 5), row("398", 6)), "Line 3: there is no such payee, or"),
        (file_of(row("999", 5)), "Line 2: there is no such payee"),
        (file_of(row("398", 5, iban="FI2112345600000786")), "Line 2: &#x27;FI21"),
        (
            file_of(row("398", 5, valid_from="1.1.2025")),
            "Line 2: &#x27;1.1.2025&#x27; is not a day",
        ),
        (file_of(row("398", 5, source="")), "Line 2: The source is missing"),
        (file_of(header="payee_kind,iban"), "These columns are missing: bic, business_id,"),
        (file_of(), "The file has no rows."),
        (SimpleUploadedFile("accounts.csv", b"\xff"), "not a CSV file in UTF-8"),
        (SimpleUploadedFile("accounts.xml", b"<"), "xml"),
    ],
    ids=range(9),
)
def test_a_file_with_a_fault_proposes_nothing(tuula, file, sentence):
    file.seek(0)
    assert sentence in post(tuula, "details_import", file=file)
    assert not BankDetails.objects.exists()


def test_a_payee_that_is_not_there(tuula):
    address = reverse("details_payee", args=["municipality", "999"])
    assert of(tuula).get(address).status_code == 404


@pytest.mark.parametrize(
    ("page", "queries"),
    [("payment_list", 6), ("payment_held", 1), ("payment_ledger", 3), ("answer_list", 1),
     ("stranger_list", 1), ("details_list", 4)],
)  # fmt: skip
def test_pages_ask_a_fixed_number_of_queries(to_pay, kalle, page, queries):
    sent()
    read(booked(entry("INV-77", "5.00")))
    client = of(kalle)
    with CaptureQueriesContext(connection) as asked:
        client.get(reverse(page))
    assert len(asked) == SIGNED_IN + queries
