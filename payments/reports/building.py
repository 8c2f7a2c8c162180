"""The tables of the yearly report, made of its figures; which lines there are is said here once."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from grants.rounds.models import Support
from payments.reports import columns
from payments.reports.flows import ALL, Group
from payments.reports.persons import Cell
from payments.reports.selectors import Figures
from payments.reports.tables import Column, Line, Table, in_total
from registry.models import OrganisationKind


@dataclass(frozen=True)
class Report:
    """The tables of a year, and the lines of its sums."""

    year: int
    tables: list[Table]
    applications: Line
    persons: Line
    euros: Line


def report_of(figures: Figures) -> Report:
    """The whole report, for the authority and the ministry."""
    groups = group_lines(figures)
    median = figures.flows.get(ALL, {}).get("days")
    applications = in_total(groups, group_heads(), columns.APPLICATIONS, days=median)
    persons = in_total(groups, group_heads(), columns.PERSONS)
    euros = in_total(groups, group_heads(), columns.EUROS)
    tables = [
        applications_table(groups, applications),
        persons_table(columns.PERSONS, groups, persons),
        euros_table(columns.EUROS, groups, euros),
        reasons_table(reason_lines(figures)),
        grounds_table(columns.BY_VALUE, ground_lines(figures)),
        quota_table(columns.BY_VALUE, quota_lines(figures)),
        frames_table(columns.FRAMES, figures.frames),
    ]
    return Report(figures.year, tables, applications, persons, euros)


def group_lines(figures: Figures) -> list[Line]:
    """Each support, kind of applicant and round in which something happened, with all its figures."""
    values: dict[Group, Counter[str]] = defaultdict(Counter)
    for cell in figures.cells:
        name = f"{cell.what}_{'under' if cell.is_under_7 else 'from'}_7"
        of_group = values[Group(cell.support, cell.round, cell.kind)]
        of_group["refused_persons" if cell.what == "refused" else name] += cell.persons
    for group, flow in figures.flows.items():
        if group != ALL:
            values[group].update(flow)
    return [
        # No median where nothing was decided: it is not nought.
        Line(_labels(group), {"days": None} | dict(values[group]))
        for group in sorted(values)
    ]


def _labels(group: Group) -> tuple[str, ...]:
    support = str(Support(group.support).label) if group.support else _("no application")
    return support, str(OrganisationKind(group.kind).label), group.round


def group_heads() -> list[str]:
    """The heads of the labels of groups."""
    return [_("Support"), _("Applicant"), _("Round")]


def reason_lines(figures: Figures) -> list[Line]:
    """Persons refused by reason, in the language of the page."""
    is_swedish = (get_language() or "fi").startswith("sv")
    return _counted(
        [cell for cell in figures.cells if cell.what == "refused"],
        lambda cell: cell.reason_sv if is_swedish else cell.reason_fi,
        name="refused_persons",
    )


def ground_lines(figures: Figures) -> list[Line]:
    """Persons by ground of the permit; the urgent support does not ask it."""
    unasked = _("not asked for this support")
    return _counted(_of_lists(figures), lambda cell: figures.grounds.get(cell.ground, unasked))


def quota_lines(figures: Figures) -> list[Line]:
    """Persons by quota year, which the urgent support alone asks."""
    unasked = _("not asked for this support")
    return _counted(
        _of_lists(figures), lambda cell: str(cell.quota_year) if cell.quota_year else unasked
    )


def _of_lists(figures: Figures) -> list[Cell]:
    return [cell for cell in figures.cells if cell.what != "refused"]


def _counted(
    cells: Sequence[Cell], label: Callable[[Cell], str], *, name: str | None = None
) -> list[Line]:
    """Lines of cells by label; the figure is `name`, or what the cells are of."""
    values: dict[str, Counter[str]] = defaultdict(Counter)
    for cell in cells:
        values[label(cell)][name or cell.what] += cell.persons
    return [Line((text,), dict(values[text])) for text in sorted(values)]


def applications_table(groups: Sequence[Line], total: Line) -> Table:
    """Applications by group."""
    heads = group_heads()
    return Table(
        "applications", _("Applications by round"), heads, columns.APPLICATIONS, groups, total
    )


def persons_table(shown: Sequence[Column], groups: Sequence[Line], total: Line) -> Table:
    """Persons by group and age."""
    return Table("persons", _("Persons by round"), group_heads(), shown, groups, total)


def euros_table(shown: Sequence[Column], groups: Sequence[Line], total: Line) -> Table:
    """Euros by group."""
    return Table("euros", _("Euros by round"), group_heads(), shown, groups, total)


def reasons_table(lines: Sequence[Line]) -> Table:
    """Persons refused, by reason."""
    return _table("reasons", _("Persons refused, by reason"), _("Reason"), columns.REASONS, lines)


def grounds_table(shown: Sequence[Column], lines: Sequence[Line]) -> Table:
    """Persons by ground."""
    return _table("grounds", _("Persons by ground"), _("Ground"), shown, lines)


def quota_table(shown: Sequence[Column], lines: Sequence[Line]) -> Table:
    """Persons by quota year."""
    return _table("quota", _("Persons by quota year"), _("Quota year"), shown, lines)


def frames_table(shown: Sequence[Column], lines: Sequence[Line]) -> Table:
    """How the frames stand at the end of the year."""
    title = _("Budget frames at the end of the year")
    return Table("frames", title, [_("Programme year")], shown, lines)


def _table(
    name: str, title: str, head: str, shown: Sequence[Column], lines: Sequence[Line]
) -> Table:
    return Table(name, title, [head], shown, lines, in_total(lines, [head], shown))
