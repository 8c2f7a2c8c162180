"""Bar charts drawn on the server: where each bar stands, in the units of the drawing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

WIDTH, HEIGHT = 640, 220
LEFT, RIGHT, TOP, BOTTOM = 108, 16, 12, 26  # room for the amounts and the labels
LABELS = 8  # as many labels as stand beside one another


@dataclass(frozen=True)
class Bar:
    """A bar: its label, its value in whole units, and where it stands."""

    label: str
    value: int
    shown: str
    x: float
    y: float
    width: float
    height: float
    labelled: bool

    @property
    def middle(self) -> float:
        """Where its label stands."""
        return round(self.x + self.width / 2, 1)


@dataclass(frozen=True)
class Line:
    """A line across the chart at a round value."""

    y: float
    shown: str


@dataclass(frozen=True)
class BarChart:
    """A chart ready to draw (`components/bar_chart.html`), its bars from left to right."""

    name: str
    title: str
    bars: list[Bar]
    lines: list[Line]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT

    @property
    def description(self) -> str:
        """The chart in words, for those who do not see it."""
        highest = max(self.bars, key=lambda bar: bar.value)
        lowest = min(self.bars, key=lambda bar: bar.value)
        return _(
            "{number} bars from {first} to {last}. First {first_value}, last {last_value}, "
            "highest {highest_value} ({highest}), lowest {lowest_value} ({lowest})."
        ).format(
            number=len(self.bars),
            first=self.bars[0].label,
            last=self.bars[-1].label,
            first_value=self.bars[0].shown,
            last_value=self.bars[-1].shown,
            highest=highest.label,
            highest_value=highest.shown,
            lowest=lowest.label,
            lowest_value=lowest.shown,
        )


def bar_chart(
    values: Sequence[tuple[str, int]], *, name: str, title: str, write: Callable[[int], str]
) -> BarChart:
    """Draw (label, value) as bars from a common zero; `write` says a value to people.

    Raises ValueError without values: a page shows no empty chart.
    """
    if not values:
        raise ValueError("A chart needs values.")
    step = _step(max(abs(value) for _label, value in values))
    low, high = (_rounded([value for _label, value in values], step, up=up) for up in (False, True))
    scale = (HEIGHT - TOP - BOTTOM) / ((high - low) or 1)

    def y(value: int) -> float:
        return round(TOP + (high - value) * scale, 1)

    slot = (WIDTH - LEFT - RIGHT) / len(values)
    every = -(-len(values) // LABELS)
    bars = [
        Bar(
            label=label,
            value=value,
            shown=write(value),
            x=round(LEFT + slot * (place + 0.15), 1),
            y=y(max(value, 0)),
            width=round(slot * 0.7, 1),
            height=round(abs(y(value) - y(0)), 1),
            labelled=(len(values) - 1 - place) % every == 0,  # the last one always
        )
        for place, (label, value) in enumerate(values)
    ]
    lines = [Line(y(value), write(value)) for value in range(low, high + 1, step)]
    return BarChart(name, title, bars, lines)


def _step(largest: int) -> int:
    """The distance of the lines: 1, 2 or 5 with zeros, about four lines to the largest value."""
    size: int = 10 ** max(len(str(largest)) - 2, 0)
    return next((size * step for step in (1, 2, 5, 10, 20, 50) if size * step * 4 >= largest), size)


def _rounded(values: list[int], step: int, *, up: bool) -> int:
    """The line beyond all values; zero is never left out."""
    return -(-max(*values, 0) // step) * step if up else min(*values, 0) // step * step
