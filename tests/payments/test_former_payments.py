"""What the former system paid by hand: imported whole or not at all, and never paid again (P-08)."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from payments.former.errors import FormerRefused
from payments.former.forms import FormerForm
from payments.former.services import former_approve, former_import, former_refuse
from payments.models import ClaimableEntry, FormerImport, FormerPayment, Line, ManualMonth
from tests.factories import (
    PersonFactory,
    StaffRoleFactory,
)
from tests.factories import (
    resident as known_resident,
)
from tests.payments.former import approved, row, send, workbook
from tests.payments.joined import join
from tests.payments.law import home, permit, person_rows
from tests.payments.manual import allocate, apply, decide, match_all
from tests.payments.runs import AT, approve, compute, deliver, rows, settle, texts
from tests.payments.test_claims import staff

SINCE = "2024-02-10"
pytestmark = pytest.mark.django_db


@pytest.fixture
def n() -> None:
    """N, in scope without an identity code, who holds the permit N-1."""
    deliver(person_rows("N", code="", homes=[], permits=[permit("87", SINCE, applied="true")]))


def coded(uma: str) -> None:
    deliver(person_rows(uma, homes=[home("398", SINCE)], permits=[permit("87", SINCE)]))


def by_hand(uma: str, anna, kalle, hilkka, months=("2024-12", "2024-12")) -> None:
    proposal = apply(anna, uma, months=months)
    (case,) = match_all(proposal, kalle)
    allocate(case, "398", SINCE, "2024-12-31", kalle)
    decide(proposal, by=kalle, approver=hilkka)


# Reading


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"uma_number": "", "permit_number": "N-1"},
        {"permit_number": "N-1"},
        {"benefit_month": "12/2024"},
        {"benefit_month": date(2024, 12, 1)},
        {"amount_eur": "171,00"},
        {"payee_code": 398},
        {"payee_code": "09"},
        {"component": None},
        {"decided_on": "20.12.2024"},
        {"amount_eur": -171},
    ],
)
def test_a_row_is_understood_as_people_write_it(n, values):
    source = former_import(
        workbook([row("N", **values)]), controls_of(values), by=staff("reviewer"), at=AT
    )
    payment = source.payments.get()
    assert payment.person.uma_number == "N" and payment.benefit_month == date(2024, 12, 1)
    assert abs(payment.amount_cents) == 171_00 and payment.line == 2


def controls_of(values) -> dict[tuple[str, int], int]:
    sign = -1 if values.get("amount_eur") == -171 else 1
    return {(str(values.get("payee_code", "398")), 2024): sign * 171_00}


@pytest.mark.parametrize(
    "values",
    [
        {"uma_number": "", "permit_number": ""},
        {"uma_number": "X"},
        {"uma_number": "", "permit_number": "X"},
        {"uma_number": "M", "permit_number": "N-1"},
        {"payee_code": "999"},
        {"payee_code": ""},
        {"payee_code": 91},
        {"benefit_month": "joulukuu"},
        {"benefit_month": date(2024, 12, 2)},
        {"benefit_month": "2026-01"},
        {"component": "muu"},
        {"amount_eur": None},
        {"amount_eur": 0},
        {"amount_eur": "paljon"},
        {"amount_eur": 1.005},
        {"amount_eur": 1e12},
        {"decision_number": ""},
        {"decided_on": None},
        {"decided_on": "eilen"},
    ],
)
def test_a_row_that_is_not_understood_is_told_with_its_line(n, values):
    PersonFactory.create(uma_number="M")
    with pytest.raises(FormerRefused) as refused:
        former_import(workbook([row("N"), row("N", **values)]), {}, by=staff("reviewer"), at=AT)
    (fault,) = refused.value.faults
    assert fault.line == 3 and fault.reason
    assert not FormerImport.objects.exists()


def test_all_faults_are_told_at_once(n):
    with pytest.raises(FormerRefused) as refused:
        send(row("X"), row("N", payee_code="000"), row("N"), row("N", component="muu"))
    assert [fault.line for fault in refused.value.faults] == [2, 3, 5]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"uma_number,payee_code\nN,398\n",
        workbook([], ("uma_number",)),
        workbook([]),
    ],
)
def test_a_file_without_rows_or_columns_is_refused(db, content):
    with pytest.raises(FormerRefused):
        former_import(content, {}, by=staff("reviewer"), at=AT)


@pytest.mark.parametrize(
    ("controls", "told"),
    [
        ({("398", 2024): 171_01}, [("398", 2024, 171_00, 171_01)]),
        ({}, [("398", 2024, 171_00, None)]),
        ({("398", 2024): 171_00, ("853", 2023): 5}, [("853", 2023, 0, 5)]),
    ],
)
def test_sums_that_differ_from_the_control_totals_refuse_the_whole(n, controls, told):
    with pytest.raises(FormerRefused) as refused:
        send(row("N"), controls=controls)
    found = [(d.payee_code, d.year, d.cents, d.control_cents) for d in refused.value.differences]
    assert found == told and not FormerPayment.objects.exists()


def test_the_same_payment_twice_is_refused(n):
    with pytest.raises(FormerRefused) as refused:
        send(row("N"), row("N", amount_eur=5))
    assert [fault.line for fault in refused.value.faults] == [2, 3]
    send(row("N"))
    for again in (row("N"), row("N", amount_eur=5)):
        with pytest.raises(FormerRefused):
            send(again)


def test_a_refused_file_may_be_sent_again(n):
    former_refuse(send(row("N")).pk, by=staff("approver"), reason="Väärä vuosi.")
    assert send(row("N")).status == "proposed"


def test_whoever_imported_does_not_approve(n):
    both = staff("reviewer")
    StaffRoleFactory.create(user=both, role="approver")
    source = send(row("N"))
    with pytest.raises(FormerRefused, match="P-01"):
        former_approve(source.pk, by=both, at=AT)
    with pytest.raises(IntegrityError, match="P-01"), transaction.atomic():
        FormerImport.objects.update(status="approved", approved_by=both, approved_at=AT)


@pytest.mark.parametrize(
    "change",
    [
        lambda: FormerPayment.objects.update(amount_cents=1),
        lambda: FormerPayment.objects.all()._raw_delete("default"),
        lambda: FormerImport.objects.update(cents=1),
        lambda: FormerImport.objects.update(
            status="refused", refused_because="x", approved_by=None, approved_at=None
        ),
        lambda: FormerImport.objects.all()._raw_delete("default"),
        lambda: FormerPayment.objects.bulk_create(
            [FormerPayment(source=FormerImport.objects.get(), line=9, person_id=1, payee_id=1, benefit_month=date(2024, 1, 1), component="base", amount_cents=1, decision_number="1", decided_on=date(2024, 1, 1))]
        ),
    ],
)  # fmt: skip
def test_what_was_approved_is_kept(n, change):
    approved(row("N"))
    with pytest.raises(IntegrityError, match="is kept"), transaction.atomic():
        change()


# Paid once


def test_a_month_that_was_paid_before_is_not_granted(n, anna, kalle, hilkka):
    settle("2025-01")
    approved(row("N"))
    by_hand("N", anna, kalle, hilkka)
    assert ManualMonth.objects.get().verdict == "paid"


def test_a_payment_that_waits_for_approval_does_not_count(n, anna, kalle, hilkka):
    settle("2025-01")
    send(row("N"))
    by_hand("N", anna, kalle, hilkka)
    assert ManualMonth.objects.get().verdict == "granted"


def test_what_was_paid_under_the_other_number_counts(n, anna, kalle, hilkka):
    coded("A")
    settle("2025-01")
    approved(row("A"))
    join("N", "A")
    by_hand("N", anna, kalle, hilkka)
    assert ManualMonth.objects.get().verdict == "paid"


def test_what_was_paid_is_no_longer_claimable(n):
    """C-31: the entry is closed by the run that learns of the payment; the county's stays."""
    settle("2024-12")
    settle("2025-01")
    coded("N")
    settle("2025-02")
    approved(row("N"))
    settle("2025-03")
    entries = ClaimableEntry.objects.filter(closed_by=None, benefit_month="2024-12-01")
    assert set(entries.values_list("payee__kind", flat=True)) == {"county"}


