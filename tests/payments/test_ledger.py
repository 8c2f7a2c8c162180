"""Runs and the ledger (C-29 … C-34, C-38): what late facts come to, month by month.

Amounts: a child of 15 in Lahti is 162.92 + 28.75 until 2024, 171.00 + 91.42 from 2025.
"""

from datetime import date

import pytest

from payments.models import Run
from payments.runs import inputs
from payments.runs.exports import CLAIMABLE, PROPOSALS, UNPAID
from payments.runs.inputs import earlier_months
from tests.payments.law import agreement_row, home, permit, person_rows
from tests.payments.runs import booked, deliver, rows, settle

pytestmark = pytest.mark.django_db

SINCE, CHILD = "2022-10-10", "2009-05-01"


def child(uma: str = "A", **facts):
    """Rows of a child of 15, under protection, at home in Lahti since 10/2022."""
    return person_rows(uma, **{"born": CHILD, "moved_in": SINCE} | facts)


def test_a_steady_person_is_paid_the_same_every_month():
    deliver(child())
    assert settle("2024-11") and rows("2024-11") == [
        "2024-11,2024-11,A,county,09,base,regular,automatic,28.75",
        "2024-11,2024-11,A,municipality,398,base,regular,automatic,162.92",
    ]  # C-30
    assert settle("2024-12") and [row[:16] for row in rows("2024-12")] == ["2024-12,2024-12,"] * 2


def test_the_ledger_begins_with_its_first_run():
    """C-38: months before it were settled by the former system."""
    deliver(child(), child("B", moved_in="2023-01-01"))
    settle("2024-11")
    assert {month for _, month, _, _ in booked()} == {"2024-11"}
    deliver(child(homes=[home("091", SINCE)]))
    settle("2024-12")
    assert {month for _, month, _, _ in booked()} == {"2024-11", "2024-12"}
    assert {row[:7] for row in rows("2024-12", CLAIMABLE)} == {"2024-11"}


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({"died": "2024-10-20"}, "C-03: death known late"),
        ({"citizen_from": "2024-11-01"}, "C-04: citizenship known late"),
        ({"homes": [home("398", SINCE, "2024-10-31")]}, "C-06: gone abroad, known late"),
        ({"permits": [permit("87", SINCE, "2024-10-31")]}, "C-07: permit withdrawn"),
        ({"permits": [permit("46", SINCE)]}, "C-08: a student after all"),
        ({"moved_in": "2021-11-01"}, "C-09: the clock had started earlier"),
    ],
)
def test_what_should_not_have_been_paid_is_corrected(facts, why):
    """C-31: a negative difference is always booked."""
    deliver(child(permits=[permit("87", SINCE)]))
    settle("2024-11")
    deliver(child(**{"permits": [permit("87", SINCE)]} | facts))
    settle("2024-12")
    assert rows("2024-12") == [
        "2024-12,2024-11,A,county,09,base,correction,automatic,-28.75",
        "2024-12,2024-11,A,municipality,398,base,correction,automatic,-162.92",
    ], why
    assert booked() == {}


def test_a_move_known_late_corrects_one_payee_and_lets_the_other_claim():
    deliver(child())
    settle("2024-11")
    deliver(child(homes=[home("398", SINCE, "2024-10-31"), home("091", "2024-11-01")]))
    settle("2024-12")
    corrections = [row for row in rows("2024-12") if ",correction," in row]
    assert [row.split(",")[4] for row in corrections] == ["09", "398"]
    assert rows("2024-12", CLAIMABLE) == [
        "2024-11,A,county,90,base,28.75,2026-12-31",
        "2024-11,A,municipality,091,base,162.92,2026-12-31",
    ]  # C-31


def test_what_was_booked_before_is_restored_without_a_claim():
    away = child(homes=[home("398", SINCE, "2024-10-31")])
    for month, delivery in (("2024-11", child()), ("2024-12", away), ("2025-01", child())):
        deliver(delivery)
        settle(month)
    restored = [row for row in rows("2025-01") if ",2024-11," in row]
    assert [row.split(",")[-1] for row in restored] == ["28.75", "162.92"]  # C-31
    assert {row[:7] for row in rows("2025-01", CLAIMABLE)} == {"2024-12"}, "never booked"


@pytest.mark.parametrize(
    ("first", "second", "booked_at_once", "why"),
    [
        ("2023-07", "2023-08", True, "C-31: before 9/2023 runs it is booked"),
        ("2023-08", "2023-09", False, "C-31: from run month 9/2023 claimable"),
    ],
)
def test_a_month_never_booked(first, second, booked_at_once, why):
    deliver(child())
    settle(first)
    deliver(child("B"))
    settle(second)
    corrections = [row for row in rows(second) if ",correction," in row]
    claimable = rows(second, CLAIMABLE)
    assert (len(corrections), len(claimable)) == ((2, 0) if booked_at_once else (0, 2)), why


def test_claimable_entries_stay_claimable_after_september_2023_only_where_never_booked():
    """C-31: what an August run booked late, a later run restores; the claim is per payee."""
    deliver(child())
    settle("2023-07")
    deliver(child("B"))
    settle("2023-08")
    deliver(child("B", homes=[home("091", SINCE)]))
    settle("2023-09")
    claimable = {tuple(row.split(",")[:4:3]) for row in rows("2023-09", CLAIMABLE)}
    assert claimable == {("2023-07", "90"), ("2023-07", "091"), ("2023-08", "90"),
                         ("2023-08", "091")}  # fmt: skip
    assert sum(",correction," in row for row in rows("2023-09")) == 4


