"""The time line of a person: what is drawn where, and the same in sentences."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import translation

from payments.models import Outcome
from payments.persons.timeline import LEFT, WIDTH, MonthPaid, timeline
from registry.models import Permit, Residence
from registry.people.selectors import PersonFacts
from tests.factories import municipality

TODAY = date(2025, 6, 15)


def permit(first: str, last: str | None = None, number: str = "L1") -> Permit:
    end = date.fromisoformat(last) if last else None
    return Permit(
        permit_number=number, ground_id="87", valid_from=date.fromisoformat(first), valid_to=end
    )


def home(code: str, first: str, last: str | None = None) -> Residence:
    end = date.fromisoformat(last) if last else None
    return Residence(
        municipality=municipality(code), moved_in=date.fromisoformat(first), moved_out=end
    )


def month(text: str, cents: int = 0, outcome: str = Outcome.TIME_USED_UP) -> MonthPaid:
    return MonthPaid(date.fromisoformat(f"{text}-01"), cents, outcome)


def drawn(permits=(), homes=(), months=(), today: date = TODAY):
    facts = PersonFacts(None, None, list(permits), list(homes), is_protected=False)
    with translation.override("en"):
        return timeline(facts, list(months), today=today)


def test_a_person_of_whom_nothing_is_known_has_no_line():
    assert drawn() is None


def test_each_permit_has_a_lane_and_homes_share_one(db):
    line = drawn(
        [permit("2024-01-01", "2024-12-31"), permit("2024-06-01", number="L2")],
        [home("398", "2024-02-01", "2024-05-31"), home("853", "2024-06-01")],
    )
    assert [lane.label for lane in line.lanes] == ["Permits", "", "Home municipality"]
    assert [len(lane.bars) for lane in line.lanes] == [1, 1, 2]


def test_bars_follow_time(db):
    line = drawn(homes=[home("398", "2024-01-01", "2024-06-30"), home("853", "2024-07-01")])
    first, second = line.lanes[0].bars
    assert first.x == LEFT
    assert 0 <= second.x - (first.x + first.width) <= 2
    assert second.x + second.width == WIDTH - 1
    assert abs(first.width / second.width - 182 / 350) < 0.01


@pytest.mark.parametrize(
    ("shown", "kind"),
    [
        (month("2025-01", cents=1), "paid"),
        (month("2025-01", outcome=Outcome.PAID), "due"),
        (month("2025-01"), "unpaid"),
        (month("2025-01", cents=-1, outcome=Outcome.PAID), "due"),
    ],
)
def test_a_month_is_paid_due_or_not(shown, kind):
    assert drawn(months=[shown]).lanes[0].bars[0].kind == kind


def test_kinds_of_months_differ_in_height_too():
    months = [month("2025-01", 1), month("2025-02", outcome=Outcome.PAID), month("2025-03")]
    heights = [bar.height for bar in drawn(months=months).lanes[0].bars]
    assert heights == sorted(set(heights), reverse=True)


def test_the_sentences_say_what_is_drawn(db):
    line = drawn(
        [permit("2024-01-01")],
        [home("398", "2024-02-01")],
        [month("2025-01", 1), month("2025-02", 1), month("2025-03")],
    )
    assert line.sentences == [
        "Permits: 1.",
        "Home municipality Lahti from 1.2.2024 to now.",
        "Months paid: 2 (1/2025–2/2025).",
        "Months not paid: 1 (3/2025–3/2025).",
    ]


@pytest.mark.parametrize("last", [None, "2099-12-31", "9999-12-31"])
def test_a_permit_far_ahead_is_cut_a_year_from_today(last):
    bar = drawn([permit("2024-06-15", last)]).lanes[0].bars[0]
    assert bar.x + bar.width == WIDTH - 1


def test_a_permit_of_another_century_and_one_of_tomorrow_are_drawn():
    line = drawn([permit("1950-01-01"), permit("2025-06-16", "2025-06-16", "L2")])
    for lane in line.lanes:
        assert LEFT <= lane.bars[0].x < WIDTH
        assert lane.bars[0].width >= 2


def test_a_name_is_written_where_there_is_room(db):
    long = drawn(homes=[home("398", "2024-01-01")]).lanes[0].bars[0]
    short = drawn(homes=[home("398", "2024-01-01", "2024-01-02"), home("853", "2024-01-03")])
    assert long.label == "Lahti"
    assert short.lanes[0].bars[0].label == ""
