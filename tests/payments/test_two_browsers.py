"""Checked and approved is what was looked at (C-36): two browsers, and a change in between."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from payments.models import Rate, Run, RunStatus
from payments.runs.services import run_return
from registry.models import User
from tests.factories import StaffRoleFactory, UserFactory
from tests.payments.law import person_rows
from tests.payments.runs import compute, deliver

pytestmark = pytest.mark.django_db

SINCE = "2024-05-10"
HASH = re.compile(r'name="input_hash" value="(\w+)"')


class Browser:
    """Somebody's browser with the run's page open: what it sends is what that page said."""

    def __init__(self, user: User) -> None:
        self.client = Client()
        self.client.force_login(user)
        self.client.cookies["django_language"] = "en"
        self.seen = ""

    def look(self, run: Run) -> None:
        """Open the run's page anew."""
        page = self.client.get(reverse("run_detail", args=[run.month])).content.decode()
        found = HASH.search(page)
        self.seen = found[1] if found else ""

    def press(self, step: str, run: Run) -> str:
        """Press the button of the page that is open; the page that follows."""
        address = reverse(f"run_{step}", args=[run.month])
        return self.client.post(address, {"input_hash": self.seen}, follow=True).content.decode()


@pytest.fixture
def draft() -> Run:
    """The draft of 11/2024, of one person in Lahti."""
    deliver(person_rows("A", moved_in=SINCE))
    return compute("2024-11")


@pytest.fixture
def kalles(kalle: User, draft: Run) -> Browser:
    browser = Browser(kalle)
    browser.look(draft)
    return browser


@pytest.fixture
def hilkkas(hilkka: User, kalles: Browser, draft: Run) -> Browser:
    """Hilkka's, after Kalle has checked what he saw."""
    assert "The run is checked" in kalles.press("check", draft)
    browser = Browser(hilkka)
    browser.look(draft)
    assert browser.seen
    return browser


def status() -> str:
    return Run.objects.get().status


def another_delivery() -> None:
    deliver(person_rows("B", moved_in=SINCE))
    compute("2024-11")


def another_rate() -> None:
    Rate.objects.filter(payee_kind="county", valid_to="2024-12-31").update(annual_eur="999.00")


def test_a_draft_computed_anew_is_not_checked_from_the_old_page(draft, kalles):
    another_delivery()
    assert "computed again after you opened it" in kalles.press("check", draft)
    assert status() == RunStatus.DRAFT


def test_a_draft_whose_rates_changed_is_not_checked(draft, kalles):
    another_rate()
    assert "has changed since it was computed" in kalles.press("check", draft)
    assert status() == RunStatus.DRAFT


def test_a_check_is_void_for_what_was_computed_after_it(draft, hilkkas):
    another_delivery()
    assert "computed again after you opened it" in hilkkas.press("approve", draft)
    assert status() == RunStatus.DRAFT


def test_a_check_is_void_even_when_the_same_is_computed_again(draft, hilkkas):
    compute("2024-11")
    assert "Only a checked run can be approved" in hilkkas.press("approve", draft)
    assert status() == RunStatus.DRAFT


def test_a_check_is_void_once_the_rates_change(draft, hilkkas):
    another_rate()
    assert "has changed since it was computed" in hilkkas.press("approve", draft)
    assert status() == RunStatus.CHECKED


def test_a_run_returned_meanwhile_is_not_approved(draft, hilkkas, kalle):
    run_return(draft.pk, returner=kalle, reason="Not yet.")
    assert "Only a checked run can be approved" in hilkkas.press("approve", draft)
    assert status() == RunStatus.DRAFT


def test_of_two_who_approve_one_does(draft, hilkkas):
    second = UserFactory.create()
    StaffRoleFactory.create(user=second, role="approver")
    other = Browser(second)
    other.look(draft)
    assert "The run is approved" in hilkkas.press("approve", draft)
    assert "Only a checked run can be approved" in other.press("approve", draft)
    assert Run.objects.get().approved_by == User.objects.get(username="hilkka")


def test_pressed_twice_is_checked_once(draft, kalles):
    kalles.press("check", draft)
    at = Run.objects.get().checked_at
    assert "Only a draft can be checked" in kalles.press("check", draft)
    assert Run.objects.get().checked_at == at <= timezone.now()
