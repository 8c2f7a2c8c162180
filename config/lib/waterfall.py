"""How one total becomes another, step by step: bars that lie where the last one ended.

The axis begins near the smallest sum, not at zero: steps are small beside what they change.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from django.utils.translation import gettext as _

WIDTH, ROW, TOP = 720, 30, 8
LEFT, RIGHT = 250, 120  # room for the labels and the amounts
BAR = 18
LEAST = 2  # of a bar that would not be seen
MARGIN = 10  # per cent of the span, kept free on either side


@dataclass(frozen=True)
class WaterfallBar:
    """A total, or a step up or down: its words and where it stands."""

    label: str
    shown: str
    kind: str  # total, up, down
    x: float
    y: int
    width: float

    @property
    def baseline(self) -> int:
        """Where its words stand."""
        return self.y + BAR - 4


@dataclass(frozen=True)
class Waterfall:
    """A chart ready to draw (`components/waterfall.html`), from the top down."""

    name: str
    title: str
    description: str
    bars: list[WaterfallBar]
    height: int
    width: int = WIDTH
    left: int = LEFT
    thickness: int = BAR


def waterfall(
    *,
    name: str,
    title: str,
    start: tuple[str, int],
    steps: Sequence[tuple[str, int]],
    end: str,
    write: Callable[[int], str],
) -> Waterfall:
    """Draw (label, value) steps between the start and the end they add up to."""
    ends = list(accumulate((value for _label, value in steps), initial=start[1]))
    low, high = _span(ends)
    scale = (WIDTH - LEFT - RIGHT) / (high - low)

    def bar(
        place: int, label: str, kind: str, shown: str, between: tuple[int, int]
    ) -> WaterfallBar:
        first, last = min(between), max(between)
        x = round(LEFT + (first - low) * scale, 1)
        width = max(round((last - first) * scale, 1), LEAST)
        return WaterfallBar(label, shown, kind, x, TOP + place * ROW, width)

    bars = [bar(0, start[0], "total", write(start[1]), (low, start[1]))]
    for place, (label, value) in enumerate(steps, start=1):
        kind, sign = ("up", "+") if value >= 0 else ("down", "")
        bars.append(bar(place, label, kind, sign + write(value), (ends[place - 1], ends[place])))
    bars.append(bar(len(bars), end, "total", write(ends[-1]), (low, ends[-1])))
    return Waterfall(name, title, _words(bars), bars, TOP + len(bars) * ROW)


def _span(ends: Sequence[int]) -> tuple[int, int]:
    """The sums at the two ends of the axis; zero is not passed by sums above it."""
    lowest, highest = min(ends), max(ends)
    margin = (highest - lowest) * MARGIN // 100 or max(abs(highest) // 20, 1)
    low = max(lowest - margin, 0) if lowest >= 0 else lowest - margin
    return low, highest + margin


def _words(bars: Sequence[WaterfallBar]) -> str:
    """The chart in words, for those who do not see it."""
    return _("From {start} to {end}: {steps}.").format(
        start=f"{bars[0].label} {bars[0].shown}",
        end=f"{bars[-1].label} {bars[-1].shown}",
        steps="; ".join(f"{bar.label} {bar.shown}" for bar in bars[1:-1]) or _("no change"),
    )
