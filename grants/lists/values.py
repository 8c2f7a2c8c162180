"""What a cell says, by the kind of its column: text, identifier, day, year (G-10).

A cell is what the reader of workbooks gives: text or a number; a day is its ISO text.
Numbers stored as text and text stored as numbers are the same.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TypeAlias

from grants.lists.schema import BLANKS

Cell: TypeAlias = str | float | None

FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2100, 12, 31)
EPOCH_1900, EPOCH_1904 = date(1899, 12, 30), date(1904, 1, 1)
EXACT = 2.0**53  # from here a spreadsheet's number has lost digits
FINNISH_DAY = re.compile(r"(\d{1,2})\. ?(\d{1,2})\. ?(\d{4})(?: .*)?", re.ASCII)
ISO_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?", re.ASCII)
NUMBER = re.compile(r"\d{1,7}(?:[.,]\d+)?", re.ASCII)
MONTHS = (
    re.compile(r"(?P<month>\d{1,2})[/.](?P<year>\d{4})", re.ASCII),
    re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})", re.ASCII),
)
YEAR = re.compile(r"(19|20|21)\d\d", re.ASCII)
IDENTITY_CODE = re.compile(
    r"(?<![0-9A-Za-z])\d{6}[-+A-FU-Y]\d{3}[0-9A-Y](?![0-9A-Za-z])", re.ASCII | re.IGNORECASE
)


def text_of(cell: Cell) -> str:
    """The text of a cell, blanks of any kind as single spaces, none at the ends."""
    if cell is None:
        return ""
    if isinstance(cell, float | int):
        return _number_written(float(cell))
    text = str(cell)
    if text.isascii() and text.isprintable() and "  " not in text:  # most; the pattern is slow
        return text.strip()
    return BLANKS.sub(" ", text).strip()


def _number_written(number: float) -> str:
    return str(int(number)) if number.is_integer() and abs(number) < EXACT else str(number)


def identifier_of(cell: Cell) -> str:
    """An identifier: its text in capitals."""
    return text_of(cell).upper()


def day_of(cell: Cell, *, epoch_1904: bool = False) -> date | None:
    """The day that a cell says: a date, `5.3.2022`, `2022-03-05` or a spreadsheet's serial number.

    None for anything else, impossible days, and days before 1900 or after 2100.
    """
    text = text_of(cell)
    if found := ISO_DAY.fullmatch(text):
        year, month, day = map(int, found.groups())
    elif found := FINNISH_DAY.fullmatch(text):
        day, month, year = map(int, found.groups())
    elif NUMBER.fullmatch(text):
        return _day_of_serial(text, EPOCH_1904 if epoch_1904 else EPOCH_1900)
    else:
        return None
    try:
        return _plausible(date(year, month, day))
    except ValueError:
        return None


def _day_of_serial(text: str, epoch: date) -> date | None:
    days = int(re.split("[.,]", text)[0])
    if days == 0 or YEAR.fullmatch(text):  # a year alone is no day of 1905
        return None
    try:
        return _plausible(epoch + timedelta(days))
    except OverflowError:
        return None


def _plausible(day: date) -> date | None:
    return day if FIRST_DAY <= day <= LAST_DAY else None


def year_of(cell: Cell) -> int | None:
    """A year of four digits; None for anything else."""
    text = text_of(cell)
    return int(text) if YEAR.fullmatch(text) else None


def month_of(cell: Cell, *, epoch_1904: bool = False) -> date | None:
    """The first day of the month that a cell says: `3/2022`, `2022-03`, or a day of that month.

    None for anything else, and months before 1900 or after 2100.
    """
    text = text_of(cell)
    written = next((found for form in MONTHS if (found := form.fullmatch(text))), None)
    if written is None:
        day = day_of(cell, epoch_1904=epoch_1904)
        return day and day.replace(day=1)
    try:
        return _plausible(date(int(written["year"]), int(written["month"]), 1))
    except ValueError:
        return None


def has_identity_code(text: str) -> bool:
    """Whether a text holds a personal identity code, which lists never do (G-10)."""
    return any(_is_identity_code(found.upper()) for found in IDENTITY_CODE.findall(text))


def _is_identity_code(code: str) -> bool:
    from registry.people.codes import (  # noqa: PLC0415 # long to load, and seldom needed
        BadIdentityCode,
        birth_date_in,
    )

    try:
        birth_date_in(code, today=date.max, allow_artificial=True)
    except BadIdentityCode:
        return False
    return True
