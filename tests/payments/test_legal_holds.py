"""Holds by hand: placed on a number with a reason, lifted once, and kept (P-14)."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from payments.models import LegalHold, ManualProposal
from payments.retention.matters import matters_ended
from payments.retention.services import HoldRefused, hold_lift, hold_place
from registry.models import AuditEvent
from tests.factories import municipality
from tests.grants.decisions import decided, family, taken

pytestmark = pytest.mark.django_db
TODAY, LATER = date(2026, 1, 2), date(2040, 1, 1)


@pytest.fixture
def refused():
    """An application whose time ends on 6.5.2029."""
    return decided(taken(family(1, 0)), refused=[2]).application


def place(matter, tarja, **given) -> LegalHold:
    return hold_place(matter, **{"reason": "VTV 12/2026", "by": tarja, "today": TODAY} | given)


def test_a_hold_keeps_a_matter_until_it_is_lifted(refused, tarja):
    hold = place(refused, tarja)
    assert [one.holds for one in matters_ended(LATER)] == [("legal",)]
    hold_lift(hold.pk, by=tarja, today=TODAY)
    assert [one.holds for one in matters_ended(LATER)] == [()]
    assert place(refused, tarja).pk != hold.pk
    verbs = AuditEvent.objects.filter(actor=tarja, outcome="done").values_list("verb", flat=True)
    assert sorted(verbs) == ["changed", "created", "created"]


def test_a_matter_is_held_once_and_with_a_reason(refused, tarja):
    with pytest.raises(HoldRefused):
        place(refused, tarja, reason=" ")
    hold = place(refused, tarja)
    with pytest.raises(HoldRefused):
        place(refused, tarja)
    hold_lift(hold.pk, by=tarja, today=TODAY)
    with pytest.raises(HoldRefused):
        hold_lift(hold.pk, by=tarja, today=TODAY)


def test_a_hold_is_kept_as_it_was_placed(refused, tarja):
    holds = LegalHold.objects.filter(pk=place(refused, tarja).pk)
    for act in (lambda: holds.update(reason="Muu."), holds.delete):
        with pytest.raises(IntegrityError, match="only be lifted"), transaction.atomic():
            act()
    hold_lift(holds.get().pk, by=tarja, today=TODAY)
    with pytest.raises(IntegrityError, match="only be lifted"), transaction.atomic():
        holds.update(lifted_on=None, lifted_by=None)


@pytest.mark.parametrize("written", ["{number}", "{short}"])
def test_the_officer_holds_an_application_by_its_number(client, refused, tarja, written):
    client.force_login(tarja)
    number = written.format(number=refused.number, short=refused.number.removeprefix("HAK/"))
    data = {"kind": "application", "number": number, "reason": "VTV 12/2026"}
    page = client.post(reverse("hold_place"), data, follow=True).content.decode()
    assert refused.number in page
    assert "VTV 12/2026" in page
    client.post(reverse("hold_lift", args=[LegalHold.objects.get().pk]))
    assert not LegalHold.objects.in_force().exists()


def test_the_officer_holds_manual_cases_by_their_number(client, tarja, anna):
    proposal = ManualProposal.objects.create(
        payee=municipality("398"), status="open", applied_by=anna, applied_on=TODAY
    )
    client.force_login(tarja)
    data = {"kind": "manual", "number": f"#{proposal.pk}", "reason": "VTV 12/2026"}
    client.post(reverse("hold_place"), data)
    assert LegalHold.objects.get().manual == proposal


@pytest.mark.parametrize(
    ("kind", "number"),
    [
        ("application", "HAK/99999/2024"),
        ("application", "7"),
        ("manual", "99/2024"),
        ("manual", "x"),
    ],
)
def test_a_number_of_nothing_is_told(client, tarja, kind, number):
    client.force_login(tarja)
    data = {"kind": kind, "number": number, "reason": "VTV"}
    assert client.post(reverse("hold_place"), data).context["hold"].errors["number"]
    assert not LegalHold.objects.exists()
