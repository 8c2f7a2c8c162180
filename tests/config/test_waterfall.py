"""Waterfalls: each bar lies where the last one ended; the words say the same."""

from __future__ import annotations

import pytest

from config.lib.waterfall import LEFT, RIGHT, WIDTH, Waterfall, waterfall


def drawn(start: int, *values: int) -> Waterfall:
    steps = [(f"step {place}", value) for place, value in enumerate(values, 1)]
    return waterfall(
        name="w", title="Sums", start=("before", start), steps=steps, end="after", write=str
    )


def test_a_step_begins_where_the_one_before_it_ended():
    total, up, down, end = drawn(1000, 500, -200).bars
    assert up.x == pytest.approx(total.x + total.width)
    assert up.x + up.width == pytest.approx(down.x + down.width)
    assert end.x + end.width == pytest.approx(down.x)


def test_totals_and_directions_are_told_apart():
    assert [bar.kind for bar in drawn(1000, 500, -200).bars] == ["total", "up", "down", "total"]


@pytest.mark.parametrize("values", [(1000, 500), (1_000_000, 3, -7), (0, 9), (5, -9), (0,), (7,)])
def test_every_bar_is_seen_and_within_the_drawing(values):
    for bar in drawn(*values).bars:
        assert bar.width > 0
        assert bar.x >= LEFT and bar.x + bar.width <= WIDTH - RIGHT + 2


def test_the_chart_is_told_in_words():
    assert drawn(1000, 500).description == "before 1000 → after 1500: step 1 +500."