def test_what_was_booked_on_top_is_taken_back(db):
    coded("N")
    settle("2024-12")
    settle("2025-01")
    approved(row("N", amount_eur=100))
    settle("2025-02")
    (taken,) = [line for line in rows("2025-02") if ",2024-12,N," in line]
    assert taken == "2025-02,2024-12,N,municipality,398,base,correction,automatic,-100.00"
    assert set(Line.objects.filter(kind="correction").values_list("cause", flat=True)) == {"former"}
    settle("2025-03")
    assert not [line for line in rows("2025-03") if ",correction," in line]


def test_a_manual_month_granted_before_the_file_came_is_not_paid(n, anna, kalle, hilkka):
    settle("2025-01")
    by_hand("N", anna, kalle, hilkka)
    approved(row("N", amount_eur=124.67))
    settle("2025-02")
    assert not [line for line in rows("2025-02") if ",2024-12," in line and ",398," in line]


def test_what_the_former_system_paid_and_took_back_was_not_paid(n, anna, kalle, hilkka):
    settle("2025-01")
    approved(row("N"), row("N", amount_eur=-171.0, decision_number="KEHA/78/2024"))
    by_hand("N", anna, kalle, hilkka)
    settle("2025-02")
    assert [line for line in rows("2025-02") if ",2024-12,N,municipality,398" in line]


