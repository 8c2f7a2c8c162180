"""Steps are logged whether done or refused; a refusal outlives its rollback (P-10)."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from registry.audit.models import Outcome, Purpose, Verb
from registry.audit.services import attempt, audit_record
from registry.deliveries.layout import PERMITS, PERSONS, POPULATION, RESIDENCES
from registry.deliveries.refusals import DeliveryRefused
from registry.models import AuditEvent, Ground, StaffRole, User
from tests.deliveries import bring, person, write
from tests.factories import PASSWORD
from tests.registry.audit import disclose

pytestmark = pytest.mark.django_db


class Refused(ValueError):
    """What the step's service raises."""


def events() -> list[tuple[str, str, str]]:
    return list(AuditEvent.objects.order_by("pk").values_list("verb", "outcome", "object_type"))


def test_a_step_is_committed_with_its_event(kalle):
    with attempt(Refused, verb=Verb.CHECKED, actor=kalle, case_ref="run 2026-11") as event:
        event.details = {"lines": 3}
    stored = AuditEvent.objects.get()
    assert (stored.actor, stored.case_ref, stored.details) == (kalle, "run 2026-11", {"lines": 3})
    assert stored.outcome == Outcome.DONE and stored.at is not None


def refuse(*actors: User, verbs: tuple[Verb, ...]) -> None:
    """Steps inside one another, the innermost refused after it has written."""
    if not verbs:
        User.objects.update(first_name="Changed")
        raise Refused
    with attempt(Refused, verb=verbs[0], actor=actors[0]):
        refuse(*actors[1:], verbs=verbs[1:])


def test_a_refusal_is_logged_after_the_rollback(kalle):
    """P-10."""
    with pytest.raises(Refused):
        refuse(kalle, verbs=(Verb.APPROVED,))
    assert User.objects.get(pk=kalle.pk).first_name == "Kalle"
    assert AuditEvent.objects.get().details == {"reason": "Refused"}
    assert events() == [("approved", "refused", "")]


def test_what_is_no_refusal_is_not_logged(kalle):
    with pytest.raises(ZeroDivisionError), attempt(Refused, verb=Verb.APPROVED, actor=kalle):
        raise ZeroDivisionError
    assert events() == []


def test_of_steps_in_steps_the_refused_one_is_logged_once(kalle, hilkka):
    with pytest.raises(Refused):
        refuse(kalle, hilkka, verbs=(Verb.CHECKED, Verb.APPROVED))
    event = AuditEvent.objects.get()
    assert (event.verb, event.outcome, event.actor) == ("approved", "refused", hilkka)


def test_persons_are_kept_once_and_in_order():
    event = audit_record(verb=Verb.VIEWED, actor=None, about=Ground, persons=[3, 1, 3])
    event.refresh_from_db()
    assert (event.persons, event.object_type, event.object_id) == ([1, 3], "registry.ground", "")


def test_a_disclosure_says_to_whom_what_and_why():
    event = disclose(2, 1)
    event.refresh_from_db()
    assert (event.recipient, event.ground, event.persons) == (
        "Statskontoret",
        "JulkL 29 §",
        [1, 2],
    )


def test_an_import_and_its_refusal_are_logged(tmp_path, kalle):
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(DeliveryRefused):
        bring(empty)
    assert events() == [("imported", "refused", "registry.delivery")]


def test_signing_in_and_out_is_logged(client, kalle):
    client.post("/sign-in/", {"login": "kalle", "password": PASSWORD})
    client.post("/sign-out/")
    assert events() == [
        ("signed_in", "done", "registry.user"),
        ("signed_out", "done", "registry.user"),
    ]
    assert set(AuditEvent.objects.values_list("actor", "purpose")) == {(kalle.pk, Purpose.ACCESS)}


@pytest.mark.parametrize(("typed", "known"), [("kalle", True), ("010190-9710", False)])
def test_a_refused_sign_in_names_the_account_but_not_what_was_typed(client, kalle, typed, known):
    client.post("/sign-in/", {"login": typed, "password": "wrong"})
    event = AuditEvent.objects.get()
    assert (event.outcome, event.actor, event.details) == (Outcome.REFUSED, None, {})
    assert event.object_id == (str(kalle.pk) if known else "")


def test_changes_in_the_admin_site_are_logged(client, tuula):
    client.force_login(tuula)
    address = f"/admin/registry/user/{tuula.pk}/password/"
    new = {"password1": "another-Passw0rd", "password2": "another-Passw0rd"}
    assert client.post(address, new).status_code == 302
    event = AuditEvent.objects.latest("pk")
    assert (event.verb, event.object_type, event.object_id) == (
        "changed", "registry.user", str(tuula.pk),
    )  # fmt: skip
    assert event.actor == tuula and event.purpose == Purpose.ADMINISTRATION


def test_a_bulk_revocation_in_the_admin_site_is_logged_row_by_row(client, tuula, kalle, hilkka):
    client.force_login(tuula)
    roles = StaffRole.objects.filter(user__in=[kalle, hilkka])
    ids = list(roles.values_list("pk", flat=True))
    client.post("/admin/registry/staffrole/", {"action": "revoke", "_selected_action": ids})
    changed = AuditEvent.objects.filter(verb=Verb.CHANGED, object_type="registry.staffrole")
    assert set(changed.values_list("object_id", flat=True)) == set(map(str, ids))
    assert not roles.filter(revoked_at=None).exists()


def test_an_import_is_logged_with_its_delivery(tmp_path):
    files: dict[str, Iterable[str]] = {
        PERSONS: [person("U1")],
        PERMITS: [],
        POPULATION: [],
        RESIDENCES: [],
    }
    delivery = bring(write(tmp_path / "delivery", files))
    event = AuditEvent.objects.get()
    assert (event.verb, event.outcome, event.object_id) == ("imported", "done", str(delivery.pk))
