"""Anomalies of a run: found beyond their limits, accepted with a reason, or the run waits."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import translation

from payments.checks.services import anomalies_accept
from payments.checks.words import sentence
from payments.models import Check, CheckLimit, Run, RunAnomaly, RunStatus
from payments.runs.errors import AnomaliesWait, RunRefused, SamePerson
from payments.runs.services import run_approve, run_check
from registry.audit.models import AuditEvent
from registry.models import Delivery, User
from tests.payments.law import home, permit, person_rows
from tests.payments.runs import AT, compute, deliver, settle

pytestmark = pytest.mark.django_db

SINCE = "2024-03-10"


@pytest.fixture(autouse=True)
def english():
    """Sentences as they stand in the code."""
    with translation.override("en"):
        yield


@pytest.fixture
def no_least(db):
    """Let the smallest numbers count."""
    CheckLimit.objects.update(least=0)


def child(uma: str = "A", **facts):
    """Rows of a child of 15 in Lahti since 3/2024: 162,92 and 28,75 a month."""
    facts = {"born": "2009-05-01", "moved_in": SINCE, "permits": [permit("87", SINCE)]} | facts
    return person_rows(uma, **facts)


def told(run: Run, kind: Check) -> list[str]:
    """The run's anomalies of a kind in words."""
    rows = RunAnomaly.objects.filter(run=run, kind=kind).order_by("payee__code")
    return [sentence(row).replace("\N{NO-BREAK SPACE}", " ") for row in rows]


@pytest.fixture
def bare(no_least) -> Run:
    """A draft of 11/2024 whose two payees have no bank details."""
    deliver(child())
    return compute("2024-11")


def test_payees_without_bank_details(bare):
    assert told(bare, Check.NO_BANK_DETAILS) == [
        "2 payees have no bank details: 191,67 € would be held."
    ]


def test_payees_that_change_much(no_least):
    deliver(child(), child("B"))
    settle("2024-11")
    deliver(child(homes=[home("398", SINCE, "2024-11-30"), home("016", "2024-12-01")]))
    run = compute("2024-12")
    assert told(run, Check.PAYEE_TOTAL) == [
        "Asikkala: 162,92 €, last month 0,00 €, a change of 100 % (limit 25 %).",
        "Lahti: 162,92 €, last month 325,84 €, a change of 50 % (limit 25 %).",
    ]
    assert told(run, Check.PAYEE_PERSONS) == [
        "Asikkala: 1 persons, last month 0, a change of 100 % (limit 25 %).",
        "Lahti: 1 persons, last month 2, a change of 50 % (limit 25 %).",
    ]


def test_a_payee_that_gets_nothing_any_more(no_least):
    deliver(child(), child("B", homes=[home("016", SINCE)]))
    settle("2024-11")
    deliver(child(died="2024-11-20"))
    assert told(compute("2024-12"), Check.PAYEE_TOTAL)[-1].startswith("Lahti: 0,00 €")


def test_many_corrections(no_least):
    deliver(child(), child("B"))
    settle("2024-11")
    deliver(child(died="2024-10-20"))
    assert told(compute("2024-12"), Check.CORRECTIONS) == [
        "Corrections up and down come to 191,67 €, beside 191,67 € for this month: 100 % (limit 10 %)."
    ]


def test_an_old_delivery(db):
    deliver(child())
    Delivery.objects.update(received_at=AT - timedelta(days=40))
    assert told(compute("2024-11"), Check.DELIVERY_AGE) == [
        "The registry delivery was 40 days old when the run was computed (limit 35)."
    ]


def test_refused_rows_of_the_deliveries_that_are_new(no_least):
    deliver(child())
    Delivery.objects.update(counts={"uma_persons.csv": {"rows": 50, "refused": 2}})
    assert told(settle("2024-11"), Check.REFUSED_ROWS) == [
        "2 of the 50 rows delivered were refused, 4 % (limit 1 %)."
    ]
    assert told(compute("2024-12"), Check.REFUSED_ROWS) == []


def test_persons_without_an_identity_code(no_least):
    deliver(child(), child("B", code="", homes=[]))
    assert told(compute("2024-11"), Check.NO_IDENTITY_CODE) == [
        "1 of 2 persons have no identity code, 50 % (limit 5 %)."
    ]


def test_small_numbers_are_no_anomaly(db):
    deliver(child())
    assert not compute("2024-11").anomalies.exists()


@pytest.mark.parametrize("change", [{"limit": 2}, {"least": 191_68}, {"valid_to": "2024-10-31"}])
def test_the_limits_are_data(no_least, change):
    CheckLimit.objects.filter(kind=Check.NO_BANK_DETAILS).update(**change)
    deliver(child())
    assert not compute("2024-11").anomalies.exists()


def accept(run: Run, by: User, reason: str = "Looked at.") -> Run:
    ids = run.anomalies.waiting().values_list("pk", flat=True)
    return anomalies_accept(run.pk, anomalies=list(ids), acceptor=by, reason=reason, at=AT)


