"""Scope of a permit on d (C-08, C-10 … C-15): what each ground, tie and principal comes to."""

import pytest

from registry.models import Ground
from tests.payments.law import family_of, outcome, permit, reason, resident

pytestmark = pytest.mark.django_db

SINCE = "2025-03-15"
ASYLUM, QUOTA, PROTECTED, RENEWED, STUDENT = "87", "90", "110", "54", "46"


@pytest.mark.parametrize(
    ("ground", "applied", "expected", "why"),
    [
        ("87", "", "paid", "C-11: asylum"),
        ("88", "", "paid", "C-11: subsidiary protection"),
        ("88a", "", "paid", "C-11: humanitarian protection"),
        ("90", "", "paid", "C-11: quota refugee"),
        ("93", "", "paid", "C-11: government decision"),
        ("110", "", "paid", "C-11: temporary protection"),
        ("52a2", "", "paid", "C-11: trafficking victim, continuous permit"),
        ("54_5", "", "paid", "C-11: continuous permit after a temporary one"),
        ("52a1", "", "ground_out_of_scope", "C-11: trafficking victim, temporary permit"),
        ("45", "", "ground_out_of_scope", "C-11: temporary, another reason"),
        ("46", "", "ground_out_of_scope", "C-11: study"),
        ("50", "", "ground_out_of_scope", "C-11: family of a Finnish citizen"),
        ("73", "", "ground_out_of_scope", "C-11: work"),
        ("51", "true", "paid", "C-12: applied for protection"),
        ("52", "true", "paid", "C-12: applied for protection"),
        ("89", "true", "paid", "C-12: applied for protection"),
        ("51", "false", "protection_not_applied_for", "C-12: did not apply"),
        ("52", "false", "protection_not_applied_for", "C-12: did not apply"),
        ("89", "", "protection_not_applied_for", "C-12: unknown counts as no"),
    ],
)
def test_ground(ground, applied, expected, why):
    resident("A", permits=[permit(ground, SINCE, applied=applied)])
    assert reason("A", "2025-06") == expected, why


@pytest.mark.parametrize(
    ("month", "expected", "why"),
    [
        ("2023-02", "ground_not_in_force", "C-10: temporary protection not yet in scope"),
        ("2023-03", "paid", "C-10: in scope from 1.3.2023"),
    ],
)
def test_temporary_protection(month, expected, why):
    resident("A", moved_in="2022-05-01", permits=[permit(PROTECTED, "2022-05-01")])
    assert reason("A", month) == expected, why


@pytest.mark.parametrize(
    ("earlier", "expected", "why"),
    [
        (permit(ASYLUM, "2025-01-01", "2025-05-31"), "paid", "C-13: renews asylum"),
        (permit(STUDENT, "2025-01-01", "2025-05-31"), "ground_out_of_scope", "C-13: study"),
        (
            permit("52", "2025-01-01", "2025-05-31", applied="true"),
            "paid",
            "C-13: the earlier permit is in scope under C-12",
        ),
        (
            permit(RENEWED, "2025-01-01", "2025-05-31"),
            "ground_out_of_scope",
            "C-13: a renewed permit does not carry another",
        ),
        (
            permit(ASYLUM, "2025-06-01", "2025-06-01"),
            "ground_out_of_scope",
            "C-13: the same valid_from is not earlier",
        ),
        (permit(ASYLUM, "2025-05-31", "2025-05-31"), "paid", "C-13: one day earlier is"),
    ],
)
def test_a_renewed_permit_follows_an_earlier_one(earlier, expected, why):
    resident("A", permits=[earlier, permit(RENEWED, "2025-06-01")])
    assert reason("A", "2025-07") == expected, why


def test_a_renewed_permit_follows_any_earlier_one():
    """C-13: asylum before study before the renewal is enough."""
    permits = [permit(ASYLUM, "2024-01-01", "2024-12-31"), permit(STUDENT, "2025-01-01")]
    resident("A", permits=[*permits, permit(RENEWED, "2025-06-01")])
    assert outcome("A", "2025-07").permit == "A-3"


def test_a_renewed_permit_follows_a_family_permit_and_its_principal():
    """C-13 with C-14: in scope only while the principal's permit has begun."""
    resident("P", permits=[permit(ASYLUM, "2025-07-01")])
    family = family_of("P", "2025-01-01") | {"valid_to": "2025-05-31"}
    resident("A", permits=[family, permit(RENEWED, "2025-06-01")])
    found = [reason("A", f"2025-0{n}") for n in (6, 7)]
    assert found == ["ground_out_of_scope", "paid"]


@pytest.mark.parametrize("ground", ["114", "115", "47_3", "52_4"])
def test_family_grounds(ground):
    resident("P", permits=[permit(ASYLUM, "2024-01-01")])
    resident("A", permits=[family_of("P", SINCE, ground=ground)])
    assert reason("A", "2025-06") == "paid"  # C-14


