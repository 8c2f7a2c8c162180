"""New versions of checks tried on past rounds: what they would have told, and that nothing changes."""

from __future__ import annotations

from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from grants.models import CheckResult, CheckTrial, Round, RowFinding, TrialCase
from grants.review.candidates import CANDIDATES
from grants.review.checks import BY_NAME
from grants.review.words import looked_at_words
from grants.trials import services, tasks
from registry.models import AuditEvent
from tests.factories import AgreementFactory, municipality
from tests.grants.decisions import AT, decided, kirsi, taken, tried
from tests.grants.test_support_pages import page, text

pytestmark = pytest.mark.django_db


def row(number: str = "T1", name: str = "Testinen Testi", **more) -> dict[str, object]:
    return {"uma_number": number, "name": name, **more}


def by_another_number(name: str = "Testi, TESTINEN", **more) -> dict[str, object]:
    """The same person under the UNHCR number, the name written otherwise."""
    return {"uma_number": "", "unhcr_number": "123-45C67890", "name": name, **more}


def turkus(rows, **sent):
    return taken(rows, applicant=municipality("853"), **sent)


def case(application, name: str = "duplicates") -> TrialCase:
    return tried("L2024", name).cases.get(application=application)


def test_candidates_are_newer_versions_of_checks_of_rows():
    for candidate in CANDIDATES:
        assert candidate.version == BY_NAME[candidate.name].version + 1
        assert candidate.flags
        assert BY_NAME[candidate.name].flags


def test_a_person_under_two_identifiers_is_newly_told_and_was_granted():
    """G-04."""
    application = taken([row("T1"), row("T2", "Muu Testi")])
    turkus([by_another_number()])
    decided(application)
    told = case(application)
    assert (told.rows_before, told.rows_now, told.newly, told.newly_granted) == (0, 1, [2], 1)
    assert (told.then.version, told.then.rows) == (1, 0)


def test_a_row_that_was_refused_is_told_as_not_granted():
    application = taken([row("T1"), row("T2", "Muu Testi")])
    turkus([by_another_number()])
    decided(application, refused=[2])
    assert (case(application).newly, case(application).newly_granted) == ([2], 0)


@pytest.mark.parametrize(
    "other",
    [
        by_another_number("Toinen Testi"),
        by_another_number(birth_date=date(1990, 5, 2)),
        by_another_number(nationality="SYR"),
        by_another_number(is_removed=True),
    ],
)
def test_another_name_day_or_country_is_another_person(other):
    application = taken([row()])
    turkus([other, row("T9", "Kolmas Testi")])
    decided(application)
    assert case(application).newly == []


def test_what_came_after_the_decision_would_not_have_been_told():
    application = taken([row()])
    decided(application)
    turkus([by_another_number()], submitted_at=AT + timedelta(days=1))
    assert case(application).newly == []


def test_what_the_current_version_tells_is_told_by_the_new_one_too():
    turkus([row()])
    application = taken([row()])
    decided(application)
    assert (case(application).rows_before, case(application).rows_now) == (1, 1)


def test_the_agreement_of_the_municipality_it_merged_into_counts():
    """G-13, C-33: Nastola has merged into Lahti."""
    AgreementFactory.create(valid_from=date(2020, 1, 1))
    application = taken([row("T1", municipality=municipality("532")), row("T2")])
    decided(application)
    told = case(application, "agreement")
    assert (told.rows_before, told.rows_now) == (1, 0)
    assert (told.no_longer, told.no_longer_granted) == ([2], 1)


@pytest.mark.parametrize("candidate", CANDIDATES, ids=lambda check: check.name)
def test_a_candidate_is_a_check_as_the_others(candidate):
    application = taken([row()])
    turkus([by_another_number()])
    found = candidate.do(application)
    assert (found.is_clean, found.rows) == (False, 1)
    assert looked_at_words(found.looked_at)


def test_a_trial_changes_nothing_of_the_applications():
    application = taken([row()])
    turkus([by_another_number()])
    decided(application)
    before = list(CheckResult.objects.values()), list(RowFinding.objects.values())
    tried("L2024")
    application.refresh_from_db()
    assert (list(CheckResult.objects.values()), list(RowFinding.objects.values())) == before
    assert application.status == "decided"


