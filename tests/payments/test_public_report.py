"""The public report: nothing in it, nor any sum or difference of it, tells of one to four persons."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payments.reports import columns
from payments.reports.persons import Cell
from payments.reports.public import FEWEST, merged, public_tables, tells_of_few
from payments.reports.selectors import Figures
from payments.reports.tables import Line

NAMES = [column.name for column in columns.PERSONS]
LINES = st.lists(
    st.tuples(*(st.sampled_from([0, 0, 1, 2, 4, 5, 7, 30, 31]) for _name in NAMES)), max_size=8
)


def line(number: int, *values: int) -> Line:
    return Line((str(number),), dict(zip(NAMES, values, strict=True)))


@given(LINES)
def test_no_line_and_no_sum_of_lines_tells_of_few(rows):
    given = [line(number, *row) for number, row in enumerate(rows)]
    told = merged(given, columns.PERSONS)
    if told is None:  # even all together would tell
        whole = {name: sum(one.values[name] for one in given) for name in NAMES}
        assert tells_of_few(Line(("",), whole), set(NAMES))
        return
    assert not any(tells_of_few(one, set(NAMES)) for one in told)
    for name in NAMES:
        assert sum(one.values[name] for one in told) == sum(one.values[name] for one in given)


@given(LINES)
def test_what_is_put_together_is_no_line_alone(rows):
    given = [line(number, *row) for number, row in enumerate(rows)]
    told = merged(given, columns.PERSONS)
    small = [one for one in given if tells_of_few(one, set(NAMES))]
    if told is not None and small:
        assert len(told) <= len(given) - 1
        assert not set(map(id, small)) & set(map(id, told))


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([(9, 9, 9, 9, 0)], ["0"]),  # nothing to hide
        ([(9, 9, 9, 9, 0), (3, 0, 3, 0, 0)], ["Muut yhteensä"]),  # 3 is not told by the sum either
        ([(9, 9, 9, 9, 0), (5, 5, 5, 5, 0), (3, 0, 3, 0, 0)], ["0", "Muut yhteensä"]),
        ([(9, 9, 7, 9, 0), (8, 0, 0, 0, 0)], ["Muut yhteensä"]),  # two children were not accepted
        ([(2, 0, 2, 0, 0), (0, 2, 0, 2, 0)], None),
    ],
)
def test_small_lines_are_put_together_with_the_next_smallest(rows, told):
    found = merged([line(n, *row) for n, row in enumerate(rows)], columns.PERSONS)
    assert (found and [one.labels[0] for one in found]) == told


def cell(what: str, persons: int, *, ground: str = "87", round_: str = "L2024") -> Cell:
    return Cell(
        "lisaosa", round_, "municipality", what, False, ground, None, "Syy.", "Skäl.", persons
    )


def figures(*cells: Cell) -> Figures:
    return Figures(2024, {}, list(cells), [], {"87": "87", "88": "88"})


def names(*cells: Cell) -> list[str]:
    return [table.name for table in public_tables(figures(*cells))]


def test_where_few_were_refused_in_all_what_was_accepted_alone_is_told():
    told = public_tables(figures(cell("applied", 50), cell("accepted", 47), cell("refused", 3)))
    assert [table.name for table in told] == [
        "applications",
        "persons",
        "euros",
        "grounds",
        "quota",
    ]
    assert [column.name for column in told[1].columns] == ["accepted_under_7", "accepted_from_7"]


def test_of_few_persons_in_all_nothing_is_told():
    assert names(cell("applied", 3), cell("accepted", 3)) == ["applications"]


def test_a_ground_of_few_is_not_told_by_the_rest():
    cells = [cell(what, n, ground=g) for what, (g, n) in product(("applied", "accepted"), SOME)]
    grounds = next(t for t in public_tables(figures(*cells)) if t.name == "grounds")
    assert [one.labels for one in grounds.lines] == [("Muut yhteensä",)]
    assert grounds.lines[0].values["accepted"] >= FEWEST


SOME = (("87", 40), ("88", 2))