def test_a_run_waits_until_its_anomalies_are_accepted(bare, kalle, hilkka):
    run_check(bare.pk, checker=kalle, at=AT)
    with pytest.raises(AnomaliesWait, match=r"^An anomaly waits .* 2 payees have no bank details"):
        run_approve(bare.pk, approver=hilkka, at=AT)
    accept(bare, hilkka)
    assert run_approve(bare.pk, approver=hilkka, at=AT).status == RunStatus.APPROVED


def test_the_database_lets_no_run_pass_that_waits(bare, kalle, hilkka):
    run_check(bare.pk, checker=kalle, at=AT)
    with pytest.raises(IntegrityError, match="waits until its anomalies are accepted"):
        Run.objects.update(status=RunStatus.APPROVED, approved_by=hilkka, approved_at=AT)


def test_who_accepts_and_why_is_kept_and_logged(bare, kalle):
    accept(bare, kalle, " Known to all. ")
    row = RunAnomaly.objects.get()
    assert (row.accepted_by, row.accepted_at, row.reason) == (kalle, AT, "Known to all.")
    details = AuditEvent.objects.latest("pk").details
    assert details == {"deed": "anomalies_accepted", "kinds": ["no_bank_details"]}


@pytest.mark.parametrize("reason", ["", " \n"])
def test_no_reason_no_acceptance(bare, kalle, reason):
    with pytest.raises(RunRefused, match="Say why"):
        accept(bare, kalle, reason)


def test_whoever_prepared_the_run_does_not_accept(no_least, kalle):
    deliver(child())
    run = compute("2024-11", by=kalle)
    with pytest.raises(SamePerson, match="you prepared it yourself"):
        accept(run, kalle)
    with pytest.raises(IntegrityError, match="does not accept its anomalies"):
        RunAnomaly.objects.update(accepted_by=kalle, accepted_at=AT, reason="Mine.")


def test_an_acceptance_belongs_to_its_draft(bare, kalle):
    accept(bare, kalle)
    again = compute("2024-11")
    assert RunAnomaly.objects.get().run == again
    assert again.anomalies.waiting().exists()


def test_anomalies_of_another_draft_are_refused(bare, kalle):
    old = list(bare.anomalies.values_list("pk", flat=True))
    again = compute("2024-11")
    with pytest.raises(RunRefused, match="anomalies that still wait"):
        anomalies_accept(again.pk, anomalies=old, acceptor=kalle, reason="Old.", at=AT)


@pytest.mark.parametrize("change", [{"reason": "Another."}, {"measured": Decimal(0)}])
def test_an_acceptance_is_never_changed(bare, kalle, change):
    accept(bare, kalle)
    with pytest.raises(IntegrityError, match="accepted once and never changed"):
        RunAnomaly.objects.update(**change)


def test_an_anomaly_goes_only_with_its_draft(bare):
    with pytest.raises(IntegrityError, match="goes only with its draft"), transaction.atomic():
        RunAnomaly.objects.all().delete()


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ([], "accepted from the command line by kalle"),
        (["--accept-anomalies", "Known to all."], "Known to all."),
    ],
)
def test_from_the_shell_the_checker_accepts(bare, kalle, hilkka, capsys, given, reason):
    call_command("approve_run", "2024-11", *given, checker="kalle", approver="hilkka")
    assert RunAnomaly.objects.get().accepted_by == kalle
    out = capsys.readouterr().out.splitlines()
    assert out[0].startswith("Accepted by kalle: 2 payees") and out[0].endswith(reason)


@pytest.fixture
def reviewer(client: Client, kalle: User) -> Client:
    client.force_login(kalle)
    client.cookies["django_language"] = "en"
    return client


def test_anomalies_are_accepted_on_their_page(bare, reviewer):
    address = reverse("run_anomalies", args=[bare.month])
    assert "1 anomaly of 1 waits" in reviewer.get("/runs/2024-11/").content.decode()
    posted = {"anomalies": bare.anomalies.get().pk, "reason": "Known to all."}
    page = reviewer.post(address, posted, follow=True).content.decode()
    assert "Known to all." in page and "Accept with this reason" not in page
    assert "1 anomaly was accepted" in reviewer.get("/runs/2024-11/").content.decode()


@pytest.mark.parametrize("posted", [{"reason": "Why?"}, {"anomalies": 0, "reason": "Why?"}, {}])
def test_nothing_chosen_is_nothing_accepted(bare, reviewer, posted):
    page = reviewer.post(reverse("run_anomalies", args=[bare.month]), posted)
    assert "There is a problem" in page.content.decode()
    assert bare.anomalies.waiting().exists()


def test_the_approver_is_told_what_the_run_waits_for(bare, client, kalle, hilkka):
    run_check(bare.pk, checker=kalle, at=AT)
    client.force_login(hilkka)
    client.cookies["django_language"] = "en"
    page = client.get("/runs/2024-11/").content.decode()
    assert "Anomalies wait for somebody" in page and "Approve the run" not in page
