"""Whom a run looks at again (C-29): everyone whose earlier months a delivery may have changed.

A missed person would never be corrected, so each way in which a fact reaches another person has
its row here; the random histories look for ways nobody thought of.
"""

import pytest

from payments.models import RunHistory
from tests.naive.register import Delivery
from tests.payments.law import agreement_row, code_of, family_of, home, permit, person_rows
from tests.payments.runs import approve, compute, deliver, settle

pytestmark = pytest.mark.django_db

SINCE = "2024-05-10"


def person(uma: str, **facts) -> Delivery:
    """Rows of a person at home since 5/2024."""
    return person_rows(uma, **{"moved_in": SINCE} | facts)


def only(rows: Delivery, *files: str) -> Delivery:
    """The rows of some files alone."""
    return {name: rows[name] for name in files}


# P the principal, F their family, C a child of F born here, M with a home in a merged town.
FAMILY = person("F", permits=[family_of("P", SINCE)])
CHILD = person("C", permits=[permit("45", SINCE)], born_in_finland=True, parents="F")
MERGED = person("M", homes=[home("588", SINCE)])
TWICE = person(
    "T",
    homes=[home("091", SINCE, "2024-06-30"), home("091", "2024-07-01")],
    permits=[permit("87", SINCE), permit("46", SINCE)],
)
EVERYONE = [person("P"), FAMILY, CHILD, MERGED, TWICE, person("X")]
PERSONS, PERMITS = "uma_persons.csv", "uma_permits.csv"
POPULATION, RESIDENCES = "vtj_persons.csv", "vtj_residences.csv"


def looked_at_again(*changes: Delivery) -> str:
    """UMA numbers of those whose earlier months the run after the changes assesses."""
    deliver(*EVERYONE)
    settle("2024-11")
    deliver(*changes)
    run = compute("2024-12")
    found = RunHistory.objects.filter(run=run).values_list("person__uma_number", flat=True)
    return " ".join(sorted(found))


@pytest.mark.parametrize(
    ("change", "expected", "why"),
    [
        (only(person("X", permits=[permit("46", SINCE)]), PERMITS), "X", "a permit"),
        (only(person("X", homes=[home("091", SINCE)]), RESIDENCES), "X", "a home municipality"),
        (only(person("X", died="2024-11-20"), POPULATION), "X", "a death"),
        (only(person("X", parents="P"), PERSONS), "X", "what UMA says of the person"),
        (only(person("X", code=""), PERSONS), "X", "an identity code lost"),
        (only(person("X", code=code_of("Y")), PERSONS), "X", "an identity code changed"),
        (only(person("X"), *person("X")), "", "the same again, nothing has changed"),
        (
            only(person("P", permits=[permit("46", SINCE)]), PERMITS),
            "C F P",
            "C-14, C-20: a permit of the principal of a child's parent",
        ),
        (only(person("P", homes=[home("091", SINCE)]), RESIDENCES), "C F P", "more than need be"),
        (
            only(person("F", permits=[permit("46", SINCE)]), PERMITS),
            "C F",
            "C-20: a permit of the parent",
        ),
        (
            only(person("F", homes=[home("398", "2024-01-01")]), RESIDENCES),
            "C F",
            "C-20: the parent's clock",
        ),
        (only(person("F", code=code_of("Y")), PERSONS), "C F", "C-20: the parent's code"),
        (only(person("C", permits=[permit("87", SINCE)]), PERMITS), "C", "the child's own"),
        (
            only(person("C", born_in_finland=True, parents="P"), PERSONS),
            "C",
            "C-20: other parents",
        ),
        (only(person("C"), PERSONS), "C", "C-20: not born in Finland after all"),
        (person("Z", permits=[permit("90", SINCE)]), "Z", "somebody new"),
        (
            only(person("T", permits=[permit("87", SINCE)]), PERMITS),
            "T",
            "a permit that is dropped, nothing brought",
        ),
        (
            only(person("T", homes=[home("091", SINCE, "2024-06-30")]), RESIDENCES),
            "T",
            "a home municipality that is dropped, nothing brought",
        ),
    ],
)
def test_who_is_looked_at_again(change, expected, why):
    assert looked_at_again(change) == expected, why


def test_a_code_that_moves_to_another_person_touches_both():
    """C-01: its facts of the population register are another person's now."""
    moved = only(person("X", code=""), PERSONS), only(person("P", code=code_of("X")), PERSONS)
    assert looked_at_again(*moved) == "C F P X"


def test_a_code_that_moves_within_one_delivery_touches_both():
    x, m = person("X", code=""), person("M", code=code_of("X"))
    assert looked_at_again({PERSONS: x[PERSONS] + m[PERSONS]}) == "M X"


def test_facts_of_a_code_that_nobody_has_touch_nobody():
    rows = person("Y", homes=[home("091", SINCE)], died="2024-11-20")
    assert looked_at_again(only(rows, POPULATION, RESIDENCES)) == ""


def test_a_code_with_facts_that_waited():
    """C-01: facts kept aside count from the delivery that gives somebody the code."""
    waiting = only(person("Y"), POPULATION, RESIDENCES)
    assert looked_at_again(waiting, only(person("X", code=code_of("Y")), PERSONS)) == "X"


@pytest.mark.parametrize(
    ("town", "expected", "why"),
    [
        ("398", "C F P X", "C-27: everyone who lives there"),
        ("588", "M", "C-27: everyone who lived there"),
        ("507", "M", "C-21, C-27: and in a town that merged into it"),
        ("091", "T", "C-27: T lives there"),
        ("853", "", "C-27: nobody lives there"),
    ],
)
def test_an_agreement(town, expected, why):
    change = {"agreements.csv": [agreement_row(town, "2011-09-01", "2024-06-30")]}
    assert looked_at_again(change) == expected, why


def test_somebody_who_once_lived_in_the_town_of_an_agreement():
    """C-27: the residence of an earlier month is enough."""
    moved = person("Y", homes=[home("853", SINCE, "2024-06-30"), home("398", "2024-07-01")])
    deliver(moved)
    change = {"agreements.csv": [agreement_row("853", "2011-09-01", "2024-06-30")]}
    assert looked_at_again(change) == "Y"


@pytest.mark.parametrize("role", ["principal", "parent"])
def test_a_principal_or_parent_who_appears_later(role):
    """C-14, C-20: their number was known before they were."""
    if role == "principal":
        waiting = person("W", permits=[family_of("LATE", SINCE)])
    else:
        waiting = person("W", permits=[permit("45", SINCE)], born_in_finland=True, parents="LATE")
    deliver(waiting)
    assert settle("2024-11").lines.count() == 0
    deliver(person("LATE"))
    run = settle("2024-12")
    assert RunHistory.objects.filter(run=run, person__uma_number="W").exists()
    assert run.lines.filter(person__uma_number="W").exists()


def test_facts_that_arrive_while_a_run_is_checked_wait_for_the_next():
    """C-29: since the previous approved run, by what that run knew, not by when it was approved."""
    deliver(*EVERYONE)
    settle("2024-11")
    draft = compute("2024-12")
    deliver(only(person("X", died="2024-10-20"), POPULATION))
    assert not approve(draft).history.exists()
    run = compute("2025-01")
    assert [row.person.uma_number for row in run.history.all()] == ["X"]
