"""Rights are dated and revocable, effective at the next request; one organisation at a time."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import RequestFactory
from django.utils import timezone, translation

from config.lib.viewlint import faults
from registry.access.rights import access_of
from registry.audit.requests import page_record
from registry.models import AuditEvent, Membership, Role, StaffRole
from tests.factories import MembershipFactory, StaffRoleFactory, UserFactory, municipality

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.mark.parametrize(
    ("valid_from", "valid_to", "in_force"),
    [
        (TODAY, None, True),
        (TODAY, TODAY, True),  # both days inclusive
        (TODAY + DAY, None, False),
        (TODAY - DAY, TODAY - DAY, False),
    ],
)
def test_a_role_is_in_force_on_its_days(valid_from, valid_to, in_force):
    role = StaffRoleFactory.create(valid_from=valid_from, valid_to=valid_to)
    assert access_of(role.user, today=TODAY).has(Role.REVIEWER) == in_force


def test_a_revoked_role_ends_at_the_next_request(client, kalle):
    client.force_login(kalle)
    assert client.get("/runs/").status_code == 200
    StaffRole.objects.filter(user=kalle).update(revoked_at=datetime.now(UTC))
    assert client.get("/runs/").status_code == 403


def test_whoever_is_deactivated_is_out_at_the_next_request(client, kalle):
    client.force_login(kalle)
    kalle.is_active = False
    kalle.save()
    assert client.get("/runs/").status_code == 302


def test_whoever_has_several_organisations_chooses_one(client, anna):
    MembershipFactory.create(user=anna, organisation=municipality("853"))
    client.force_login(anna)
    assert client.get("/").url == "/organisation/"
    assert (
        client.post("/organisation/", {"organisation": municipality("853").pk}).status_code == 302
    )
    page = client.get("/organisation/")
    assert page.context["user"].access.organisation == municipality("853")


def test_an_organisation_that_is_not_ones_own_cannot_be_chosen(client, anna):
    client.force_login(anna)
    page = client.post("/organisation/", {"organisation": municipality("091").pk})
    assert page.status_code == 200 and page.context["form"].errors
    assert page.context["user"].access.organisation == municipality("398")


def test_an_organisation_chosen_is_lost_with_the_membership(client, anna):
    turku = MembershipFactory.create(user=anna, organisation=municipality("853"))
    client.force_login(anna)
    client.post("/organisation/", {"organisation": turku.organisation_id})
    Membership.objects.filter(pk=turku.pk).update(revoked_at=datetime.now(UTC))
    page = client.get("/organisation/")
    assert page.context["user"].access.organisation == municipality("398")


def test_what_is_done_for_an_organisation_is_logged_so(anna):
    request = RequestFactory().get("/")
    request.user = anna
    page_record(request, about=anna)
    assert AuditEvent.objects.get().acting_for == municipality("398")


@pytest.mark.parametrize(
    ("first", "second", "constraint"),
    [
        ("coordinator", "approver", "staff_role_one_duty"),
        ("data_protection_officer", "coordinator", "staff_role_one_duty"),
        ("reviewer", "reviewer", "staff_role_once_a_day"),
    ],
)
def test_duties_are_in_different_hands(first, second, constraint):
    role = StaffRoleFactory.create(role=first)
    with pytest.raises(IntegrityError, match=constraint):
        StaffRoleFactory.create(user=role.user, role=second)


def test_a_reviewer_may_also_approve_but_not_the_same_case():
    role = StaffRoleFactory.create(role="reviewer")
    StaffRoleFactory.create(user=role.user, role="approver")
    assert access_of(role.user, today=TODAY).roles == {Role.REVIEWER, Role.APPROVER}


def test_nobody_gives_a_right_to_themselves(tuula):
    with pytest.raises(IntegrityError, match="by_another"):
        MembershipFactory.create(user=tuula, granted_by=tuula)


@pytest.mark.parametrize("change", [{"role": "approver"}, {"valid_from": TODAY}, {"user_id": 1}])
def test_a_right_that_was_granted_is_not_rewritten(kalle, change):
    with pytest.raises(IntegrityError, match="never changed or deleted"), transaction.atomic():
        StaffRole.objects.filter(user=kalle).update(**change)
    with pytest.raises(IntegrityError, match="never changed or deleted"):
        StaffRole.objects.filter(user=kalle)._raw_delete("default")


def test_a_revoked_right_does_not_come_back(kalle):
    StaffRole.objects.update(revoked_at=datetime.now(UTC))
    with pytest.raises(IntegrityError, match="never changed or deleted"):
        StaffRole.objects.update(revoked_at=None)


def add_role(client, user, role):
    client.cookies["django_language"] = "en"
    return client.post(
        "/admin/registry/staffrole/add/",
        {"user": user.pk, "role": role, "valid_from": "2026-01-01", "valid_to": ""},
    )


def test_a_coordinator_gives_a_role_to_another(client, tuula):
    client.force_login(tuula)
    user = UserFactory.create()
    assert add_role(client, user, "approver").status_code == 302
    assert StaffRole.objects.get(user=user).granted_by == tuula


def test_a_coordinator_gives_no_role_to_themselves(client, tuula):
    client.force_login(tuula)
    StaffRole.objects.filter(user=tuula).update(valid_to=date(2025, 12, 31))
    assert add_role(client, tuula, "approver").status_code == 403
    assert not StaffRole.objects.filter(user=tuula, role="approver").exists()


def test_a_refused_role_is_told_in_the_form(client, tuula, kalle):
    client.force_login(tuula)
    page = add_role(client, kalle, "coordinator").content.decode()
    assert "are in different hands" in page


def test_the_first_coordinator_gets_the_role_from_a_shell(capsys):
    user = UserFactory.create(username="uusi")
    call_command("grant_role", "uusi", "coordinator")
    assert access_of(user, today=timezone.localdate()).has(Role.COORDINATOR)
    with pytest.raises(CommandError, match="kept apart"):
        call_command("grant_role", "uusi", "approver")
    with pytest.raises(CommandError, match="no user called"):
        call_command("grant_role", "muu", "approver")


@pytest.mark.parametrize(
    ("line", "allowed"),
    [
        ("Run.objects.get(pk=1)", False),
        ("Run.objects.filter(pk=1)", False),
        ("get_object_or_404(Run, pk=1)", False),
        ("Run._default_manager.all()", False),
        ("Run.objects.visible_to(user).filter(pk=1)", True),
        ("visible_or_404(request, Run, pk=1)", True),
    ],
)
def test_views_reach_objects_through_the_door(line, allowed):
    found = list(faults(line, "payments/runs/views.py"))
    assert (not found) == allowed
    assert all("visible_to" in sentence for sentence in found)
