"""A child born in Finland (C-20): in scope through a parent, for as long as the parent's time."""

import pytest

from tests.payments.law import family_of, home, outcome, paid_months, permit, reason, resident

pytestmark = pytest.mark.django_db

BORN = "2025-03-20"
ANY = [permit("45", BORN)]  # a ground that by itself is never in scope


def child(uma: str = "CHILD", **facts) -> str:
    """A child born in Finland to M and F, with a permit of whatever ground."""
    facts = {"born": BORN, "moved_in": BORN, "permits": ANY, "parents": "M F"} | facts
    return resident(uma, born_in_finland=True, **facts)


@pytest.mark.parametrize(
    ("mother", "father", "last", "why"),
    [
        ("2024-09-20", "2025-02-14", "2027-09", "C-20: the mother's three years end last"),
        ("2025-02-14", "2024-09-20", "2027-09", "C-20: or the father's"),
        ("2025-02-14", "2025-03-01", "2027-02", "C-20: the later of two ends"),
    ],
)
def test_the_time_ends_with_the_latest_of_the_parents(mother, father, last, why):
    resident("M", moved_in=mother)
    resident("F", moved_in=father)
    months = paid_months(child())
    assert (months[0], months[-1]) == ("2025-04", last), why


@pytest.mark.parametrize(
    ("mother", "expected", "why"),
    [
        ({}, "paid", "C-20: the mother is in scope"),
        ({"permits": [permit("46", "2024-01-01")]}, "ground_out_of_scope", "C-20: a student"),
        ({"permits": [permit("87", "2025-06-01")]}, "paid", "C-20: her permit begins on d"),
        (
            {"permits": [permit("87", "2025-06-02")]},
            "ground_out_of_scope",
            "C-20: her permit begins the day after d",
        ),
        (
            {"permits": [permit("87", "2024-01-01", "2024-12-31")]},
            "paid",
            "C-20: a permit that began, whether or not it is valid on d",
        ),
        (
            {"born_in_finland": True, "parents": ""},
            "ground_out_of_scope",
            "C-20: she was born in Finland herself",
        ),
        (
            {"moved_in": "2022-06-01"},
            "time_used_up",
            "C-20: her time is over; the child's own length does not apply",
        ),
        ({"homes": []}, "time_used_up", "C-20: a parent without a clock gives no time"),
        ({"died": "2025-04-01"}, "paid", "C-20: asks for the permit alone"),
    ],
)
def test_one_parent(mother, expected, why):
    resident("M", **{"moved_in": "2024-09-20"} | mother)
    assert reason(child(), "2025-06") == expected, why


def test_a_parent_without_a_clock_gives_no_time_but_the_other_does():
    resident("M", homes=[])
    resident("F", moved_in="2025-02-14")
    found = outcome(child(), "2025-06")
    assert (found.outcome, found.clock_parent) == ("paid", "F")


def test_a_parent_out_of_scope_gives_no_time():
    """C-20: only the ends of the parents in scope count."""
    resident("M", moved_in="2024-12-01", permits=[permit("46", "2024-12-01")])
    resident("F", moved_in="2025-02-14")
    assert paid_months(child())[-1] == "2027-02"


@pytest.mark.parametrize(
    ("grounds", "principal", "expected"),
    [
        (["114"], "87", "paid"),
        (["114"], "46", "ground_out_of_scope"),
        (["87", "54"], "46", "paid"),
    ],
)
def test_the_parents_scope_is_the_whole_of_it(grounds, principal, expected):
    """C-20: C-10 to C-14, so a parent may follow a principal or an earlier permit."""
    resident("P", permits=[permit(principal, "2024-01-01")])
    days = ["2024-09-20", "2024-12-01"]
    permits = [
        permit(g, day, principal="P", tie="true") for g, day in zip(grounds, days, strict=False)
    ]
    resident("M", moved_in="2024-09-20", permits=permits)
    assert reason(child(), "2025-06") == expected


def test_the_time_of_a_quota_refugees_family_passes_to_the_child():
    """C-17, C-18 and C-20: three years from 2025 for the mother, hence for the child."""
    resident("P", permits=[permit("90", "2024-01-01")])
    resident("M", moved_in="2025-02-10", permits=[family_of("P", "2025-02-10")])
    assert paid_months(child())[-1] == "2028-02"


@pytest.mark.parametrize(
    ("facts", "expected", "why"),
    [
        ({"parents": ""}, "ground_out_of_scope", "C-20: no parents named"),
        ({"parents": "NOBODY"}, "ground_out_of_scope", "C-20: parents unknown"),
        ({"parents": "NOBODY M"}, "paid", "C-20: one of them known"),
        ({"permits": []}, "no_valid_permit", "C-20: a permit covering d is needed"),
        (
            {"permits": [permit("45", BORN, "2025-05-31")]},
            "no_valid_permit",
            "C-20: and it must cover d",
        ),
        ({"homes": []}, "no_home_municipality", "C-20: the other reasons hold as ever"),
        ({"homes": [home("398", "2025-06-02")]}, "no_home_municipality", "C-06"),
        ({"died": "2025-05-01"}, "deceased", "C-03"),
    ],
)
def test_the_child_itself(facts, expected, why):
    resident("M", moved_in="2024-09-20")
    assert reason(child(**facts), "2025-06") == expected, why


def test_a_child_not_born_in_finland_is_assessed_like_anyone_else():
    resident("M", moved_in="2024-09-20")
    resident("CHILD", born=BORN, moved_in=BORN, permits=ANY, parents="M")
    assert reason("CHILD", "2025-06") == "ground_out_of_scope"


def test_without_such_a_parent_a_childs_own_permit_counts():
    child(permits=[permit("87", BORN)])
    assert paid_months("CHILD")[-1] == "2027-03"  # C-20, C-18: two years of its own


def test_with_such_a_parent_its_own_length_does_not_apply():
    resident("M", moved_in="2024-09-20")
    child(permits=[permit("90", BORN)])
    assert paid_months("CHILD")[-1] == "2027-09"  # C-20, not the three years of C-18


def test_a_childs_line_cites_its_own_permit_in_scope_before_others():
    resident("M", moved_in="2024-09-20")
    child(permits=[permit("45", BORN), permit("87", "2025-04-01")])
    assert outcome("CHILD", "2025-06").permit == "CHILD-2"  # C-15


def test_the_parent_whose_time_is_followed_is_kept():
    resident("M", moved_in="2024-09-20")
    resident("F", moved_in="2025-02-14")
    found = outcome(child(), "2025-06")
    assert (found.clock_parent, found.basis_permit) == ("M", "M-1")  # C-28
    assert found.clock_end.isoformat() == "2027-09-20"
