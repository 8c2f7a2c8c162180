"""The workbook an applicant fills in, made for its round, applicant and language (G-09, G-10)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill, Protection
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from config.lib.xlsx import sheet_title, workbook_bytes
from grants.lists.schema import MAX_ROWS, STAMP_SHEET, Column, Kind, columns_of
from grants.lists.stamp import Stamp
from grants.lists.vocabulary import Choices, choices_of
from grants.rounds.models import Round
from registry.models import Organisation

CHOICES_SHEET = "valinnat"
FORMATS = {Kind.DATE: "d\\.m\\.yyyy", Kind.YEAR: "0"}
HEAD = 1  # the row of the header
FILL = PatternFill("solid", start_color="FFD5E6FA")
WRAPPED = Alignment(wrap_text=True, vertical="top")


@dataclass(frozen=True)
class Template:
    """What a template is made from."""

    round: Round
    applicant: Organisation
    language: str
    choices: Choices
    rows: list[Sequence[object]]


def template_make(
    round_: Round,
    applicant: Organisation,
    language: str,
    *,
    rows: Iterable[Sequence[object]] = (),
) -> bytes:
    """The template of a round for an applicant, in a language: the same bytes every time.

    With rows it is a list again: their values by column, and at the end what was found in each.
    """
    with override(language):
        choices = choices_of(round_, applicant, language)
        template = Template(round_, applicant, language, choices, list(rows))
        book = Workbook()
        _instructions_write(book.active, template)
        _list_write(book.create_sheet(sheet_title(_("List"))), template)
        _choices_write(book.create_sheet(CHOICES_SHEET), template)
        _stamp_write(book.create_sheet(STAMP_SHEET), template)
        book.active = 1
        return workbook_bytes(book, at=datetime.combine(round_.opens, time(), UTC))


def _instructions_write(sheet: Any, template: Template) -> None:
    sheet.title = sheet_title(_("Instructions"))
    sheet.column_dimensions["A"].width = 34
    sheet.column_dimensions["B"].width = 90
    title = _("List of persons, round {round}: {applicant}").format(
        round=template.round.code, applicant=template.applicant.name
    )
    sheet.append([title])
    sheet["A1"].font = Font(bold=True, size=14)
    for text in _instructions(template.round):
        sheet.append(["", text])
    sheet.append([])
    for column in columns_of(template.round.support):
        sheet.append([column.header[template.language], column.help[template.language]])
        sheet.cell(sheet.max_row, 1).font = Font(bold=True)
    for (cell,) in sheet["B1" : f"B{sheet.max_row}"]:
        cell.alignment = WRAPPED


def _instructions(round_: Round) -> Sequence[str]:
    window = {"first": _day(round_.arrivals_from), "last": _day(round_.arrivals_to)}
    return (
        _("Fill in one row for each person on the sheet List, and send the file in the service."),
        _("The date of moving in must be from {first} to {last}.").format(**window),
        _("Give each person's UMA customer number, or their RGI or UNHCR number."),
        _("Do not add other data. Personal identity codes are not accepted anywhere in the file."),
        _("Use only this file: it is made for this round and this applicant alone."),
    )


def _day(day: Any) -> str:
    return f"{day.day}.{day.month}.{day.year}"


def _list_write(sheet: Any, template: Template) -> None:
    sheet.freeze_panes = f"A{HEAD + 1}"
    for number, column in enumerate(columns_of(template.round.support), start=1):
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
    columns = columns_of(template.round.support)
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
    elif column.name == "moved_in":
        first, until = template.round.arrivals_from, template.round.arrivals_to
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
    stamp = Stamp.of(template.round, template.applicant)
    for row, line in enumerate(zip(names, stamp.lines, strict=True), start=1):
        for number, text in enumerate(line, start=1):
            cell = sheet.cell(row, number, text)
            cell.data_type = "s"
            cell.number_format = "@"
            cell.protection = Protection(locked=True)
    _hide(sheet)


def _hide(sheet: Any) -> None:
    sheet.sheet_state = "hidden"
    sheet.protection.sheet = True
