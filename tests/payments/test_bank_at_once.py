"""The same button twice at once, from two connections: done once, refused once (P-05)."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest
from django.db import connection
from django.utils import translation

from payments.bank.errors import BankRefused
from payments.bank.models import Answer, Batch, Transfer
from payments.bank.services.reading import answer_receive
from payments.bank.services.sending import batch_send
from tests.payments.bank import AT, approved, draw_up, month_to_pay, sent, status_report, user
from tests.payments.law import resident

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Sentences as they stand in the code."""
    with translation.override("en"):
        yield


@pytest.fixture
def to_pay() -> None:
    resident("A", moved_in="2024-05-10")
    month_to_pay()
    for name in ("kerttu", "katri", "heikki"):
        user(name)


def at_once(work: Callable[[], object], times: int = 4) -> list[object]:
    """Do the same in some threads that start together; what each got, or why it was refused."""
    gate, results = threading.Barrier(times), list[object]()

    def run() -> None:
        gate.wait()
        try:
            results.append(work())
        except BankRefused as refused:
            results.append(refused)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def refusals(results: list[object]) -> int:
    return sum(isinstance(result, BankRefused) for result in results)


def test_a_batch_is_drawn_up_once(to_pay):
    assert refusals(at_once(draw_up)) == 3
    assert (Batch.objects.count(), Transfer.objects.count()) == (1, 2)


def test_a_batch_is_sent_once(to_pay):
    batch = approved(draw_up())
    assert refusals(at_once(lambda: batch_send(batch.pk, user=None, at=AT))) == 3
    assert Batch.objects.get().status == "sent"


def test_an_answer_is_read_once(to_pay):
    data = status_report(sent().message_id)
    results = at_once(lambda: answer_receive(data, received_by=None, at=AT)[1])
    assert sorted(results) == [False, False, False, True]
    assert (Answer.objects.count(), Answer.objects.get().entries.count()) == (1, 2)
