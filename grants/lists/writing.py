"""A workbook to be filled in: instructions, the list with its drop-downs, and a hidden stamp (G-09)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill, Protection
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from config.lib.xlsx import sheet_title, workbook_bytes
from grants.lists.schema import MAX_ROWS, STAMP_SHEET, Column, Kind
from grants.lists.stamp import Stamp

CHOICES_SHEET = "valinnat"
FORMATS = {Kind.DATE: "d\\.m\\.yyyy", Kind.YEAR: "0"}
HEAD = 1  # the row of the header
FILL = PatternFill("solid", start_color="FFD5E6FA")
WRAPPED = Alignment(wrap_text=True, vertical="top")


@dataclass(frozen=True)
class Template:
    """What a template is made from: texts in its language, the active one."""

    title: str
    instructions: Sequence[str]
    columns: Sequence[Column]
    language: str
    stamp: Stamp
    made_on: date  # the time that the file bears
    choices: Mapping[Kind, Sequence[str]] = field(default_factory=dict)
    windows: Mapping[str, tuple[date, date]] = field(default_factory=dict)  # days a column takes
    rows: Sequence[Sequence[object]] = ()


def template_write(template: Template) -> bytes:
    """The workbook of a template: the same bytes every time.

    With rows it is a list again: their values by column, and at the end what was found in each.
    """
    book = Workbook()
    _instructions_write(book.active, template)
    _list_write(book.create_sheet(sheet_title(_("List"))), template)
    _choices_write(book.create_sheet(CHOICES_SHEET), template)
    _stamp_write(book.create_sheet(STAMP_SHEET), template)
    book.active = 1
    return workbook_bytes(book, at=datetime.combine(template.made_on, time(), UTC))


def _instructions_write(sheet: Any, template: Template) -> None:
    sheet.title = sheet_title(_("Instructions"))
    sheet.column_dimensions["A"].width = 34
    sheet.column_dimensions["B"].width = 90
    sheet.append([template.title])
    sheet["A1"].font = Font(bold=True, size=14)
    for text in template.instructions:
        sheet.append(["", text])
    sheet.append([])
    for column in template.columns:
        sheet.append([column.header[template.language], column.help[template.language]])
        sheet.cell(sheet.max_row, 1).font = Font(bold=True)
    for (cell,) in sheet["B1" : f"B{sheet.max_row}"]:
        cell.alignment = WRAPPED


def _list_write(sheet: Any, template: Template) -> None:
    sheet.freeze_panes = f"A{HEAD + 1}"
    for number, column in enumerate(template.columns, start=1):
        letter = get_column_letter(number)
        cell = sheet.cell(HEAD, number, column.header[template.language])
        cell.font, cell.fill, cell.alignment = Font(bold=True), FILL, WRAPPED
        dimension = sheet.column_dimensions[letter]
        dimension.width = column.width
        dimension.number_format = FORMATS.get(column.kind, "@")
        if validation := _validation(column, template):
            validation.add(f"{letter}{HEAD + 1}:{letter}{HEAD + MAX_ROWS}")
            sheet.add_data_validation(validation)
    if template.rows:
        _rows_write(sheet, template)


def _rows_write(sheet: Any, template: Template) -> None:
    columns = template.columns
    head = sheet.cell(HEAD, len(columns) + 1, _("Findings"))
    head.font, head.fill = Font(bold=True), FILL
    sheet.column_dimensions[get_column_letter(len(columns) + 1)].width = 60
    formats = [FORMATS.get(column.kind, "@") for column in columns] + ["@"]
    for line, row in enumerate(template.rows, start=HEAD + 1):
        for number, (value, form) in enumerate(zip(row, formats, strict=True), start=1):
            if value in (None, ""):
                continue
            cell = sheet.cell(line, number, value)
            cell.number_format = form
            if isinstance(value, str):
                cell.data_type = "s"  # text is never a formula, whatever it begins with
                cell.quotePrefix = value[:1] in set("=+-@")


def _validation(column: Column, template: Template) -> DataValidation | None:
    """The drop-down or the window of days of a column; both warn, so that rows can be pasted."""
    if column.has_choices:
        letter = get_column_letter(list(template.choices).index(column.kind) + 1)
        last = max(len(template.choices[column.kind]), 1)
        cells = f"{CHOICES_SHEET}!${letter}$1:${letter}${last}"
        limits: dict[str, Any] = {"type": "list", "formula1": cells}
    elif column.name in template.windows:
        first, until = template.windows[column.name]
        limits = {"type": "date", "operator": "between"}
        limits |= {"formula1": _date(first), "formula2": _date(until)}
    else:
        return None
    return DataValidation(
        **limits,
        allow_blank=True,
        errorStyle="warning",
        showErrorMessage=True,
        showInputMessage=True,
        promptTitle=column.header[template.language][:32],
        prompt=column.help[template.language][:255],
    )


def _date(day: Any) -> str:
    return f"DATE({day.year},{day.month},{day.day})"


def _choices_write(sheet: Any, template: Template) -> None:
    for number, choices in enumerate(template.choices.values(), start=1):
        for row, text in enumerate(choices, start=1):
            sheet.cell(row, number, text)
    _hide(sheet)


def _stamp_write(sheet: Any, template: Template) -> None:
    names = ("support", "round", "version", "applicant", "checksum")
    for row, line in enumerate(zip(names, template.stamp.lines, strict=True), start=1):
        for number, text in enumerate(line, start=1):
            cell = sheet.cell(row, number, text)
            cell.data_type = "s"
            cell.number_format = "@"
            cell.protection = Protection(locked=True)
    _hide(sheet)


def _hide(sheet: Any) -> None:
    sheet.sheet_state = "hidden"
    sheet.protection.sheet = True
