"""Persons allocated by hand: found or applied for, decided by two, paid once (P-08, P-09, C-39)."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from payments.cases.errors import CaseRefused
from payments.cases.services.allocating import allocation_remove
from payments.cases.services.applying import application_withdraw
from payments.cases.services.deciding import (
    proposal_decide,
    proposal_propose,
    proposal_return,
)
from payments.models import (
    ClaimableEntry,
    ManualCase,
    ManualMonth,
    ManualProposal,
    ManualResidence,
)
from tests.factories import StaffRoleFactory
from tests.payments.law import home, permit, person_rows, resident
from tests.payments.manual import (
    DECIDED,
    TODAY,
    allocate,
    apply,
    decide,
    decide_own,
    match_all,
)
from tests.payments.runs import approve, booked, compute, deliver, rows, settle, texts
from tests.payments.test_golden import GOLDEN

SINCE = "2024-02-10"


def without_code(uma: str = "N", since: str = SINCE) -> None:
    """Somebody in scope without an identity code (as C22)."""
    deliver(person_rows(uma, code="", homes=[], permits=[permit("87", since, applied="true")]))


@pytest.fixture
def known(db):
    """1/2025 and 2/2025 approved, with N who has no identity code."""
    resident("A", moved_in=SINCE)
    without_code()
    settle("2025-01")
    return settle("2025-02")


def applied(anna, kalle, months=("2025-01", "2025-02"), **more):
    proposal = apply(anna, "N", months=months, **more)
    return proposal, match_all(proposal, kalle)[0]


def of(month: str, uma: str = "N") -> list[str]:
    return [row for row in rows(month) if f",{uma}," in row]


def test_a_run_opens_a_case_and_the_next_one_goes_on_with_it(known):
    (case,) = ManualCase.objects.all()
    assert (case.person.uma_number, case.is_authoritys) == ("N", False)
    assert (case.first_month, case.last_month) == (date(2025, 1, 1), date(2025, 2, 1))


def test_a_known_identity_code_closes_the_case(known):
    deliver(person_rows("N", homes=[home("398", SINCE)], permits=[permit("87", SINCE)]))
    settle("2025-03")
    assert ManualCase.objects.get().closed_as == "code"


def test_the_applicants_months_are_paid_and_the_countys_become_claimable(
    known, anna, kalle, hilkka
):
    """C-39: the route is manual; C-31: the county has not applied."""
    proposal, case = applied(anna, kalle)
    allocate(case, "398", SINCE, "2025-02-28", kalle)
    assert of("2025-02") == [], "nothing is paid before the decision"
    decide(proposal, by=kalle, approver=hilkka)
    settle("2025-03")
    assert of("2025-03") == [
        "2025-03,2025-01,N,municipality,398,adult,correction,manual,645.08",
        "2025-03,2025-01,N,municipality,398,base,correction,manual,171.00",
        "2025-03,2025-02,N,municipality,398,adult,correction,manual,645.08",
        "2025-03,2025-02,N,municipality,398,base,correction,manual,171.00",
    ]
    entries = ClaimableEntry.objects.filter(person__uma_number="N", closed_by=None)
    assert set(entries.values_list("payee__kind", flat=True)) == {"county"}


def test_an_identity_code_takes_over_and_nothing_is_paid_twice(known, anna, kalle, hilkka):
    proposal, case = applied(anna, kalle)
    allocate(case, "398", SINCE, "2025-02-28", kalle)
    decide(proposal, by=kalle, approver=hilkka)
    settle("2025-03")
    before = booked(["N"])
    deliver(person_rows("N", homes=[home("398", SINCE)], permits=[permit("87", SINCE)]))
    settle("2025-04")
    regular = [row for row in of("2025-04") if ",regular," in row]
    assert of("2025-04") == regular and ",automatic," in regular[0]
    assert {key: cents for key, cents in booked(["N"]).items() if key[1] < "2025-03"} == before


def test_the_register_wins_over_the_allocation(known, anna, kalle, hilkka):
    """C-39: Lahti loses the month that the register gives to Turku, which may apply for it."""
    proposal, case = applied(anna, kalle)
    allocate(case, "398", SINCE, "2025-02-28", kalle)
    decide(proposal, by=kalle, approver=hilkka)
    settle("2025-03")
    deliver(person_rows("N", homes=[home("853", "2025-02-01")], permits=[permit("87", SINCE)]))
    settle("2025-04")
    assert [row for row in of("2025-04") if ",398," in row] == [
        "2025-04,2025-02,N,municipality,398,adult,correction,manual,-645.08",
        "2025-04,2025-02,N,municipality,398,base,correction,manual,-171.00",
    ]


def test_a_month_of_2024_applied_for_in_2025_has_the_reduced_rates(db, anna, kalle, hilkka):
    """C-32, C-38: also of a month before the ledger begins."""
    without_code()
    settle("2025-01")
    proposal, case = applied(anna, kalle, months=("2024-12", "2025-01"))
    allocate(case, "398", SINCE, "2025-01-31", kalle)
    decide(proposal, by=kalle, approver=hilkka)
    settle("2025-02")
    assert of("2025-02") == [
        "2025-02,2024-12,N,municipality,398,base,correction,manual,124.67",
        "2025-02,2025-01,N,municipality,398,adult,correction,manual,645.08",
        "2025-02,2025-01,N,municipality,398,base,correction,manual,171.00",
    ]
    deliver(person_rows("N", homes=[home("398", SINCE)], permits=[permit("87", SINCE)]))
    settle("2025-03")
    assert not [row for row in of("2025-03") if ",398," in row and ",correction," in row]


def test_what_is_reduced_stays_reduced_when_the_code_comes(db, anna, kalle, hilkka):
    resident("A", moved_in=SINCE)
    without_code()
    settle("2024-12")
    proposal, case = applied(anna, kalle, months=("2024-12", "2024-12"))
    allocate(case, "398", SINCE, "2024-12-31", kalle)
    decide(proposal, by=kalle, approver=hilkka)
    settle("2025-01")
    deliver(person_rows("N", homes=[home("398", SINCE)], permits=[permit("87", SINCE)]))
    settle("2025-02")
    assert not [row for row in of("2025-02") if ",2024-12," in row and ",398," in row]


def test_a_month_applied_for_too_late_is_refused_and_not_paid(db, anna, kalle, hilkka):
    """P-09: 12/2022 until 31.12.2024."""
    without_code(since="2022-11-01")
    settle("2025-01")
    proposal, case = applied(anna, kalle, months=("2022-12", "2023-01"))
    allocate(case, "398", "2022-11-05", "2023-01-31", kalle)
    decide(proposal, by=kalle, approver=hilkka)
    verdicts = ManualMonth.objects.order_by("benefit_month").values_list("verdict", flat=True)
    assert list(verdicts) == ["late", "granted"]
    settle("2025-02")
    assert [row.split(",")[1] for row in of("2025-02")] == ["2023-01"]


def test_the_authority_allocates_by_itself_what_runs_found_until_8_2023(db, kalle, hilkka):
    """P-08: without an application, to both payees."""
    without_code(since="2023-01-01")
    settle("2023-07")
    settle("2023-08")
    settle("2023-09")
    case = ManualCase.objects.get(is_authoritys=True)
    assert case.last_month == date(2023, 8, 1)
    allocate(case, "398", "2023-02-10", "2023-08-31", kalle)
    proposal = decide_own("398", by=kalle, approver=hilkka)
    assert {d.decision.recipient.kind for d in proposal.decisions.all()} == {
        "municipality",
        "county",
    }
    settle("2023-10")
    lines = [",".join(row.split(",")[1:5]) for row in of("2023-10")]
    assert lines == [
        "2023-07,N,county,09", "2023-07,N,municipality,398",
        "2023-08,N,county,09", "2023-08,N,municipality,398",
    ]  # fmt: skip


def test_a_child_follows_the_clock_of_an_allocated_parent(known, anna, kalle, hilkka):
    """C-20, C-39."""
    deliver(
        person_rows(
            "K", born="2024-06-01", born_in_finland=True, parents="N",
            permits=[permit("114", "2024-06-01")], homes=[home("398", "2024-06-01")],
        )
    )  # fmt: skip
    settle("2025-03")
    assert of("2025-03", "K") == []
    proposal, case = applied(anna, kalle)
    allocate(case, "398", SINCE, "2025-02-28", kalle)
    decide(proposal, by=kalle, approver=hilkka)
    settle("2025-04")
    assert [row for row in of("2025-04", "K") if ",regular,automatic," in row]


def test_the_law_cannot_be_forced(known, anna, kalle, hilkka):
    without_code("M", since="2025-02-15")
    proposal = apply(anna, "M", months=("2025-02", "2025-02"))
    (case,) = match_all(proposal, kalle)
    allocate(case, "398", "2025-02-01", "2025-02-28", kalle)
    decide(proposal, by=kalle, approver=hilkka)
    month = ManualMonth.objects.get(case=case)
    assert (month.verdict, month.outcome) == ("refused", "no_valid_permit")


def test_who_is_allocated_elsewhere_is_not_the_applicants(known, anna, kalle, hilkka):
    proposal, case = applied(anna, kalle)
    allocate(case, "853", SINCE, "2025-02-28", kalle)
    decide(proposal, by=kalle, approver=hilkka)
    assert set(ManualMonth.objects.values_list("verdict", "payee", "amount_cents")) == {
        ("elsewhere", None, 0)
    }
    settle("2025-03")
    assert of("2025-03") == [], "Turku has not applied"


def test_a_draft_computed_again_settles_the_same(known, anna, kalle, hilkka):
    proposal, case = applied(anna, kalle)
    allocate(case, "398", SINCE, "2025-02-28", kalle)
    decide(proposal, by=kalle, approver=hilkka)
    first = compute("2025-03")
    before = texts("2025-03"), first.input_hash
    again = compute("2025-03")
    assert (texts("2025-03"), again.input_hash) == before
    assert ManualResidence.objects.get().opened_by == again


def test_what_is_decided_after_the_draft_waits_for_the_next_run(known, anna, kalle, hilkka):
    proposal, case = applied(anna, kalle)
    allocate(case, "398", SINCE, "2025-02-28", kalle)
    draft = compute("2025-03")
    decide(proposal, by=kalle, approver=hilkka)
    approve(draft)
    assert of("2025-03") == [] and ManualResidence.objects.get().opened_by is None


def test_a_later_decision_replaces_an_allocation(known, anna, kalle, hilkka):
    for last in ("2025-02-28", "2025-01-31"):
        proposal, case = applied(anna, kalle)
        allocate(case, "398", SINCE, last, kalle)
        decide(proposal, by=kalle, approver=hilkka)
        settle("2025-03" if last == "2025-02-28" else "2025-04")
    taken = [row.split(",")[-1] for row in of("2025-04")]
    assert taken == ["-645.08", "-171.00"]


def test_c22_of_the_golden_delivery_is_paid_once_by_hand_and_then_by_the_run(
    db, anna, kalle, hilkka
):
    """Allocated to Lahti by evidence, decided by another; the code comes a month later."""
    folder = GOLDEN / "compensation" / "delivery"
    call_command("import_delivery", folder)
    settle("2025-03")
    proposal = apply(anna, "C22", months=("2025-03", "2025-03"))
    (case,) = match_all(proposal, kalle)
    allocate(case, "398", "2025-02-10", "2025-03-31", kalle)
    decide(proposal, by=kalle, approver=hilkka)
    settle("2025-04")
    by_hand = {key: cents for key, cents in booked(["C22"]).items() if key[2] == "398"}
    assert sum(by_hand.values()) > 0 and {key[1] for key in by_hand} == {"2025-03"}
    deliver(
        person_rows(
            "C22", born="1970-11-30", homes=[home("398", "2025-02-10")],
            permits=[permit("87", "2025-02-03", applied="true", number="P0024")],
        )
    )  # fmt: skip
    settle("2025-05")
    assert {key: booked(["C22"])[key] for key in by_hand} == by_hand
    assert {row.split(",")[7] for row in of("2025-05", "C22")} == {"automatic"}


@pytest.mark.parametrize(
    "change",
    [
        lambda: ManualProposal.objects.update(applied_on=date(2024, 1, 1)),
        lambda: ManualProposal.objects.all()._raw_delete("default"),
        lambda: ManualCase.objects.filter(closed_as="").update(stated_evidence="Muu."),
        lambda: ManualCase.objects.all()._raw_delete("default"),
        lambda: ManualResidence.objects.update(moved_out=date(2026, 1, 1)),
        lambda: ManualResidence.objects.update(opened_by=None),
        lambda: ManualResidence.objects.all()._raw_delete("default"),
        lambda: ManualMonth.objects.update(amount_cents=1),
        lambda: ManualMonth.objects.update(settled_by=None),
        lambda: ManualMonth.objects.all()._raw_delete("default"),
    ],
)
def test_what_was_decided_is_kept(known, anna, kalle, hilkka, change):
    proposal, case = applied(anna, kalle)
    allocate(case, "398", SINCE, "2025-02-28", kalle)
    decide(proposal, by=kalle, approver=hilkka)
    settle("2025-03")
    with pytest.raises(IntegrityError, match="is kept"), transaction.atomic():
        change()


def test_the_database_refuses_a_late_grant(known, anna, kalle):
    proposal, case = applied(anna, kalle, months=("2022-12", "2023-01"))
    with pytest.raises(IntegrityError, match="end of the second year"):
        ManualMonth.objects.create(
            case=case, person=case.person, benefit_month=date(2022, 12, 1), outcome="paid",
            payee=proposal.payee, verdict="granted",
        )  # fmt: skip


def test_a_returned_proposal_is_allocated_again(known, anna, kalle, hilkka):
    proposal, case = applied(anna, kalle)
    home_of = allocate(case, "853", SINCE, "2025-02-28", kalle)
    proposal_propose(proposal.pk, by=kalle, today=TODAY)
    proposal_return(proposal.pk, by=hilkka, reason="Vuokrasopimus on Lahdesta.")
    allocation_remove(home_of.pk, by=kalle)
    allocate(case, "398", SINCE, "2025-02-28", kalle)
    decided = decide(proposal, by=kalle, approver=hilkka)
    assert decided.decisions.get().decision.amount_cents == 2 * 81_608


def test_what_the_register_says_otherwise_by_then_is_not_decided(known, anna, kalle, hilkka):
    proposal, case = applied(anna, kalle)
    allocate(case, "398", SINCE, "2025-02-28", kalle)
    proposal_propose(proposal.pk, by=kalle, today=TODAY)
    deliver(person_rows("N", homes=[home("853", SINCE)], permits=[permit("87", SINCE)]))
    with pytest.raises(CaseRefused):
        proposal_decide(proposal.pk, by=hilkka, at=DECIDED)


def test_a_withdrawn_application_is_found_by_the_next_run(known, anna, kalle):
    proposal, _case = applied(anna, kalle)
    application_withdraw(proposal.pk, by=anna)
    settle("2025-03")
    found = ManualCase.objects.found_by_runs().get()
    assert (found.first_month, found.last_month) == (date(2025, 1, 1), date(2025, 3, 1))


def test_what_has_been_paid_is_not_granted(known, anna, kalle, hilkka):
    proposal = apply(anna, "A", months=("2025-01", "2025-01"))
    (case,) = match_all(proposal, kalle)
    allocate(case, "398", SINCE, "2025-01-31", kalle)
    decided = decide(proposal, by=kalle, approver=hilkka)
    assert ManualMonth.objects.get(case=case).verdict == "paid"
    assert decided.decisions.get().decision.amount_cents == 0


def test_whoever_allocated_does_not_decide(known, anna, kalle, hilkka):
    StaffRoleFactory.create(user=hilkka, role="reviewer")
    proposal, case = applied(anna, kalle)
    allocate(case, "398", SINCE, "2025-02-28", hilkka)
    with pytest.raises(CaseRefused, match="P-01"):
        decide(proposal, by=kalle, approver=hilkka)
    with pytest.raises(IntegrityError, match="allocated"), transaction.atomic():
        type(proposal).objects.update(status="decided", decided_by=hilkka)
