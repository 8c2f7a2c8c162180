"""Each named check: what it finds, what it looked at; and that they advise only (G-03, G-04, G-13)."""

from __future__ import annotations

from datetime import date

import pytest

from grants.models import CheckResult
from grants.review.checks import CHECKS, checks_do
from grants.review.selectors import checks_told
from tests.factories import AgreementFactory, moved, municipality, resident
from tests.grants.decisions import AT, decided, family, taken

pytestmark = pytest.mark.django_db
MAY = date(2023, 5, 1)


def outcome(application, name: str) -> tuple[str, int]:
    result = CheckResult.objects.filter(application=application, name=name).latest("pk")
    return result.outcome, result.rows


def test_every_check_is_done_when_a_case_is_taken_with_its_version():
    application = taken(family(1, 0))
    told = checks_told(application)
    assert [one.result.name for one in told] == [check.name for check in CHECKS]
    assert {one.result.version for one in told} == {1}
    assert all(one.looked_at for one in told if one.result.name != "commitment")


@pytest.mark.parametrize(("is_late", "found"), [(True, "attention"), (False, "clean")])
def test_one_that_came_late_is_noted(is_late, found):
    """G-03."""
    assert outcome(taken(family(1, 0), is_late=is_late), "in-time") == (found, 0)


def test_rows_that_differ_from_the_register_are_counted():
    person = resident(moved_in=MAY)
    rows = [{"uma_number": person.uma_number}, {"uma_number": "T9999"}]
    assert outcome(taken(rows), "register") == ("attention", 1)


def test_a_later_home_is_not_the_first():
    """G-04."""
    person = resident(lives_in="853", moved_in=date(2023, 2, 1))
    moved(person, to="398", on=MAY)
    assert outcome(taken([{"uma_number": person.uma_number}]), "first-home") == ("attention", 1)


def test_a_person_whom_another_round_has_is_a_duplicate():
    """G-04."""
    decided(taken(family(1, 0), applicant=municipality("853")))
    assert outcome(taken(family(1, 1)), "duplicates") == ("attention", 1)


@pytest.mark.parametrize(
    ("said", "found"), [((4,), "attention"), ((5,), "clean"), ((2, 3), "clean")]
)
def test_the_commitment_is_of_the_year_over_applications(said, found):
    """G-13."""
    for number, persons in enumerate(said):
        rows = family(1, 0, round_="K2023", mark=f"U{number}")
        application = taken(rows, round_="K2023", committed_persons=persons)
    assert outcome(application, "commitment")[0] == found


@pytest.mark.parametrize(
    ("since", "declared", "found"),
    [
        (date(2023, 5, 1), True, ("clean", 0)),
        (date(2023, 5, 2), True, ("attention", 2)),
        (date(2023, 5, 1), False, ("attention", 0)),
    ],
)
def test_the_agreement_is_in_force_on_the_day_of_moving_in(since, declared, found):
    """G-13: and declared by the applicant."""
    AgreementFactory.create(valid_from=since)
    application = taken(family(1, 1), has_agreement=declared)
    assert outcome(application, "agreement") == found


def test_checks_advise_only():
    application = taken(family(1, 0), is_late=True)
    assert decided(application).amount_cents == 2601_20


def test_doing_them_again_keeps_what_was_found_before():
    application = taken(family(1, 0))
    checks_do(application, at=AT)
    assert CheckResult.objects.filter(application=application, name="register").count() == 2
    assert len(checks_told(application)) == len(CHECKS)
