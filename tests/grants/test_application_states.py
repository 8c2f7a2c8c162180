"""Applications go from state to state by steps alone, as the table of states says (G)."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from grants.applications.states import STEPS, ApplicationStatus, Deed
from grants.applications.steps import ApplicationRefused, step_take
from grants.models import Application, ApplicationStep
from tests.factories import ApplicationFactory, municipality
from tests.grants.applications import AT, put_in, send


def refused(act) -> bool:
    """Whether the database refuses it, whatever becomes of it undone."""
    try:
        with transaction.atomic():
            act()
            transaction.set_rollback(True)
    except IntegrityError:
        return True
    return False


@pytest.mark.parametrize("status", ApplicationStatus)
def test_the_database_knows_the_same_steps(db, status):
    application = ApplicationFactory.create()
    put_in(status)
    for deed in Deed:
        for to in ApplicationStatus:
            step = ApplicationStep(application=application, deed=deed, status=to)
            assert refused(step.save) == (STEPS.get((deed, status)) != to), (deed, to)


def test_a_state_changes_by_a_step_alone(db):
    application = ApplicationFactory.create()
    unexplained = Application.objects.filter(pk=application.pk)
    assert refused(lambda: unexplained.update(status="withdrawn"))
    step_take(application, Deed.WITHDRAWN, by=application.created_by, at=AT)
    assert application.status == "withdrawn"


def test_a_step_that_leads_nowhere_is_refused_at_commit(db):
    application = ApplicationFactory.create()

    def step_only() -> None:
        ApplicationStep.objects.create(
            application=application, deed="withdrawn", status="withdrawn"
        )
        connection.check_constraints()

    assert refused(step_only)


def test_what_was_sent_stands(db):
    application = Application.objects.filter(pk=send(ApplicationFactory.create()).pk)
    assert refused(lambda: application.update(contact_name="Toinen"))
    assert refused(lambda: application.update(ceiling_eur=1))
    assert refused(lambda: application.update(serial=2))
    assert refused(lambda: application.update(applicant=municipality("853")))
    assert refused(application.delete)


def test_steps_are_only_added_to(db):
    steps = ApplicationFactory.create().steps
    assert refused(lambda: steps.update(note="x"))
    assert refused(lambda: steps.all().delete())


def test_a_step_that_the_state_does_not_have_is_refused_in_a_sentence(db):
    with pytest.raises(ApplicationRefused, match="luonnos"):
        step_take(ApplicationFactory.create(), Deed.DECIDED, by=None, at=AT)


def test_an_applicant_has_one_application_in_a_round_and_urgent_support_several(db):
    """G-02."""
    send(ApplicationFactory.create())
    again = ApplicationFactory.create()
    assert refused(lambda: send(again))
    assert refused(ApplicationFactory.create)
    for _time in range(2):
        ApplicationFactory.create(round__code="K2023")


def test_an_officer_sees_their_organisations_and_staff_what_was_send(
    db, anna, bertta, kalle, tuula
):
    draft = ApplicationFactory.create()
    assert list(Application.objects.visible_to(anna)) == [draft]
    for other in (bertta, kalle, tuula):
        assert not Application.objects.visible_to(other).exists()
    send(draft)
    assert list(Application.objects.visible_to(kalle)) == [draft]
    assert not Application.objects.visible_to(tuula).exists()
