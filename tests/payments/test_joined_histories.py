"""Random histories in which numbers turn out to be one person's, or two persons' after all.

Identity codes come, go and change, months are allocated by hand under either number; every run is
the twin's, so per person, month and payee never more is booked than the law gives.
"""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.lib.months import Month
from registry.models import PersonLink
from tests.naive.ledger import Ledger
from tests.naive.register import Register
from tests.naive.strategies import histories
from tests.payments.joined import link_made, part
from tests.payments.runs import deliver, fresh_register, reference, settle, texts
from tests.payments.test_histories import naive_texts
from tests.payments.test_manual_histories import allocate_some

a_tenth = settings(max_examples=settings.default.max_examples // 10)


@pytest.mark.django_db(transaction=True)
@a_tenth
@given(histories(max_persons=4), st.data())
def test_random_histories_with_joined_numbers_are_the_twins(history, data):
    with fresh_register():
        register, ledger = Register(), Ledger()
        after = (Month.of(history[-1][1]) + 1).first_day
        for deliveries, month in [*history, ([], after)]:
            deliver(*deliveries)
            for changed in deliveries:
                register = register.apply(changed)
            register = join_or_part(register, data)
            run = ledger.run(month, register, reference())
            settle(month)
            assert texts(month) == naive_texts(run)
            ledger.book()
            assert ledger.check(run, register, reference()) == []
            if month != after:
                register = allocate_some(month, register, ledger, data)


def join_or_part(register: Register, data) -> Register:
    """Have a number joined to another, or one that is joined parted, or neither."""
    wish = data.draw(st.sampled_from(["join", "join", "part", "nothing"]))
    if wish == "part" and register.joined:
        number = data.draw(st.sampled_from(sorted(register.joined)))
        part(PersonLink.objects.standing().get(number__uma_number=number))
        return register.part(number)
    free = sorted(register.persons.keys() - register.joined.keys())
    may_be_joined = [uma for uma in free if uma not in register.joined.values()]
    if wish != "join" or len(free) < 2 or not may_be_joined:
        return register
    number = data.draw(st.sampled_from(may_be_joined))
    person = data.draw(st.sampled_from([uma for uma in free if uma != number]))
    link_made(number, person)
    return register.join(number, person)
