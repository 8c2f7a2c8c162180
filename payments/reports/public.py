"""The report as others than the authority and the ministry may have it: nothing of one to four persons.

Lines that tell of so few, or let it be reckoned, are put together with the next smallest until none
is left, so that no sum or difference tells more than the lines do. Where all lines together still
tell of so few, what was accepted alone is told, or nothing of persons at all. Of euros only what was
granted is told, by the same lines: at published amounts it says how many persons of each age a line
has, and that the line tells anyway. Frames are left out, for their sums would part what is together.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from payments.reports import building, columns
from payments.reports.building import group_heads
from payments.reports.flows import ALL
from payments.reports.selectors import Figures
from payments.reports.tables import Column, Line, Table, in_total, summed

FEWEST = 5  # persons of whom something is told
AGES = ("_under_7", "_from_7", "")  # of the figures applied… and accepted…


def public_tables(figures: Figures) -> list[Table]:
    """The report's tables without what would tell of one to four persons."""
    groups = building.group_lines(figures)
    median = figures.flows.get(ALL, {}).get("days")
    total = in_total(groups, group_heads(), columns.APPLICATIONS, days=median)
    return [
        building.applications_table(groups, total),
        *(
            _of_persons(figures, columns.PERSONS, columns.BY_VALUE)
            or _of_persons(figures, columns.ACCEPTED, columns.BY_VALUE[1:])
            or []
        ),
    ]


def _of_persons(
    figures: Figures, of_groups: Sequence[Column], of_values: Sequence[Column]
) -> list[Table] | None:
    """Tables of persons with these figures; None where one of them can tell nothing."""
    groups = merged(building.group_lines(figures), of_groups)
    grounds = merged(building.ground_lines(figures), of_values)
    quotas = merged(building.quota_lines(figures), of_values)
    reasons = merged(building.reason_lines(figures), columns.REASONS)
    if groups is None or grounds is None or quotas is None:
        return None
    told = (*of_groups, *columns.ONLY_GRANTED)
    total = in_total(groups, group_heads(), told)
    tables = [
        building.persons_table(of_groups, groups, total),
        building.euros_table(columns.ONLY_GRANTED, groups, total),
        building.grounds_table(of_values, grounds),
        building.quota_table(of_values, quotas),
    ]
    if reasons is not None and columns.REFUSED[0] in of_groups:
        tables.append(building.reasons_table(reasons))
    return tables


def merged(lines: Sequence[Line], shown: Sequence[Column]) -> list[Line] | None:
    """Lines of which none tells of too few persons; None if even all of them together do."""
    names = {column.name for column in shown}
    kept = sorted(lines, key=lambda line: (not tells_of_few(line, names), _persons(line, names)))
    together: list[Line] = []
    while kept and (
        tells_of_few(kept[0], names) or (together and tells_of_few(_as_one(together), names))
    ):
        together.append(kept.pop(0))
    if not together:
        return list(lines)
    one = _as_one(together)
    if tells_of_few(one, names):
        return None
    return [*(line for line in lines if line in kept), one]


def _as_one(lines: Sequence[Line]) -> Line:
    empty = ("",) * (len(lines[0].labels) - 1)
    every = (*columns.PERSONS, *columns.BY_VALUE, *columns.ONLY_GRANTED)
    return summed(lines, (_("Others together"), *empty), every)


def _persons(line: Line, names: set[str]) -> int:
    return sum(line.values.get(name) or 0 for name in names)


def tells_of_few(line: Line, names: set[str]) -> bool:
    """Whether a line's figures of these names tell of one to four persons."""
    return any(0 < abs(persons) < FEWEST for persons in _told(line, names))


def _told(line: Line, names: set[str]) -> Iterator[int]:
    """The figures of a line, and what can be reckoned from them: who was not accepted, who waits."""
    told = {name: line.values.get(name) or 0 for name in names}
    yield from told.values()
    unaccepted = 0
    for age in AGES:
        if f"applied{age}" in told and f"accepted{age}" in told:
            yield told[f"applied{age}"] - told[f"accepted{age}"]
            unaccepted += told[f"applied{age}"] - told[f"accepted{age}"]
    yield unaccepted
    yield unaccepted - told.get("refused_persons", 0)
