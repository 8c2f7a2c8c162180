"""Rows an importer must refuse, each broken in one way, for `--bad-rows`.

Broken rows stand for persons of their own (UMA numbers U9…, identity codes of the 1800s), so that
refusing them touches no good row. Where two rows must clash, the broken one copies a good row of
the same file and comes after it.
"""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import cycle

from registry.deliveries.synthetic.codes import IdentityCodes
from registry.deliveries.synthetic.records import Row

FIRST_BIRTH = date(1890, 1, 1)
DAY = "2025-02-03"

Breaker = Callable[[int, str, Row], Row]  # (serial, unused identity code, good row) → bad row


def bad_rows_make(samples: dict[str, list[Row]], number: int) -> dict[str, list[Row]]:
    """Make so many broken rows for each file, in turn of each kind the file can have.

    `samples` has good rows of each file. Kinds that copy a good row wait for one to copy.
    """
    return {name: _file_rows(name, rows, number) for name, rows in samples.items()}


def _file_rows(name: str, rows: list[Row], number: int) -> list[Row]:
    copying, alone = BREAKERS[name]
    good = [row for row in rows if row[0] and row[1]] if name == "uma_persons.csv" else rows
    kinds = cycle(alone + copying if good else alone)
    copies = cycle(good or [[]])
    codes = _unused_codes()
    return [next(kinds)(i, next(codes), next(copies)) for i in range(number)]


def _unused_codes() -> Iterator[str]:
    issued = IdentityCodes()
    day = FIRST_BIRTH
    while True:
        yield issued.issue(day)
        day += timedelta(days=1)


def _person(serial: int, code: str, born: str = "1890-01-01") -> Row:
    return [f"U9{serial:07}", code, "Virhe", "Rivi", born, "UKR", "", "", "false", ""]


def _permit(serial: int, uma: str, **changed: str) -> Row:
    row = {
        "number": f"L9{serial:07}-1",
        "uma": uma,
        "ground": "110",
        "applied": "false",
        "granted": DAY,
        "from": DAY,
        "to": "",
        "quota_year": "",
        "principal": "",
        "tie": "",
    }
    return list((row | changed).values())


def _wrong_check(code: str) -> str:
    return code[:-1] + ("A" if code[-1] != "A" else "B")


def _overlapping(good: Row) -> Row:
    """Copy a residence so that it shares the first day of the good one."""
    moved_in = date.fromisoformat(good[2])
    return [good[0], good[1], str(moved_in - timedelta(days=1)), good[2], good[4]]


PERSONS_ALONE: tuple[Breaker, ...] = (
    lambda n, code, good: _person(n, _wrong_check(code)),
    lambda n, code, good: _person(n, code, born="1890-13-01"),
    lambda n, code, good: [*_person(n, code), "liikaa"],
    lambda n, code, good: _person(n, code)[:-1],
)
PERSONS_COPYING: tuple[Breaker, ...] = (
    lambda n, code, good: list(good),  # duplicate UMA number
    lambda n, code, good: _person(n, good[1], born=good[4]),  # one code for two UMA numbers
)
PERMITS_ALONE: tuple[Breaker, ...] = (
    lambda n, code, good: _permit(n, f"U9{n:07}X"),  # permit of an unknown person
)
PERMITS_COPYING: tuple[Breaker, ...] = (
    lambda n, code, good: _permit(n, good[1], ground="999"),
    lambda n, code, good: _permit(n, good[1], to="2025-02-02"),
    lambda n, code, good: _permit(n, good[1], granted="3.2.2025"),
    lambda n, code, good: [*_permit(n, good[1]), "liikaa"],
    lambda n, code, good: list(good),  # duplicate permit number
)
VTJ_ALONE: tuple[Breaker, ...] = (
    lambda n, code, good: [_wrong_check(code), "", "", "false"],
    lambda n, code, good: [code, "31.12.2025", "", "false"],
    lambda n, code, good: [code, "", "", "false", "liikaa"],
    lambda n, code, good: [code, "", ""],
    lambda n, code, good: [code, "", "", "ehkä"],
)
VTJ_COPYING: tuple[Breaker, ...] = (lambda n, code, good: list(good),)  # duplicate identity code
RESIDENCES_ALONE: tuple[Breaker, ...] = (
    lambda n, code, good: [code, "999", DAY, "", DAY],
    lambda n, code, good: [code, "091", DAY, "2025-02-02", DAY],
    lambda n, code, good: [_wrong_check(code), "091", DAY, "", DAY],
    lambda n, code, good: [code, "091", "2025-02-30", "", DAY],
    lambda n, code, good: [code, "091", DAY, "", DAY, "liikaa"],
)
RESIDENCES_COPYING: tuple[Breaker, ...] = (
    lambda n, code, good: list(good),  # the same entry twice
    lambda n, code, good: _overlapping(good),
)
BREAKERS: dict[str, tuple[tuple[Breaker, ...], tuple[Breaker, ...]]] = {
    "uma_persons.csv": (PERSONS_COPYING, PERSONS_ALONE),
    "uma_permits.csv": (PERMITS_COPYING, PERMITS_ALONE),
    "vtj_persons.csv": (VTJ_COPYING, VTJ_ALONE),
    "vtj_residences.csv": (RESIDENCES_COPYING, RESIDENCES_ALONE),
}
