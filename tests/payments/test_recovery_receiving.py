"""Money on the account finds its recovery by the reference of the letter (P-05, P-07)."""

from __future__ import annotations

import pytest

from payments.bank.bankfile.references import national, recovery_of, recovery_reference
from payments.bank.models import Answer
from payments.recovery.selectors.cases import case_page
from tests.payments.bank import booked, entry, read
from tests.payments.test_recovery_steps import CLAIMED, DUE, case, decided, entries  # noqa: F401

pytestmark = pytest.mark.django_db


@pytest.fixture
def owing(case, kalle, hilkka):  # noqa: F811
    """Lahti is to repay 10 000,00 € by 2.4.2025."""
    decided(case, kalle, hilkka)
    return case


def credit(owing, euros: str, *, day: str = "2025-04-01", reference: str = "E1", paying: str = ""):
    return entry(
        "", euros, side="CRDT", day=day, reference=reference,
        paying=paying or recovery_reference(owing.pk),
    )  # fmt: skip


def outcomes(answer: Answer) -> list[str]:
    return list(answer.entries.values_list("outcome", flat=True))


@pytest.mark.parametrize(
    ("written", "found"),
    [
        (recovery_reference(17), 17),
        (national("9000000017"), 17),
        ("0000" + national("9000000017"), 17),
        (f"{recovery_reference(17)[:4]} {recovery_reference(17)[4:]}", 17),
        ("90000000170", None),
        ("RF7320241113985", None),
        ("kiitos", None),
        ("", None),
    ],
)
def test_a_reference_is_read_as_payers_write_it(written, found):
    assert recovery_of(written) == found


def test_a_payment_is_entered_and_closes_the_case(owing):
    assert outcomes(read(booked(credit(owing, "10000.00")))) == ["recovery"]
    owing.refresh_from_db()
    assert (owing.status, entries(owing)) == ("closed", [("paid", -CLAIMED)])


def test_the_same_booking_told_twice_is_one_payment(owing):
    """The notification of the day, then the statement."""
    one = credit(owing, "100.00")
    read(booked(one))
    assert outcomes(read(booked(one, kind="camt.053.001.08"))) == ["repeated"]
    assert entries(owing) == [("paid", -10_000)]


def test_two_bookings_are_two_payments_and_the_rest_is_too_much(owing):
    both = [credit(owing, "6000.00", reference=name) for name in ("E1", "E2")]
    assert outcomes(read(booked(*both))) == ["recovery", "recovery"]
    assert entries(owing) == [("paid", -600_000), ("paid", -400_000)]
    assert case_page(owing, DUE).over_paid == 200_000


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"reference": ""}, "without the bank's reference it could be entered twice"),
        ({"paying": national("9999999999")}, "no such case"),
        ({"paying": "123"}, "another reference"),
        ({"day": "2025-08-01"}, "no reference rate, no interest"),
    ],
)
def test_what_cannot_be_entered_is_for_a_person(owing, given, why):
    answer = read(booked(credit(owing, "100.00", **given)))
    assert outcomes(answer) == ["stranger"] and entries(owing) == [], why


def test_a_person_is_told_that_it_names_a_recovery(owing, kalle, client):
    answer = read(booked(credit(owing, "100.00", day="2025-08-01")))
    assert answer.entries.get().stranger == "recovery"
    client.force_login(kalle)
    page = client.get("/payments/strangers/").content.decode()
    assert recovery_reference(owing.pk) in page


def test_the_answer_leads_to_the_recovery(owing, kalle, client):
    answer = read(booked(credit(owing, "100.00")))
    client.force_login(kalle)
    page = client.get(f"/payments/answers/{answer.pk}/").content.decode()
    assert f'href="/recoveries/{owing.pk}/"' in page


def test_others_references_are_not_kept(owing):
    answer = read(booked(credit(owing, "100.00", paying="RF18539007547034")))
    assert answer.entries.get().reference == ""
