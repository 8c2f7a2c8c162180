"""Bar charts: bars stand on a common zero, lines at round values, the words say the extremes."""

from __future__ import annotations

import pytest

from config.lib.charts import BOTTOM, HEIGHT, TOP, BarChart, bar_chart


def chart(*values: int) -> BarChart:
    labelled = [(f"{place}/2025", value) for place, value in enumerate(values, 1)]
    return bar_chart(labelled, name="c", title="Sums", write=str)


def test_bars_stand_on_zero_and_are_as_high_as_their_values():
    small, large = chart(500, 1000).bars
    assert large.height == 2 * small.height
    assert small.y + small.height == large.y + large.height == HEIGHT - BOTTOM


def test_bars_below_zero_hang_from_it():
    above, below = chart(1000, -500).bars
    assert below.y == above.y + above.height


@pytest.mark.parametrize(
    ("values", "lines"),
    [
        ((1000,), ["0", "500", "1000"]),
        ((1200, -300), ["-500", "0", "500", "1000", "1500"]),
        ((7,), ["0", "2", "4", "6", "8"]),
        ((0, 0), ["0"]),
        ((-40,), ["-40", "-30", "-20", "-10", "0"]),
    ],
)
def test_lines_stand_at_round_values(values, lines):
    drawn = chart(*values)
    assert [line.shown for line in drawn.lines] == lines
    assert all(TOP <= line.y <= HEIGHT - BOTTOM for line in drawn.lines)


def test_the_last_of_many_bars_is_labelled():
    labelled = [bar.label for bar in chart(*range(24)).bars if bar.labelled]
    assert labelled[-1] == "24/2025" and len(labelled) == 8


def test_the_words_say_ends_and_extremes():
    words = chart(500, 1000, 200).description
    assert "1/2025" in words and "1000 (2/2025)" in words and "200 (3/2025)" in words


def test_there_is_no_empty_chart():
    with pytest.raises(ValueError, match="needs values"):
        chart()
