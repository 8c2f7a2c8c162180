"""Workbooks: cells of the right type, text that stays text, the same bytes again."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from config.lib.months import Month
from config.lib.xlsx import LONGEST_TEXT, Sheet, xlsx_workbook
from tests.documents import workbook

AT = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
ROW = ("Lahti", Decimal("-1234.50"), 12_345, date(2025, 3, 5), Month(2025, 3), None)
HEADER = ("Saaja", "Euroa", "Henkilöitä", "Päivä", "Kuukausi", "Tyhjä")


def written(*rows, **more) -> bytes:
    return xlsx_workbook(Sheet("Maksut", HEADER, rows, **more), at=AT)


def cells(*rows, **more) -> list:
    return list(workbook(written(*rows, **more)).active.iter_rows())


def test_cells_have_the_types_of_their_values():
    [head, row] = cells(ROW)
    assert [cell.value for cell in head] == list(HEADER)
    day = datetime(2025, 3, 5)  # noqa: DTZ001 # a day, as Excel has it
    assert [cell.value for cell in row] == ["Lahti", -1234.5, 12345, day, day.replace(day=1), None]
    formats = [cell.number_format for cell in row[1:5]]
    assert formats == ['#,##0.00\\ "€"', "#,##0", "d\\.m\\.yyyy", "m\\/yyyy"]


@pytest.mark.parametrize("text", ["=1+1", "+358", "-", "@cmd", "=HYPERLINK(1)", " =1", "'=1"])
def test_text_is_never_a_formula(text):
    cell = cells((text,))[1][0]
    assert (cell.value, cell.data_type) == (text, "s")
    assert bool(cell.quotePrefix) == (text[0] in "=+-@")


def test_characters_a_workbook_cannot_hold_are_replaced():
    assert (
        cells(("a\x00b\x1fc",))[1][0].value
        == "a\N{REPLACEMENT CHARACTER}b\N{REPLACEMENT CHARACTER}c"
    )


def test_a_text_no_cell_can_hold_is_refused():
    with pytest.raises(ValueError, match="32767"):
        written(("a" * (LONGEST_TEXT + 1),))


def test_the_same_rows_are_the_same_bytes():
    assert written(ROW) == written(ROW)


def test_a_mark_stands_above_the_header():
    sheet = workbook(written(ROW, above=("Salassa pidettävä",))).active
    assert (sheet["A1"].value, sheet["A2"].value) == ("Salassa pidettävä", "Saaja")
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A3", "A2:F3")


def test_names_of_sheets_are_what_excel_takes():
    book = workbook(xlsx_workbook(Sheet("Kuu [3/2025]: " + "x" * 40, HEADER, []), at=AT))
    assert book.sheetnames == ["Kuu  3 2025   " + "x" * 17]
