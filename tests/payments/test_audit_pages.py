"""Pages of persons write exactly one event, with the persons of that page (P-10)."""

from __future__ import annotations

import pytest

from config.lib.months import Month
from payments.runs import services
from payments.runs.errors import RunRefused, SamePerson
from payments.runs.exports import LINES, run_export
from registry.models import AuditEvent
from tests.factories import PermitFactory, PersonDetailsFactory, resident
from tests.payments.runs import AT, compute


@pytest.fixture
def paid(db):
    return resident(lives_in="398")


@pytest.fixture
def homeless(db):
    details = PersonDetailsFactory.create()
    PermitFactory(person=details.person)
    return details.person


@pytest.fixture
def run(paid, homeless):
    return compute("2025-01")


@pytest.fixture
def reader(client, kalle):
    client.force_login(kalle)
    client.cookies["django_language"] = "en"
    return client


def new_events(action) -> list[tuple[str, str, list[int], str]]:
    before = set(AuditEvent.objects.values_list("pk", flat=True))
    assert action().status_code in (200, 302)
    rows = AuditEvent.objects.exclude(pk__in=before).order_by("pk")
    return list(rows.values_list("verb", "object_type", "persons", "case_ref"))


def test_a_persons_pages_are_one_event_each(reader, run, paid):
    expected = [("viewed", "registry.person", [paid.pk], "")]
    assert new_events(lambda: reader.get(f"/persons/{paid.pk}/")) == expected
    assert new_events(lambda: reader.get(f"/persons/{paid.pk}/2025-01/")) == expected


@pytest.mark.parametrize(("known", "found"), [(True, True), (False, False)])
def test_a_search_is_one_event_without_what_was_typed(reader, paid, known, found):
    typed = paid.uma_number if known else "010190-9710"
    events = new_events(lambda: reader.post("/persons/", {"uma_number": typed}))
    assert events == [("searched", "registry.person", [paid.pk] if found else [], "")]
    assert AuditEvent.objects.latest("pk").details == {}


def test_lists_are_one_event_with_their_persons(reader, run, paid, homeless):
    case = "run 2025-01"
    for address, about, persons in (
        ("/runs/2025-01/payees/municipality/398/", "payments.proposal", [paid.pk]),
        ("/runs/2025-01/unpaid/no_home_municipality/", "payments.run", [homeless.pk]),
        ("/runs/2025-01/claimable/", "payments.run", []),
    ):
        expected = [("viewed", about, persons, case)]
        assert new_events(lambda page=address: reader.get(page)) == expected


def test_a_download_is_one_event(reader, run):
    events = new_events(lambda: reader.get("/runs/2025-01/proposals.csv"))
    assert events == [("exported", "payments.run", [], "run 2025-01")]


def test_pages_without_persons_are_not_logged(reader, run):
    for address in ("/runs/", "/runs/2025-01/", "/persons/", "/deliveries/"):
        assert new_events(lambda page=address: reader.get(page)) == []


def steps() -> list[tuple[str, str, str | None]]:
    rows = (
        AuditEvent.objects.filter(object_type="payments.run").exclude(verb="created").order_by("pk")
    )
    return list(rows.values_list("verb", "outcome", "actor__username"))


def test_steps_of_a_run_are_logged_and_refused_ones_too(run, kalle, hilkka):
    services.run_check(run.pk, checker=kalle, at=AT)
    with pytest.raises(SamePerson):
        services.run_approve(run.pk, approver=kalle, at=AT)
    services.run_approve(run.pk, approver=hilkka, at=AT)
    assert steps() == [
        ("checked", "done", "kalle"),
        ("approved", "refused", "kalle"),
        ("approved", "done", "hilkka"),
    ]
    assert AuditEvent.objects.get(outcome="refused").details == {"reason": "SamePerson"}


def test_a_computed_run_and_its_export_are_logged(run, tmp_path):
    run_export(Month(2025, 1), LINES, tmp_path / "lines.csv")
    rows = AuditEvent.objects.order_by("pk").values_list("verb", "object_id", "details")
    assert list(rows) == [
        ("created", str(run.pk), {}),
        ("exported", str(run.pk), {"table": "lines"}),
    ]


def test_both_steps_at_once_are_two_events_or_one_refusal(run, kalle, hilkka):
    with pytest.raises(SamePerson):
        services.run_check_and_approve(run.pk, checker=kalle, approver=kalle, at=AT)
    assert steps() == [("approved", "refused", "kalle")]
    services.run_check_and_approve(run.pk, checker=kalle, approver=hilkka, at=AT)
    assert sorted(steps()[1:]) == [("approved", "done", "hilkka"), ("checked", "done", "kalle")]


def test_a_step_with_a_run_computed_again_is_a_refused_try(reader, run):
    reader.post("/runs/2025-01/check/", {"input_hash": "of another day"})
    assert steps() == [("checked", "refused", "kalle")]


def test_a_checked_run_is_not_checked_again(run, kalle, hilkka):
    services.run_check(run.pk, checker=kalle, at=AT)
    with pytest.raises(RunRefused):
        services.run_check(run.pk, checker=hilkka, at=AT)
    assert steps()[-1] == ("checked", "refused", "hilkka")