@pytest.mark.parametrize(
    ("principal", "tie", "expected", "why"),
    [
        (permit(ASYLUM, "2024-01-01"), "true", "paid", "C-14: a tie before arrival"),
        (
            permit(ASYLUM, "2024-01-01"),
            "false",
            "tie_not_before_arrival",
            "C-14: a tie after arrival",
        ),
        (permit(ASYLUM, "2024-01-01"), "", "tie_not_before_arrival", "C-14: unknown is no"),
        (
            permit(STUDENT, "2024-01-01"),
            "true",
            "principal_out_of_scope",
            "C-14: the principal is a student",
        ),
        (
            permit(STUDENT, "2024-01-01"),
            "false",
            "tie_not_before_arrival",
            "C-14: the tie is looked at before the principal",
        ),
        (
            permit(ASYLUM, "2024-01-01", "2024-06-30"),
            "true",
            "paid",
            "C-14: the principal's permit need not be valid any more",
        ),
        (permit(ASYLUM, "2025-06-01"), "true", "paid", "C-14: it begins on d"),
        (
            permit(ASYLUM, "2025-06-02"),
            "true",
            "principal_out_of_scope",
            "C-14: it begins the day after d",
        ),
        (
            permit("52", "2024-01-01", applied="false"),
            "true",
            "principal_out_of_scope",
            "C-14 with C-12: the principal did not apply for protection",
        ),
        (
            permit(RENEWED, "2024-01-01"),
            "true",
            "principal_out_of_scope",
            "C-14: a principal's renewed permit is not looked at (C-10 to C-12 alone)",
        ),
    ],
)
def test_family(principal, tie, expected, why):
    resident("P", permits=[principal])
    resident("A", permits=[family_of("P", SINCE, tie=tie)])
    assert reason("A", "2025-06") == expected, why


@pytest.mark.parametrize("principal", ["", "NOBODY", "A"])
def test_family_of_nobody_or_of_oneself(principal):
    """C-14: an unknown principal is out of scope; so is a family permit of one's own."""
    resident("A", permits=[family_of(principal, SINCE)])
    assert reason("A", "2025-06") == "principal_out_of_scope"


def test_family_of_family_is_out_of_scope():
    resident("Q", permits=[permit(QUOTA, "2024-01-01")])
    resident("P", permits=[family_of("Q", "2024-01-01")])
    resident("A", permits=[family_of("P", SINCE)])
    assert reason("A", "2025-06") == "principal_out_of_scope"  # C-14: C-10 to C-12 alone


def test_family_of_one_under_temporary_protection_before_march_2023():
    """C-14 with C-10: the principal's ground must be in force on d."""
    resident("P", permits=[permit(PROTECTED, "2022-03-10")])
    resident("A", moved_in="2022-05-01", permits=[family_of("P", "2022-05-01")])
    found = [reason("A", month) for month in ("2023-02", "2023-03")]
    assert found == ["principal_out_of_scope", "paid"]


FAILING = {
    "ground_out_of_scope": permit(STUDENT, "2022-05-01"),
    "ground_not_in_force": permit(PROTECTED, "2022-05-01"),
    "protection_not_applied_for": permit("52", "2022-05-01"),
    "tie_not_before_arrival": family_of("P", "2022-05-01", tie="false"),
    "principal_out_of_scope": family_of("P", "2022-05-01"),
}


@pytest.mark.parametrize("last", range(1, len(FAILING) + 1))
def test_of_several_failing_permits_the_last_in_the_order_is_reported(last):
    """C-08: the reason is the last in the order of the rule."""
    reasons = list(FAILING)[:last]
    resident("A", moved_in="2022-05-01", permits=[FAILING[name] for name in reversed(reasons)])
    assert reason("A", "2023-02") == reasons[-1]


@pytest.mark.parametrize(
    ("permits", "cited", "why"),
    [
        (
            [permit(STUDENT, "2025-03-01"), permit(ASYLUM, "2025-03-15")],
            "A-2",
            "C-15: only permits in scope are cited",
        ),
        (
            [permit(QUOTA, "2025-03-15"), permit(ASYLUM, "2025-03-01")],
            "A-2",
            "C-15: the earliest valid_from",
        ),
        (
            [permit(QUOTA, "2025-03-01", number="9"), permit(ASYLUM, "2025-03-01", number="10")],
            "10",
            "C-15: then the smallest number, as text",
        ),
        (
            [permit(QUOTA, "2025-03-01", "2025-05-31"), permit(ASYLUM, "2025-03-15")],
            "A-2",
            "C-15: only permits covering d",
        ),
    ],
)
def test_the_permit_a_line_cites(permits, cited, why):
    assert outcome(resident("A", permits=permits), "2025-06").permit == cited, why


def test_what_a_family_permit_rests_on_is_kept():
    resident("P", permits=[permit(STUDENT, "2024-01-01"), permit(ASYLUM, "2025-01-01")])
    resident("A", permits=[family_of("P", SINCE)])
    assert outcome("A", "2025-06").basis_permit == "P-2"  # C-14, C-28


def test_a_permit_that_it_follows_only_later_is_not_the_one_kept():
    """C-28: on the day. The ground of the principal's first permit is in scope from 8/2025 on."""
    Ground.objects.filter(code=STUDENT).update(scope="always", in_scope_from="2025-08-01")
    resident("P", permits=[permit(STUDENT, "2024-01-01"), permit(ASYLUM, "2024-06-01")])
    resident("A", permits=[family_of("P", SINCE)])
    assert outcome("A", "2025-07").basis_permit == "P-2"
    assert outcome("A", "2025-08").basis_permit == "P-1"


def test_a_permit_that_follows_nothing_on_the_day_shows_nothing():
    """C-14, C-28: the principal's permit in scope begins only later."""
    resident("P", permits=[permit(STUDENT, "2024-01-01"), permit(ASYLUM, "2025-08-01")])
    resident("A", permits=[family_of("P", SINCE)])
    assert outcome("A", "2025-07").basis_permit is None
    assert outcome("A", "2025-08").basis_permit == "P-2"


def test_what_a_renewed_permit_rests_on_is_kept():
    permits = [permit(STUDENT, "2024-01-01", "2025-02-01"), permit(ASYLUM, SINCE, "2025-05-31")]
    resident("A", permits=[*permits, permit(RENEWED, "2025-06-01")])
    assert outcome("A", "2025-07").basis_permit == "A-2"  # C-13, C-28
