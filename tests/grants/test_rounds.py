"""Rounds: who may apply, until when, what stands once applications rest on it (G-01 … G-08)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from grants.models import BudgetFrame, Round, RoundAmount, RoundGround
from grants.rounds.demo import rounds_open
from grants.rounds.services import RoundRefused, reference_load, round_copy, year_later
from tests.factories import ApplicationFactory, organisation
from tests.grants.applications import send

pytestmark = pytest.mark.django_db
HELSINKI = ZoneInfo("Europe/Helsinki")


def of(code: str) -> Round:
    return Round.objects.get(code=code)


@pytest.mark.parametrize(
    ("kind", "code", "rounds"),
    [
        ("municipality", "398", "K2023 L2018 L2019 L2020 L2021 L2023 L2024 P2023"),
        ("county", "07", "L2024"),  # G-01: the only round with county amounts
        ("county", "90", ""),  # Helsinki applies as a municipality
    ],
)
def test_rounds_are_open_to_the_kinds_that_have_amounts(kind, code, rounds):
    open_rounds = Round.objects.open_to(organisation(kind, code)).order_by("code")
    assert " ".join(r.code for r in open_rounds) == rounds


@pytest.mark.parametrize(
    ("round_code", "code", "kinds"),
    [
        ("L2024", "398", ["municipality"]),
        ("L2024", "091", ["county", "municipality"]),  # G-01: Helsinki gets both
        ("L2024", "478", ["county", "municipality"]),  # G-01: Mariehamn gets both
        ("L2023", "091", ["municipality"]),  # no county amounts in that round
    ],
)
def test_helsinki_and_aland_get_both_amounts_where_both_exist(round_code, code, kinds):
    assert of(round_code).kinds_paid_to(organisation("municipality", code)) == kinds


@pytest.mark.parametrize(
    ("moment", "is_over"),
    [
        ((2023, 5, 15, 23, 59, 59), False),  # G-03
        ((2023, 5, 15, 23, 59, 59, 999_999), False),
        ((2023, 5, 16, 0, 0, 0), True),
    ],
)
def test_the_window_closes_at_the_end_of_its_last_day_in_finland(moment, is_over):
    assert of("L2023").is_over(datetime(*moment, tzinfo=HELSINKI)) == is_over


@given(st.integers(-100_000, 100_000), st.timezones())
def test_wherever_one_is_the_clock_is_finlands(seconds, zone):
    midnight = datetime(2023, 5, 16, tzinfo=HELSINKI)
    at = (midnight + timedelta(seconds=seconds)).astimezone(zone)
    assert of("L2023").is_over(at) == (seconds >= 0)


@pytest.mark.parametrize(
    "extension",
    [
        {"closes_extended_from": date(2024, 4, 15)},
        {"extension_decided_on": date(2024, 4, 15)},
        {"closes_extended_from": date(2024, 4, 30), "extension_decided_on": date(2024, 4, 15)},
    ],
)
def test_an_extension_has_the_former_last_day_and_the_day_of_its_decision(extension):
    with pytest.raises(IntegrityError, match="round_extension_whole"):
        Round.objects.filter(code="L2024").update(**extension)


def test_a_round_may_change_until_an_application_is_sent():
    application = ApplicationFactory.create()
    Round.objects.filter(code="L2024").update(arrivals_from=date(2022, 12, 1))
    send(application)
    for change in (
        lambda: Round.objects.filter(code="L2024").update(arrivals_from=date(2023, 1, 1)),
        lambda: Round.objects.filter(code="L2024").update(closes=date(2024, 4, 29)),
        lambda: RoundAmount.objects.filter(round__code="L2024").update(amount_eur=1),
        lambda: RoundAmount.objects.filter(round__code="L2024").delete(),
        lambda: RoundGround.objects.create(round=application.round, ground_id="93"),
    ):
        with pytest.raises(IntegrityError, match="rest on it"), transaction.atomic():
            change()


def test_a_window_may_be_extended_when_applications_are_sent():
    send(ApplicationFactory.create())
    Round.objects.filter(code="L2024").update(
        closes=date(2024, 5, 15),
        closes_extended_from=date(2024, 4, 30),
        extension_decided_on=date(2024, 4, 20),
    )


def test_next_years_round_is_a_draft_with_the_same_amounts_and_grounds():
    last = of("L2024")
    new = round_copy(last)
    assert (new.code, new.status, new.closes) == ("L2025", "draft", date(2025, 4, 30))
    for model, columns in (
        (RoundAmount, ("applicant_kind", "min_age", "max_age", "amount_eur")),
        (RoundGround, ("ground_id", "note")),
    ):
        rows = [set(model.objects.filter(round=r).values_list(*columns)) for r in (last, new)]
        assert rows[0] == rows[1]
    with pytest.raises(RoundRefused, match="L2025"):
        round_copy(last)


@pytest.mark.parametrize(
    ("day", "later"),
    [
        (date(2018, 2, 28), date(2019, 2, 28)),
        (date(2023, 2, 28), date(2024, 2, 29)),
        (date(2024, 2, 29), date(2025, 2, 28)),
        (date(2024, 2, 28), date(2025, 2, 28)),
        (date(2024, 4, 30), date(2025, 4, 30)),
    ],
)
def test_the_last_day_of_february_stays_the_last(day, later):
    assert year_later(day) == later


@given(st.dates(date(1950, 1, 1), date(2150, 12, 31)))
def test_a_year_later_is_the_same_month_of_the_next_year(day):
    later = year_later(day)
    assert (later.year, later.month) == (day.year + 1, day.month)
    assert later.day == day.day or day.month == 2


def test_the_frame_of_2022_is_known_and_loading_again_changes_nothing():
    assert BudgetFrame.objects.get(programme_year=2022).allotted_eur == Decimal("7350000.00")
    assert of("L2023").frame.allotted_cents == 735_000_000
    assert {loaded.new + loaded.changed for loaded in reference_load().values()} == {0}


def test_loading_again_leaves_what_a_coordinator_has_written():
    Round.objects.filter(code="L2024").update(guidance_fi="Lue ohje.", template_version=2)
    reference_load()
    assert (of("L2024").guidance_fi, of("L2024").template_version) == ("Lue ohje.", 2)


def test_one_asks_for_rounds_with_few_queries(django_assert_num_queries):
    lahti = organisation("municipality", "398")
    with django_assert_num_queries(1):
        list(Round.objects.receiving(date(2024, 3, 1)).open_to(lahti))


def test_the_demo_has_open_rounds_and_making_it_again_changes_nothing():
    today = date(2026, 11, 24)
    opened = rounds_open(today=today)
    assert [r.code for r in opened] == ["L2026", "K2026", "P2026"]
    assert rounds_open(today=today + timedelta(days=1)) == opened
    assert [r.amounts.count() for r in opened] == [4, 2, 0]
    assert all(r.days_left(today) == 43 for r in opened)
