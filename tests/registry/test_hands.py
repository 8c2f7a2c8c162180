"""Two people, and neither has touched what is approved: in the database (P-01)."""

from __future__ import annotations

from itertools import permutations

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from registry.access.hands import objection
from registry.models import Delivery, Hand
from tests.factories import DeliveryFactory, MembershipFactory, UserFactory, municipality

pytestmark = pytest.mark.django_db
TOUCHES = ["imported", "prepared", "corrected", "proposed"]


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def case() -> Delivery:
    return DeliveryFactory.create()


def take(case, user, part, concerns=None):
    return Hand.objects.create(
        object_type=case._meta.label_lower, object_id=case.pk, user=user, part=part,
        concerns=concerns,
    )  # fmt: skip


def refused(sentence="has had a part"):
    return pytest.raises(IntegrityError, match=sentence)


@pytest.mark.parametrize("part", ["checked", "approved"])
@pytest.mark.parametrize("touch", TOUCHES)
def test_whoever_touched_it_neither_checks_nor_approves(case, kalle, touch, part):
    take(case, kalle, touch)
    assert "Another person must do this" in str(objection(case, kalle, part))
    with refused():
        take(case, kalle, part)


@pytest.mark.parametrize(("first", "second"), list(permutations(["checked", "approved"])))
def test_the_checker_and_the_approver_are_two(case, kalle, hilkka, first, second):
    take(case, kalle, first)
    with refused(), transaction.atomic():
        take(case, kalle, second)
    assert objection(case, hilkka, second) is None
    take(case, hilkka, second)


def test_a_part_in_another_case_bars_nobody(case, kalle):
    take(DeliveryFactory.create(), kalle, "prepared")
    assert objection(case, kalle, "checked") is None
    take(case, kalle, "checked")


@pytest.mark.parametrize("part", ["proposed", "checked", "approved"])
@pytest.mark.parametrize("concerns", ["398", None])
def test_nobody_handles_a_case_of_their_own_organisation(case, anna, part, concerns):
    organisation = municipality(concerns) if concerns else None
    assert "You belong to" in str(objection(case, anna, part, concerns=organisation))
    with refused("organisation they belong to"):
        take(case, anna, part, concerns=organisation)


def test_a_case_of_another_organisation_may_be_handled(case, anna):
    turku = municipality("853")
    assert objection(case, anna, "checked", concerns=turku) is None
    take(case, anna, "checked", concerns=turku)


def test_a_membership_that_has_ended_bars_nobody(case):
    former = MembershipFactory.create(valid_to="2024-12-31").user
    assert objection(case, former, "checked") is None
    take(case, former, "checked")


def test_hands_are_only_added_to(case, kalle):
    take(case, kalle, "prepared")
    for change in (lambda: Hand.objects.update(part="imported"), Hand.objects.all().delete):
        with refused("never changed or deleted"), transaction.atomic():
            change()


@given(
    taken=st.lists(st.tuples(st.integers(0, 2), st.sampled_from([*TOUCHES, "checked", "approved"])))
)
def test_in_any_order_who_approves_has_no_other_part_before(taken):
    """Whatever is tried, whoever was let check or approve had no other part until then."""
    with transaction.atomic():
        users, case = UserFactory.create_batch(3), DeliveryFactory.create()
        parts: dict[int, set[str]] = {0: set(), 1: set(), 2: set()}
        for who, part in taken:
            if part in parts[who]:
                continue
            clean = part in TOUCHES or not parts[who]
            assert (objection(case, users[who], part) is None) == clean
            if clean:
                take(case, users[who], part)
                parts[who].add(part)
        transaction.set_rollback(True)