def test_a_rise_of_a_payee_booked_before_is_booked():
    """C-31: by payee, not by component: an adult after all."""
    deliver(child(moved_in="2024-12-10"))
    settle("2025-01")
    rows_before = child(moved_in="2024-12-10")
    rows_before["uma_persons.csv"][0]["birth_date"] = "1999-05-01"
    deliver({"uma_persons.csv": rows_before["uma_persons.csv"]})
    settle("2025-02")
    corrections = [row for row in rows("2025-02") if ",correction," in row]
    assert [row.split(",")[5] for row in corrections] == ["adult", "adult"]
    assert rows("2025-02", CLAIMABLE) == []


def test_a_claimable_entry_follows_the_facts_until_it_is_paid():
    deliver(child())
    settle("2024-11")
    deliver(child("B"))
    settle("2024-12")
    deliver(child("B", homes=[home("091", SINCE)]))
    settle("2025-01")
    assert [row.split(",")[3] for row in rows("2024-12", CLAIMABLE)] == ["09", "398"]
    assert {row.split(",")[3] for row in rows("2025-01", CLAIMABLE)} == {"90", "091"}
    deliver(child("B", died="2024-10-31"))
    settle("2025-02")
    assert rows("2025-02", CLAIMABLE) == []


@pytest.mark.django_db(transaction=True)
def test_claimable_entries_lapse_after_the_second_calendar_year():
    """C-31: an entry of 12/2023 may be applied for until the end of 2025."""
    deliver(child("A", moved_in="2023-06-01"))
    settle("2023-12")
    deliver(child("B", moved_in="2023-06-01"))
    for number in range(25):
        settle(date(2024 + number // 12, number % 12 + 1, 1))
    assert len(rows("2024-01", CLAIMABLE)) == len(rows("2025-12", CLAIMABLE)) == 2
    assert rows("2026-01", CLAIMABLE) == []


def test_a_line_keeps_its_payee_and_its_successor_gets_the_money():
    """C-33: Pertunmaa merged into Mäntyharju on 1.1.2025."""
    deliver(child(homes=[home("588", SINCE)]), child("B", homes=[home("507", SINCE)]))
    settle("2024-12")
    deliver(child(homes=[home("588", SINCE)], died="2024-11-30"))
    settle("2025-01")
    assert ",588,base,correction,automatic,-162.92" in rows("2025-01")[1]
    proposals = [row for row in rows("2025-01", PROPOSALS) if "municipality" in row]
    assert proposals == ["2025-01,municipality,507,1,8.08,8.08,0.00"]  # 171.00 - 162.92


def test_a_proposal_below_zero_pays_nothing_and_is_to_be_recovered():
    deliver(child())
    settle("2024-11")
    deliver(child(died="2024-10-31"))
    settle("2024-12")
    assert rows("2024-12", PROPOSALS) == [
        "2024-12,county,09,0,-28.75,0.00,28.75",
        "2024-12,municipality,398,0,-162.92,0.00,162.92",
    ]  # C-34


def test_a_proposals_persons_are_those_with_regular_lines():
    deliver(child(), child("B"), child("C", homes=[home("091", SINCE)]))
    settle("2024-11")
    deliver(child("B", died="2024-10-31"))
    settle("2024-12")
    lahti = next(row for row in rows("2024-12", PROPOSALS) if ",398," in row)
    assert lahti == "2024-12,municipality,398,1,0.00,0.00,0.00"


def test_an_agreement_found_lapsed_corrects_the_municipality_alone():
    """C-27, C-31: booked before, so its return is a restoration."""
    deliver(child(), {"agreements.csv": [agreement_row("398", "2011-09-01")]})
    settle("2024-11")
    deliver({"agreements.csv": [agreement_row("398", "2011-09-01", "2024-10-31")]})
    settle("2024-12")
    assert rows("2024-12", UNPAID) == ["2024-12,A,municipality_without_agreement"]
    deliver({"agreements.csv": [agreement_row("398", "2011-09-01")]})
    settle("2025-01")
    payees = [row.split(",")[1:9:3] for row in rows("2025-01") if ",correction," in row]
    assert payees == [["2024-11", "398", "automatic"]]
    assert [row[:7] for row in rows("2025-01", CLAIMABLE)] == ["2024-12"]


@pytest.mark.parametrize(
    ("month", "earliest", "why"),
    [
        (date(2025, 1, 1), date(2024, 11, 1), "C-38: not before the ledger's first month"),
        (date(2029, 12, 1), date(2024, 11, 1), "C-29: January of the fifth year before is 2024"),
        (date(2030, 1, 1), date(2025, 1, 1), "C-29: now it is 2025"),
    ],
)
def test_how_far_back_a_run_looks(month, earliest, why):
    deliver(child())
    settle("2024-11")
    assert earlier_months(Run(month=month))[0] == earliest, why


@pytest.mark.parametrize(
    ("years_back", "corrected"), [(0, ["2025-01"]), (1, ["2024-12", "2025-01"])]
)
def test_older_months_are_left_alone(monkeypatch, years_back, corrected):
    """C-29: January of the fifth year before, here of the first or of the year itself."""
    deliver(child())
    settle("2024-12")
    settle("2025-01")
    deliver(child(died="2024-10-31"))
    monkeypatch.setattr(inputs, "YEARS_BACK", years_back)
    settle("2025-02")
    assert sorted({row.split(",")[1] for row in rows("2025-02")}) == corrected
