"""Two UMA numbers of one person: their facts together, paid once, corrected where paid twice."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from payments.models import ClaimableEntry, Line, ManualCase, ManualMonth, RunLink
from tests.payments.joined import join, link_made, part
from tests.payments.law import (
    family_of,
    home,
    lines,
    outcome,
    permit,
    person_rows,
    reason,
    resident,
)
from tests.payments.manual import allocate, apply, decide, match_all
from tests.payments.runs import approve, booked, compute, deliver, rows, settle, texts

SINCE = "2024-02-10"
pytestmark = pytest.mark.django_db


# The law on the facts of both


def bare(uma: str, **facts) -> str:
    """A number without an identity code, permits or homes, unless given."""
    return resident(uma, **({"code": "", "homes": [], "permits": []} | facts))


@pytest.mark.parametrize(
    ("person", "number"),
    [
        ({"permits": []}, {"code": "", "homes": []}),
        ({"homes": []}, {"permits": []}),
        ({"code": "", "homes": []}, {"permits": []}),
        ({"moved_in": SINCE}, {"citizen_from": "2030-01-01"}),
    ],
)
def test_permits_homes_and_codes_of_either_number_count(person, number):
    resident("A", **person)
    resident("B", **number)
    link_made("B", "A")
    assert reason("A", "2025-04") == "paid"


@pytest.mark.parametrize(
    ("facts", "ends"),
    [({"died": "2025-03-20"}, "deceased"), ({"citizen_from": "2025-03-20"}, "finnish_citizen")],
)
def test_a_death_or_citizenship_known_under_one_number_holds(facts, ends):
    resident("A")
    resident("B", **facts)
    link_made("B", "A")
    assert reason("A", "2025-04") == ends


def test_where_homes_clash_the_persons_own_counts():
    resident("A", homes=[home("398", "2025-03-10", "2025-04-20")])
    resident("B", homes=[home("853", "2025-03-15")])
    link_made("B", "A")
    towns = [
        {line.split()[1] for line in lines("A", month) if line.startswith("municipality")}
        for month in ("2025-04", "2025-05")
    ]
    assert towns == [{"398"}, {"853"}]


def test_the_clock_starts_at_the_first_home_of_either():
    """C-16."""
    resident("A", moved_in="2025-03-15")
    resident("B", homes=[home("853", "2023-05-02", "2023-06-01")])
    link_made("B", "A")
    assert str(outcome("A", "2025-04").clock_start) == "2023-05-02"


def test_a_principal_named_by_either_number_is_the_same(db):
    """C-14: the family is in scope by the permit of the other number."""
    bare("P1", permits=[permit("87", SINCE)])
    bare("P2", permits=[permit("46", SINCE)])
    resident("W", permits=[family_of("P2", "2025-03-15")])
    assert reason("W", "2025-04") == "principal_out_of_scope"
    link_made("P1", "P2")
    assert reason("W", "2025-04") == "paid"


def test_a_parent_named_by_the_joined_number_is_the_person():
    """C-20."""
    resident("M", moved_in=SINCE)
    bare("M2")
    resident("K", born="2025-03-20", born_in_finland=True, parents="M2", moved_in="2025-03-20")
    link_made("M2", "M")
    assert outcome("K", "2025-04").clock_parent == "M"


# Runs


def without_code(uma: str) -> None:
    deliver(person_rows(uma, code="", homes=[], permits=[permit("87", SINCE, applied="true")]))


def coded(uma: str) -> None:
    deliver(person_rows(uma, homes=[home("398", SINCE)], permits=[permit("87", SINCE)]))


def by_hand(uma: str, anna, kalle, hilkka, last="2025-02") -> ManualCase:
    """Lahti's months 1/2025 … last of a number, allocated and decided."""
    proposal = apply(anna, uma, months=("2025-01", last))
    (case,) = match_all(proposal, kalle)
    allocate(case, "398", SINCE, f"{last}-28", kalle)
    decide(proposal, by=kalle, approver=hilkka)
    return case


@pytest.fixture
def paid_twice(db, anna, kalle, hilkka):
    """A is paid by the runs, N, who is the same, by hand for 1/2025 and 2/2025."""
    coded("A")
    without_code("N")
    settle("2025-01")
    settle("2025-02")
    by_hand("N", anna, kalle, hilkka)
    settle("2025-03")


def in_town(uma: str, month: str) -> list[str]:
    return [row for row in rows(month) if f",{uma},municipality," in row]


def test_what_was_paid_to_both_becomes_a_correction(paid_twice):
    join("N", "A")
    settle("2025-04")
    assert in_town("N", "2025-04") == []
    assert in_town("A", "2025-04") == [
        "2025-04,2025-01,A,municipality,398,adult,correction,automatic,-645.08",
        "2025-04,2025-01,A,municipality,398,base,correction,automatic,-171.00",
        "2025-04,2025-02,A,municipality,398,adult,correction,automatic,-645.08",
        "2025-04,2025-02,A,municipality,398,base,correction,automatic,-171.00",
        "2025-04,2025-04,A,municipality,398,base,regular,automatic,171.00",
    ]
    causes = Line.objects.filter(run__month="2025-04-01", kind="correction")
    assert set(causes.values_list("cause", flat=True)) == {"joined"}


