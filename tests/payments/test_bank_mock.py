"""A month to a bank and back: mock-bank takes our file as a bank does and answers it."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import date
from urllib.request import Request, urlopen

import pytest
from django.conf import settings
from django.utils import translation
from mockbank.server import Config, make_server

from payments.bank.errors import AnswerRefused
from payments.bank.models import AnswerEntry, Batch, BatchStatus, Stranger, Transfer
from payments.bank.selectors.ledger import account_sums, payee_accounts, proofs
from payments.bank.services.reviewing import order_release
from payments.bank.services.standing import transfers_time_out
from tests.payments.bank import AT, month_to_pay, read, sent, user
from tests.payments.law import resident

pytestmark = pytest.mark.django_db
TOWN, COUNTY = "KK202411M398-1", "KK202411C09-1"


class MockBank:
    """The bank at the other end, asked over HTTP."""

    def __init__(self, address: str) -> None:
        self.address = address

    def ask(self, method: str, path: str, data: bytes | None = None, kind: str = "") -> object:
        headers = {"Content-Type": kind} if kind else {}
        request = Request(f"{self.address}{path}", data=data, method=method, headers=headers)
        with urlopen(request, timeout=30) as answer:
            return json.loads(answer.read() or b"null")

    def behave(self, account: str, **how: object) -> None:
        data = json.dumps(how).encode()
        self.ask("PATCH", f"/_mock/accounts/{account}", data, "application/json")

    def open(self, account: str, iban: str, **how: object) -> None:
        known = {"id": account, "iban": iban, "bic": "MOCKFIHH", "name": account, "currency": "EUR"}
        data = json.dumps({**known, "balance": 10**9, **how}).encode()
        self.ask("POST", "/_mock/accounts", data, "application/json")

    def take(self, batch: Batch) -> None:
        self.ask("POST", "/payments", bytes(batch.document or b""), "application/xml")

    def until(self, day: str) -> None:
        self.ask("POST", f"/_mock/advance?to={day}")

    def answers(self, *kinds: str) -> list[bytes]:
        """What it has sent us since we last looked, of the kinds, in its order."""
        mail = self.ask("GET", "/_mock/mailbox")
        assert isinstance(mail, list)
        return [
            message["body"].encode()
            for message in mail
            if message["type"].startswith(kinds)
            and (message["type"].startswith("pain") or settings.BANK_DEBTOR_IBAN in message["body"])
        ]


@pytest.fixture
def bank() -> Iterator[MockBank]:
    """mock-bank on a port of its own, holding KEHA's account; bank time is 13.11.2024."""
    config = Config(port=0, quiet=True, clock="2024-11-13T09:00")
    server = make_server(config)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    there = MockBank(f"http://127.0.0.1:{server.server_address[1]}")
    there.open("KEHA", settings.BANK_DEBTOR_IBAN)
    yield there
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def batch() -> Batch:
    """November 2024 on its way: Lahti 162.92, its county 28.75, due on the 20th."""
    resident("A", moved_in="2024-05-10")
    month_to_pay()
    return sent()


def iban_of(end_to_end_id: str) -> str:
    return Transfer.objects.get(end_to_end_id=end_to_end_id).iban


def statuses() -> dict[str, str]:
    return dict(Transfer.objects.values_list("end_to_end_id", "status"))


def read_all(bank: MockBank, *kinds: str) -> None:
    for data in bank.answers(*(kinds or ("pain", "camt"))):
        read(data)


def strangers() -> list[str]:
    return list(AnswerEntry.objects.strangers().values_list("stranger", flat=True))


def test_accepted_and_settled_to_the_cent(bank, batch):
    bank.take(batch)
    read_all(bank)
    assert Batch.objects.get().status == BatchStatus.ACKNOWLEDGED
    bank.until("2024-11-21")
    read_all(bank)
    assert (Batch.objects.get().status, strangers()) == (BatchStatus.SETTLED, [])
    assert set(Transfer.objects.values_list("paid_on", flat=True)) == {date(2024, 11, 20)}
    assert not any(proof.difference for proof in proofs())
    assert account_sums(payee_accounts())["open"] == 0