def test_only_decided_applications_of_the_round_are_tried():
    turkus([row("T1")])
    application = taken([row("T2")])
    decided(application)
    decided(taken([row("T3", moved_in=date(2022, 5, 1))], round_="L2023"))
    assert [one.application for one in tried("L2024").cases.all()] == [application]


def test_a_trial_costs_the_same_for_every_number_of_applications():
    decided(taken([row("T1")]))
    counts = []
    for applicant in ("853", "091"):
        decided(taken([row(f"X{applicant}")], applicant=municipality(applicant)))
        with CaptureQueriesContext(connection) as queries:
            tried("L2024")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_nothing_is_tried_where_nothing_was_decided_or_no_check_is_new():
    taken([row()])
    round_ = Round.objects.get(code="L2024")
    for names in ([], ["in-time"]):
        with pytest.raises(services.TrialRefused):
            services.trials_begin(round_, names=names, by=kirsi(), at=AT)
    assert (
        AuditEvent.objects.filter(object_type="grants.checktrial", outcome="refused").count() == 2
    )


def test_a_trial_of_a_version_that_is_gone_goes_and_one_that_waits_is_swept_up(caplog):
    decided(taken([row()]))
    round_ = Round.objects.get(code="L2024")
    gone = CheckTrial.objects.create(
        round=round_, name="duplicates", version=9, against=1, asked_at=AT
    )
    asked = services.trials_begin(round_, names=[], by=kirsi(), at=AT)
    again = services.trials_begin(round_, names=[], by=kirsi(), at=AT)
    tasks.sweep()
    assert [one.pk for one in asked] == [one.pk for one in again]
    assert not CheckTrial.objects.filter(pk=gone.pk).exists()
    assert not CheckTrial.objects.waiting().exists()


def test_a_case_that_does_not_add_up_is_refused_by_the_database():
    decided(taken([row()]))
    one = tried("L2024").cases.get()
    with pytest.raises(IntegrityError, match="trial_case_adds_up"), transaction.atomic():
        TrialCase.objects.filter(pk=one.pk).update(rows_now=one.rows_now + 1)


def test_the_command_says_what_would_have_been_told():
    application = taken([row()])
    turkus([by_another_number()])
    decided(application)
    out = StringIO()
    call_command("try_checks", "--round", "L2024", "--check", "duplicates", stdout=out)
    assert "1 hakemusta, 1 eroaa; 1 uutta riviä huomautettu, joista 1 myönn" in out.getvalue()


@pytest.mark.parametrize("arguments", [["L1999"], ["L2024"]])
def test_the_command_refuses_in_a_sentence(arguments):
    with pytest.raises(CommandError, match=r"\.$"):
        call_command("try_checks", "--round", *arguments)


def test_reviewers_and_coordinators_try_in_the_page(kalle, tuula):
    application = taken([row()])
    turkus([by_another_number()])
    decided(application)
    round_ = Round.objects.get(code="L2024")
    for user, linked in ((kalle, True), (tuula, False)):
        client = page(user)
        data = {"round": round_.pk, "check": "duplicates"}
        shown = text(client.post(reverse("trial_list"), data, follow=True))
        assert "Nobody is applied for twice, version 2 on round L2024" in shown
        assert application.number in shown
        assert (f"/supports/{application.pk}/?after=1#rows" in shown) == linked
        assert "L2024" in text(client.get(reverse("trial_list")))


def test_the_page_shows_those_that_differ_or_all(kalle):
    application = taken([row()])
    decided(application)
    address = reverse("trial_detail", args=[tried("L2024").pk])
    assert application.number not in text(page(kalle).get(address))
    assert application.number in text(page(kalle).get(address + "?show=all"))


def test_the_page_of_a_trial_asks_for_a_past_round(kalle):
    taken([row()])
    shown = text(page(kalle).post(reverse("trial_list"), {"round": ""}))
    assert "This field is required" in shown
    assert not CheckTrial.objects.exists()