def test_together_they_have_what_one_person_is_due(paid_twice):
    join("N", "A")
    settle("2025-04")
    both, months = booked(["A", "N"]), ("2025-01", "2025-02", "2025-03")
    of_town = dict.fromkeys(months, 0)
    for (_uma, month, payee, _part), cents in both.items():
        if payee == "398" and month in months:
            of_town[month] += cents
    assert of_town == {"2025-01": 816_08, "2025-02": 816_08, "2025-03": 171_00}


def test_the_next_run_corrects_nothing_more(paid_twice):
    join("N", "A")
    settle("2025-04")
    settle("2025-05")
    assert not [row for row in rows("2025-05") if ",correction," in row]


def test_a_payee_of_the_joined_number_need_not_apply_again(db, anna, kalle, hilkka):
    """C-31: what was booked under either number was booked."""
    without_code("N")
    settle("2025-01")
    by_hand("N", anna, kalle, hilkka, last="2025-01")
    settle("2025-02")
    coded("A")
    join("N", "A")
    settle("2025-03")
    assert not [row for row in in_town("A", "2025-03") if ",2025-01," in row]
    claimable = ClaimableEntry.objects.filter(closed_by=None, benefit_month="2025-01-01")
    assert set(claimable.values_list("person__uma_number", "payee__kind")) == {("A", "county")}


def test_parting_them_books_what_each_is_due(paid_twice):
    link = join("N", "A")
    settle("2025-04")
    part(link)
    settle("2025-05")
    assert [row.split(",")[-1] for row in in_town("A", "2025-05")] == [
        "645.08", "171.00", "645.08", "171.00", "171.00",
    ]  # fmt: skip
    assert in_town("N", "2025-05") == []


def test_a_case_of_the_other_number_is_not_paid_again(db, anna, kalle, hilkka):
    """Automatic and manual lines both count, under whichever number."""
    coded("A")
    without_code("N")
    settle("2025-01")
    join("N", "A")
    settle("2025-02")
    case = by_hand("N", anna, kalle, hilkka)
    assert set(ManualMonth.objects.filter(case=case).values_list("verdict", flat=True)) == {"paid"}


def test_what_another_case_was_granted_and_no_run_has_paid_is_not_granted_again(
    db, anna, kalle, hilkka
):
    for uma in ("M", "N"):
        without_code(uma)
    settle("2025-01")
    join("N", "M")
    by_hand("M", anna, kalle, hilkka, last="2025-01")
    case = by_hand("N", anna, kalle, hilkka, last="2025-01")
    assert ManualMonth.objects.get(case=case).verdict == "paid"


def test_what_was_granted_twice_before_the_link_is_paid_once(db, anna, kalle, hilkka):
    for uma in ("M", "N"):
        without_code(uma)
    settle("2025-01")
    for uma in ("M", "N"):
        by_hand(uma, anna, kalle, hilkka, last="2025-01")
    join("N", "M")
    settle("2025-02")
    assert in_town("N", "2025-02") == []
    assert [row.split(",")[-1] for row in in_town("M", "2025-02")] == ["645.08", "171.00"]


def test_a_month_before_the_ledger_paid_twice_by_hand_is_corrected(db, anna, kalle, hilkka):
    """C-38."""
    for uma in ("M", "N"):
        without_code(uma)
    settle("2025-03")
    for uma in ("M", "N"):
        by_hand(uma, anna, kalle, hilkka, last="2025-01")
    settle("2025-04")
    join("N", "M")
    settle("2025-05")
    assert [row.split(",")[-1] for row in in_town("M", "2025-05")] == ["-645.08", "-171.00"]


def test_a_month_paid_at_the_normal_rates_stays_so(db, anna, kalle, hilkka):
    """C-32: the other number's month was applied for in 2025 and paid at the reduced rates."""
    coded("A")
    without_code("N")
    settle("2024-12")
    proposal = apply(anna, "N", months=("2024-12", "2024-12"))
    (case,) = match_all(proposal, kalle)
    allocate(case, "398", SINCE, "2024-12-31", kalle)
    decide(proposal, by=kalle, approver=hilkka)
    settle("2025-01")
    join("N", "A")
    settle("2025-02")
    taken = [row for row in in_town("A", "2025-02") if ",2024-12," in row]
    assert [row.split(",")[-1] for row in taken] == ["-124.67"]


def test_the_case_of_a_joined_number_ends_when_the_person_has_a_code(db):
    without_code("N")
    settle("2025-01")
    coded("A")
    join("N", "A")
    settle("2025-02")
    assert ManualCase.objects.get().closed_as == "code"


def test_what_is_joined_after_the_draft_waits_for_the_next_run(paid_twice):
    draft = compute("2025-04")
    join("N", "A")
    approve(draft)
    assert not [row for row in rows("2025-04") if ",correction," in row]
    settle("2025-05")
    assert [row for row in rows("2025-05") if ",correction," in row]


def test_a_draft_computed_again_knows_the_same_links(paid_twice):
    join("N", "A")
    first = compute("2025-04")
    before = texts("2025-04"), first.input_hash
    again = compute("2025-04")
    assert (texts("2025-04"), again.input_hash) == before
    assert RunLink.objects.get().run == again


def test_what_an_approved_run_knew_is_kept(paid_twice):
    join("N", "A")
    settle("2025-04")
    for change in (
        RunLink.objects.all().delete,
        lambda: RunLink.objects.all()._raw_delete("default"),
    ):
        with pytest.raises(IntegrityError, match="is kept"), transaction.atomic():
            change()