def test_what_is_approved_after_the_draft_is_the_next_runs(n):
    settle("2024-12")
    settle("2025-01")
    draft = compute("2025-02")
    source = approved(row("N"))
    approve(draft)
    source.refresh_from_db()
    assert source.opened_by is None
    again = compute("2025-03")
    before = texts("2025-03"), again.input_hash
    assert (texts("2025-03"), compute("2025-03").input_hash) == before
    source.refresh_from_db()
    assert str(source.opened_by) == "2025-03"


# Pages


def upload(client, content: bytes, controls: str):
    file = SimpleUploadedFile("vanhat.xlsx", content)
    return client.post("/former/import/", {"file": file, "controls": controls})


def signed_in(client, user):
    client.force_login(user)
    client.cookies["django_language"] = "en"
    return client


def test_a_file_is_sent_looked_at_and_approved(client, n, kalle, hilkka):
    answer = upload(signed_in(client, kalle), workbook([row("N")]), "398 2024 171,00")
    page = signed_in(client, hilkka).get(answer.url).content.decode()
    assert "398 Lahti" in page and "171,00" in page and "Approve the payments" in page
    assert "171,00" in client.get("/former/").content.decode()
    client.post(f"{answer.url}approve/")
    source = FormerImport.objects.get()
    assert source.status == "approved"
    person = source.payments.get().person
    assert "KEHA/77/2024" in client.get(f"/persons/{person.pk}/").content.decode()


def test_what_is_wrong_is_shown_on_the_page(client, n, kalle):
    signed_in(client, kalle)
    page = upload(client, workbook([row("X")]), "398 2024 171,00").content.decode()
    assert "No person in the register has this UMA customer number." in page
    page = upload(client, workbook([row("N")]), "398 2024 171,01").content.decode()
    assert "Sums that differ from the control totals" in page and "171,01" in page
    assert not FormerImport.objects.exists()


def test_a_person_under_non_disclosure_is_not_named_beside_the_payee(client, kalle):
    """P-11."""
    person = known_resident(protected=True)
    source = send(row(person.uma_number))
    page = signed_in(client, kalle).get(f"/former/{source.pk}/").content.decode()
    assert person.uma_number not in page and "171,00" in page


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("398 2024 12 345,67", 12_345_67),
        ("398;2024;12345.67", 12_345_67),
        ("398 2024 -5", -5_00),
        ("AHS 2024 1,5", None),
        ("398 24 1", None),
        ("398 2024", None),
        ("398 2024 1\n398 2024 2", None),
    ],
)
def test_control_totals_are_read_as_people_write_them(text, cents):
    file = SimpleUploadedFile("x.xlsx", b"x")
    form = FormerForm({"controls": text}, {"file": file})
    if cents is None and text.startswith("AHS"):
        assert form.is_valid() and form.cleaned_data["controls"] == {("AHS", 2024): 1_50}
    elif cents is None:
        assert not form.is_valid()
    else:
        assert form.is_valid() and form.cleaned_data["controls"] == {("398", 2024): cents}
