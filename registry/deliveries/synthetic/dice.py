"""Seeded draws: the only source of chance in the synthetic country."""

import math
import random
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import accumulate
from typing import Generic, TypeVar

T = TypeVar("T")


class Table(Generic[T]):
    """Values with relative weights, drawn by `Dice.weighted`."""

    def __init__(self, weights: Mapping[T, float]) -> None:
        self.values = tuple(weights)
        self.cumulative = tuple(accumulate(weights.values()))
        self.total = self.cumulative[-1]


class Dice:
    """Draws that repeat exactly for the same seed text, on every machine and run."""

    def __init__(self, seed: str) -> None:
        self.roll = random.Random(seed).random

    def chance(self, share: float) -> bool:
        """Tell whether something that happens with this share (0-1) happens now."""
        return self.roll() < share

    def number(self, low: int, high: int) -> int:
        """Draw a whole number from low to high, both included."""
        return low + int(self.roll() * (high - low + 1))

    def day(self, first: date, last: date) -> date:
        """Draw a day from first to last, both included; first when last is before it."""
        start = first.toordinal()
        return date.fromordinal(start + int(self.roll() * max(1, last.toordinal() - start + 1)))

    def wait(self, mean: float) -> int:
        """Draw a waiting time in days around a mean: many short, a few long."""
        return 1 + int(-math.log(1.0 - self.roll()) * mean)

    def pick(self, values: Sequence[T]) -> T:
        """Draw one of the values, all equally likely."""
        return values[int(self.roll() * len(values))]

    def weighted(self, table: Table[T]) -> T:
        """Draw one of the table's values by its weight."""
        mark = self.roll() * table.total
        low, high = 0, len(table.values) - 1
        while low < high:
            middle = (low + high) // 2
            if mark < table.cumulative[middle]:
                high = middle
            else:
                low = middle + 1
        return table.values[low]
