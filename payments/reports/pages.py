"""What the page of the report shows besides its tables: charts in words and pictures."""

from __future__ import annotations

from django.utils.translation import gettext as _

from config.lib.charts import BarChart, bar_chart
from config.lib.money import finnish
from config.templatetags.finnish import number
from payments.reports.building import Report
from payments.reports.tables import Line, Table


def charts_of(report: Report) -> dict[str, BarChart]:
    """Charts by the name of the table that has the same figures; none where all is nought."""
    tables = {table.name: table for table in report.tables}
    drawn = (
        _chart(tables["euros"], "granted_cents", _("Euros granted")),
        _chart(tables["grounds"], "accepted", _("Persons accepted, by ground")),
    )
    return {table.name: chart for table, chart in drawn if chart}


def _chart(table: Table, name: str, title: str) -> tuple[Table, BarChart | None]:
    values = [(_label(line), line.values.get(name) or 0) for line in table.lines]
    if not any(value for _text, value in values):
        return table, None
    column = next(column for column in table.columns if column.name == name)
    write = finnish if column.is_money else number
    return table, bar_chart(values, name=f"chart-{table.name}", title=title, write=write)


def _label(line: Line) -> str:
    """What stands below a bar: there is room for a round and the beginning of its applicant."""
    if len(line.labels) == 1:
        return line.labels[0].split(" ")[0]
    return f"{line.labels[2]} {line.labels[1]}"[:14]
