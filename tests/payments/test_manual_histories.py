"""Random histories with allocations by hand: identity codes come, go and change (P-08, C-39).

Every run is the twin's, which knows the allocations as facts; so per person, month and payee
never more is booked than the law gives.
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from config.lib.months import Month
from payments.cases.errors import CaseRefused
from payments.cases.models import APPLIED_FOR_FROM, ManualCase, ManualMonth, ManualProposal
from payments.cases.services.allocating import case_allocate, case_match
from payments.cases.services.applying import AppliedCase, cases_apply
from payments.cases.services.deciding import (
    authoritys_propose,
    proposal_decide,
    proposal_propose,
)
from registry.models import Organisation, Person
from tests.factories import municipality, organisation
from tests.naive.ledger import Ledger, PayeeMonth
from tests.naive.register import Register
from tests.naive.strategies import histories
from tests.payments.manual import DECIDED
from tests.payments.runs import deliver, fresh_register, reference, settle, texts
from tests.payments.test_claims import officer_of, staff
from tests.payments.test_histories import naive_texts

TOWNS = ["398", "091", "853", "478"]  # on the mainland, Helsinki, Åland
a_tenth = settings(max_examples=settings.default.max_examples // 10)


@pytest.mark.django_db(transaction=True)
@a_tenth
@given(histories(max_persons=4), st.data())
def test_random_histories_with_allocations_are_the_twins(history, data):
    with fresh_register():
        register, ledger = Register(), Ledger()
        for deliveries, month in history:
            deliver(*deliveries)
            for changed in deliveries:
                register = register.apply(changed)
            run = ledger.run(month, register, reference())
            settle(month)
            assert texts(month) == naive_texts(run)
            ledger.book()
            register = allocate_some(month, register, ledger, data)
        last = (Month.of(month) + 1).first_day
        run = ledger.run(last, register, reference())
        settle(last)
        assert texts(last) == naive_texts(run)
        ledger.book()
        assert ledger.check(run, register, reference()) == []


def allocate_some(month: date, register: Register, ledger: Ledger, data) -> Register:
    """Have somebody, or nobody, allocated to a town for some months of the ledger."""
    umas = sorted(uma for uma in register.persons if register.permits_of(uma))
    if not umas or not data.draw(st.booleans()):
        return register
    person = Person.objects.get(uma_number=data.draw(st.sampled_from(umas)))
    proposal = opened(person, month, ledger, data)
    if proposal is None:
        return register
    decided = worked(proposal, data)
    if decided is None:
        return register
    for home in decided.cases.get().residences.select_related("municipality"):
        register = register.allocate(
            person.uma_number, home.municipality.code, home.moved_in, home.moved_out
        )
    for granted in ManualMonth.objects.filter(case__proposal=decided).granted():
        payee = granted.payee
        key = PayeeMonth(granted.benefit_month, person.uma_number, payee.kind, payee.code)
        ledger.grant_by_hand(key, is_reduced=granted.is_reduced)
    return register


def opened(person: Person, month: date, ledger: Ledger, data) -> ManualCase | None:
    """A case of the person: found by a run until 8/2023, applied for by somebody since."""
    if month < APPLIED_FOR_FROM:
        return ManualCase.objects.found_by_runs().filter(person=person, is_authoritys=True).first()
    months = ledger.months_compared(month)
    first, last = sorted(data.draw(st.lists(st.sampled_from(months), min_size=2, max_size=2)))
    applicant = data.draw(st.sampled_from(applicants()))
    row = AppliedCase(first, last, "Todistus.", uma_number=person.uma_number)
    proposal = cases_apply(
        [row], applicant=applicant, by=officer_of(applicant), today=month.replace(day=20)
    )
    return case_match(proposal.cases.get().pk, person, by=staff("reviewer"), reason="Sama.")


def applicants() -> list[Organisation]:
    return [municipality("398"), municipality("853"), organisation("county", "90")]


def worked(case: ManualCase, data) -> ManualProposal | None:
    """Allocate the case, propose and decide; None if the database refuses an overlap."""
    town = municipality(data.draw(st.sampled_from(TOWNS)))
    last = (Month.of(case.last_month) + 1).first_day - timedelta(days=1)
    moved_in = case.first_month - timedelta(days=data.draw(st.sampled_from([0, 15, 700, 1100])))
    try:
        with transaction.atomic():
            return decided(case, town, moved_in, last, case.last_month.replace(day=20))
    except CaseRefused:
        return None


def decided(case, town, moved_in, moved_out, today) -> ManualProposal:
    by, approver = staff("reviewer"), staff("approver")
    case_allocate(
        case.pk, town, moved_in=moved_in, moved_out=moved_out, evidence="Todistus.", by=by
    )
    if case.is_authoritys:
        proposal = authoritys_propose(town, by=by, today=today)
    else:
        proposal = proposal_propose(case.proposal_id, by=by, today=today)
    return proposal_decide(proposal.pk, by=approver, at=DECIDED)
