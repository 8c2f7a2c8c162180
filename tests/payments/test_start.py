"""The start page: what waits for each role, in a fixed number of queries."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from payments.models import ReferenceRate
from payments.runs.services import run_check
from registry.models import Delivery
from tests.factories import (
    PermitFactory,
    PersonDetailsFactory,
    StaffRoleFactory,
    moved,
    resident,
)
from tests.payments.runs import AT, compute, settle

SIGNED_IN = 4  # queries of every page: the session, its user and what they may do


@pytest.fixture
def months(db) -> None:
    """January approved, February a draft: Lahti's mover, somebody without an identity code."""
    mover = resident(lives_in="398")
    resident(lives_in="398", born=date(2020, 6, 1))
    nobody = PersonDetailsFactory.create(identity=None)
    PermitFactory(person=nobody.person, brought_by=nobody.brought_by)
    settle("2025-01")
    moved(mover, to="853", on=date(2024, 12, 20))
    delivery = Delivery.objects.latest("pk")
    Delivery.objects.filter(pk=delivery.pk).update(counts={"vtj_persons.csv": {"refused": 2}})
    compute("2025-02")


def start(user) -> str:
    """The text of the start page for a user."""
    client = Client()
    client.force_login(user)
    client.cookies["django_language"] = "en"
    response = client.get("/")
    assert response.status_code == 200
    text = re.sub(r"<[^>]+>", " ", response.content.decode()).replace("\N{NO-BREAK SPACE}", " ")
    return re.sub(r"\s+", " ", text)


def test_an_officer_sees_the_latest_month_beside_the_one_before(months, anna):
    assert "Sum of 1/2025 1 044,50 € Persons 2 Corrections 0,00 €" in start(anna)
    settle("2025-02")
    page = start(anna)
    assert "Sum of 2/2025 −587,66 €" in page and "Sum of 1/2025 1 044,50 €" in page


def test_an_officer_sees_what_lapses_next(months, bertta, anna):
    settle("2025-02")
    assert "Months of 1 person, 816,08 €, can be applied for until 31.12.2027" in start(bertta)
    assert "can be applied for" not in start(anna)


def test_a_reviewer_sees_the_run_refused_rows_and_persons_without_a_code(months, kalle):
    page = start(kalle)
    assert "The run of 2/2025 is to be checked" in page
    assert "2 rows of the last delivery were refused" in page
    assert "1 person has no identity code and is not paid" in page


def test_a_reviewer_for_whom_nothing_waits_is_told_so(db, kalle):
    assert "Nothing waits for a reviewer." in start(kalle)


def test_an_approver_sees_a_run_that_others_checked(months, kalle, hilkka):
    assert "No run waits for approval." in start(hilkka)
    run = compute("2025-02")
    run_check(run.pk, checker=kalle, at=AT)
    assert "The run of 2/2025 is to be approved" in start(hilkka)
    StaffRoleFactory.create(user=kalle, role="approver")
    assert "The run of 2/2025 waits for another approver." in start(kalle)


def test_a_coordinator_sees_the_run_and_missing_figures(months, tuula):
    lacking = "No reference rate is in force today"
    ReferenceRate.objects.all().delete()
    page = start(tuula)
    assert "The latest run, of 2/2025 draft" in page and lacking in page
    ReferenceRate.objects.create(
        valid_from=date(2020, 1, 1), valid_to=date(2099, 12, 31), source="test",
        reference_rate_percent=4, late_payment_percent=11,
    )  # fmt: skip
    assert lacking not in start(tuula)


def test_the_data_protection_officer_sees_the_state_of_the_log(db, tarja, anna):
    client = Client()
    client.force_login(anna)
    assert client.get("/runs/").status_code == 403
    page = start(tarja)
    assert "Refused tries in 7 days 1" in page
    assert "The log has not been verified yet." in page


def test_whoever_has_no_rights_is_told_who_gives_them(db, django_user_model):
    assert "You have no rights" in start(django_user_model.objects.create_user("nobody"))


@pytest.mark.parametrize(
    ("reader", "queries"), [("anna", 10), ("kalle", 16), ("hilkka", 13), ("tuula", 5), ("tarja", 4)]
)
def test_the_page_costs_a_fixed_number_of_queries(months, request, reader, queries):
    user = request.getfixturevalue(reader)
    client = Client()
    client.force_login(user)
    with CaptureQueriesContext(connection) as asked:
        assert client.get("/").status_code == 200
    assert len(asked) == SIGNED_IN + queries