def test_one_account_is_closed(bank, batch):
    bank.open("LAHTI", iban_of(TOWN), behaviour="closed-account")
    bank.take(batch)
    read_all(bank)
    assert statuses() == {TOWN: "rejected", COUNTY: "accepted"}
    assert Transfer.objects.to_review().get().reason == "AC04"
    bank.until("2024-11-21")
    read_all(bank)
    assert (statuses()[COUNTY], Batch.objects.get().status) == ("paid", BatchStatus.SETTLED)


def test_the_whole_file_is_rejected_and_paid_anew(bank, batch):
    bank.behave("KEHA", behaviour="reject-file")
    with pytest.raises(OSError, match="422"):
        bank.take(batch)
    read_all(bank)
    assert (set(statuses().values()), Batch.objects.get().status) == ({"rejected"}, "rejected")
    for transfer in Transfer.objects.to_review():
        order_release(transfer.order_id, reviewer=user("kerttu"), note="Asked the bank.", at=AT)
    bank.behave("KEHA", behaviour="accept")
    bank.take(sent())
    bank.until("2024-11-21")
    read_all(bank)
    assert Batch.objects.get(message_id="KK202411-2").status == BatchStatus.SETTLED
    assert not any(proof.difference for proof in proofs())


def test_a_payment_comes_back_days_later(bank, batch):
    returned = {"days": 3, "reason": "AC04", "end_to_end_id": TOWN}
    bank.behave("KEHA", behaviour="return-later", parameters=returned)
    bank.take(batch)
    bank.until("2024-11-21")
    read_all(bank, "pain", "camt")
    assert set(statuses().values()) == {"paid"}
    bank.until("2024-11-27")
    read_all(bank, "camt")  # pacs.004 is between banks: the return is on the account too
    assert statuses() == {TOWN: "returned", COUNTY: "paid"}
    assert (Transfer.objects.to_review().get().end_to_end_id, strangers()) == (TOWN, [])
    assert not any(proof.difference for proof in proofs())
    assert account_sums(payee_accounts())["open"] == 16292


def test_sending_twice_is_harmless(bank, batch):
    bank.take(batch)
    with pytest.raises(OSError, match="422"):
        bank.take(batch)
    read_all(bank)
    assert (set(statuses().values()), strangers()) == ({"accepted"}, [Stranger.DUPLICATE])
    bank.until("2024-11-21")
    read_all(bank)
    assert Batch.objects.get().status == BatchStatus.SETTLED


def test_a_silent_bank_is_unknown_and_then_settled(bank, batch):
    bank.behave("KEHA", behaviour="silent")
    bank.take(batch)
    assert bank.answers("pain") == []
    transfers_time_out(at=AT.replace(day=15), today=date(2024, 11, 15))
    assert Batch.objects.get().status == BatchStatus.UNKNOWN
    bank.until("2024-11-21")
    read_all(bank)
    assert Batch.objects.get().status == BatchStatus.SETTLED


def test_a_lost_statement_and_a_lost_notification(bank, batch):
    """Nothing is guessed: unknown until the bank says it again."""
    bank.take(batch)
    read_all(bank)
    bank.until("2024-11-21")
    lost = bank.answers("camt")
    transfers_time_out(at=AT.replace(day=27), today=date(2024, 11, 27))
    assert Batch.objects.get().status == BatchStatus.UNKNOWN
    for data in lost:
        read(data)
    assert Batch.objects.get().status == BatchStatus.SETTLED


def test_a_statement_with_a_hole_is_refused(bank, batch):
    """Its balances tell: nothing of it is read, and what it would have said stays unknown."""
    bank.behave("KEHA", behaviour="statement-gap")
    bank.take(batch)
    read_all(bank)
    bank.until("2024-11-21")
    *before, holed = bank.answers("camt.053")
    for data in before:
        read(data)
    with translation.override("en"), pytest.raises(AnswerRefused, match="do not fit entries"):
        read(holed)
    transfers_time_out(at=AT.replace(day=27), today=date(2024, 11, 27))
    assert set(statuses().values()) == {"unknown"}
