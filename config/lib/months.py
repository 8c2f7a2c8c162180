"""A calendar month as a value."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Self

WRITTEN = re.compile(r"(\d{4})-(0[1-9]|1[0-2])", re.ASCII)


class NotAMonth(ValueError):
    """The text is not a month written YYYY-MM."""


@dataclass(frozen=True, order=True, slots=True)
class Month:
    """A calendar month; adding a number moves by that many months, subtracting counts them."""

    year: int
    number: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `YYYY-MM`. Raises NotAMonth."""
        written = WRITTEN.fullmatch(text)
        if written is None or written[1] == "0000":
            raise NotAMonth(f"'{text}' is not a month; write it like 2025-03.")
        return cls(int(written[1]), int(written[2]))

    @classmethod
    def of(cls, day: date) -> Self:
        """The month a day falls in."""
        return cls(day.year, day.month)

    @property
    def first_day(self) -> date:
        """The first day, d of the rules."""
        return date(self.year, self.number, 1)

    def __add__(self, months: int) -> Month:
        year, index = divmod(self.year * 12 + self.number - 1 + months, 12)
        return Month(year, index + 1)

    def __sub__(self, other: Month) -> int:
        return (self.year - other.year) * 12 + self.number - other.number

    def __str__(self) -> str:
        return f"{self.year:04}-{self.number:02}"
