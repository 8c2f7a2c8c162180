"""Lists as spreadsheets and people make them: whatever the form, the same rows are read (G-10)."""

from __future__ import annotations

import re
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from grants.lists.schema import SUPPORTS
from grants.lists.template import template_make
from grants.lists.values import day_of, has_identity_code, identifier_of, text_of, year_of
from grants.models import Round
from tests.factories import municipality
from tests.grants.lists import (
    GOOD,
    GOOD_URGENT,
    LIST,
    filled,
    opened,
    person,
    persons,
    read,
    repacked,
)

pytestmark = pytest.mark.django_db
BORN, MOVED = 3, 6


def first_row(content, tmp_path, **more):
    (_line, cells), *_rest = read(content, tmp_path, **more)
    return cells


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("5.3.2022", "2022-03-05"),
        ("05.03.2022", "2022-03-05"),
        (" 5. 3. 2022\u00a0", "2022-03-05"),
        ("2022-03-05", "2022-03-05"),
        ("2022-03-05 00:00:00", "2022-03-05"),
        (44625, "2022-03-05"),
        ("44625", "2022-03-05"),
        (44625.5, "2022-03-05"),
        (date(2022, 3, 5), "2022-03-05"),
        (datetime.fromisoformat("2022-03-05T12:30"), "2022-03-05"),
    ],
)
def test_a_day_is_read_however_it_is_written(cell, day, tmp_path):
    cells = first_row(filled([person(moved_in=cell)]), tmp_path)
    assert day_of(cells["moved_in"]) == date.fromisoformat(day)


@pytest.mark.parametrize("cell", ["31.2.2022", "5.3.22", "2022", 2022, "5/3/2022", "maalis", 0, -5])
def test_what_is_no_day_or_could_be_two_is_not_guessed(cell):
    assert day_of(cell) is None


@pytest.mark.parametrize("mac", [False, True])
def test_serial_numbers_count_from_the_workbooks_epoch(mac, tmp_path):
    def change(book, _sheet):
        if mac:
            book.epoch = CALENDAR_MAC_1904

    content = filled([person(birth_date=43163 if mac else 44625, moved_in=date(2022, 6, 1))],
                     change=change)  # fmt: skip
    book = read(content, tmp_path)
    ((_line, cells),) = book
    assert day_of(cells["birth_date"], epoch_1904=book.epoch_1904) == date(2022, 3, 5)
    assert day_of(cells["moved_in"], epoch_1904=book.epoch_1904) == date(2022, 6, 1)


@given(st.dates(date(1911, 1, 1), date(2100, 12, 31)))
def test_every_day_is_read_in_every_form(day):
    serial = (day - date(1899, 12, 30)).days
    written = [f"{day.day}.{day.month}.{day.year}", day.isoformat(), serial]
    assert {day_of(form) for form in written} == {day}
    assert day_of(serial - 1462, epoch_1904=True) == day


@given(st.one_of(st.none(), st.text(), st.floats(), st.integers()))
def test_no_cell_makes_reading_fail(cell):
    for reading in (text_of, identifier_of, day_of, year_of):
        reading(cell)
    has_identity_code(str(cell))


@pytest.mark.parametrize(
    ("cell", "identifier"),
    [(1234567, "1234567"), (" t0012 ", "T0012"), ("\u00a0123-45c67890\u200b", "123-45C67890")],
)
def test_identifiers_are_text_in_capitals_without_stray_blanks(cell, identifier, tmp_path):
    cells = first_row(filled([person(uma_number=cell)]), tmp_path)
    assert identifier_of(cells["uma_number"]) == identifier


def move_header_down(_book, sheet):
    sheet.insert_rows(1, amount=7)
    sheet["A2"] = "Lahden kaupunki, lista"


def reorder(_book, sheet):
    for row in sheet.iter_rows(max_col=len(GOOD)):
        for cell, value in zip(row, [c.value for c in row][::-1], strict=True):
            cell.value = value


def hide(_book, sheet):
    sheet.row_dimensions[2].hidden = True
    sheet.auto_filter.ref = "A1:H3"


def format_trailing_rows(_book, sheet):
    for row in range(3, 3000):
        sheet.cell(row, 1).number_format = "@"


def add_sheets(book, _sheet):
    book.create_sheet("Muistiinpanot", 0).append(["Nimi", "huomautus"])
    book.create_sheet("Taul3")["C3"] = "x"


def add_a_column(_book, sheet):
    sheet["J1"], sheet["J2"] = "Huomautus", "soita"


def rename(book, sheet):
    sheet.title = "Taulukko1"
    sheet["A1"] = " uma-asiakasnumero * "


@pytest.mark.parametrize(
    "change",
    [move_header_down, reorder, hide, format_trailing_rows, add_sheets, add_a_column, rename],
)
def test_the_list_is_found_however_it_was_moved_about(change, tmp_path):
    cells = first_row(filled([GOOD], change=change), tmp_path)
    assert list(cells.values()) == ["T0000001", None, "Testinen Testi", "2015-03-05",
                                    "Afganistan", "Lahti", "2022-06-01", "87 Turvapaikka"]  # fmt: skip


def test_what_libreoffice_saved_is_read(tmp_path):
    """The template of L2023 for Lahti, opened and saved by LibreOffice 7.4."""
    saved_by_it = Path(__file__).parent / "data" / "libreoffice.xlsx"
    book = read(saved_by_it.read_bytes(), tmp_path)
    assert [row["uma_number"] for _line, row in book] == ["T0000001", "T0000002", "T0000003"]
    assert {day_of(row["moved_in"]) for _line, row in book} == {date(2022, 6, 1)}
    assert [day_of(row["birth_date"]) for _line, row in book][1:] == [
        date(2015, 3, 5),
        date(2022, 3, 5),
    ]


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_headers_are_understood_in_every_language(language, tmp_path):
    assert first_row(filled([GOOD], language=language), tmp_path)["uma_number"] == "T0000001"


def test_merged_cells_count_for_every_row_that_has_a_person(tmp_path):
    def merge(_book, sheet):
        sheet.merge_cells("F2:F9")

    book = read(filled([GOOD, person(municipality=None)], change=merge), tmp_path)
    assert [cells["municipality"] for _line, cells in book] == ["Lahti", "Lahti"]


def test_a_formula_is_its_value_and_is_never_run(tmp_path):
    def add(_book, sheet):
        sheet["C2"] = "=1+1"  # openpyxl stores no value: it has none

    assert first_row(filled([GOOD], change=add), tmp_path)["name"] is None


def test_empty_rows_are_no_rows_and_lines_are_those_of_the_sheet(tmp_path):
    book = read(filled([GOOD, [None], [" "], person(uma_number="T2")]), tmp_path)
    assert book.lines == [2, 5]


def test_the_urgent_list_has_a_quota_year_and_no_name(tmp_path):
    cells = first_row(filled([GOOD_URGENT], round_="K2023"), tmp_path, round_="K2023")
    assert "name" not in cells and "ground" not in cells
    assert year_of(cells["quota_year"]) == 2022


def test_the_template_is_the_same_bytes_every_time():
    lahti, round_ = municipality("398"), Round.objects.get(code="L2023")
    assert template_make(round_, lahti, "fi") == template_make(round_, lahti, "fi")


def test_the_template_offers_what_may_be_chosen():
    book = opened(language="sv")
    sheet = book.worksheets[LIST]
    assert [cell.value for cell in sheet[1]][:2] == ["UMA-kundnummer", "RGI- eller UNHCR-nummer"]
    offered = [[c.value for c in column if c.value] for column in book["valinnat"].columns]
    assert "Afghanistan" in offered[0] and offered[1] == ["Lahtis"]
    assert offered[2][0].startswith("114 ")
    assert {book[name].sheet_state for name in ("valinnat", "kuntakorvaus")} == {"hidden"}
    assert book["kuntakorvaus"].protection.sheet


def test_a_whole_list_is_read_back_as_it_was_written(tmp_path):
    book = read(filled(persons(200)), tmp_path)
    assert len(book.rows) == 200 and not book.epoch_1904
    assert [cells["uma_number"] for _line, cells in book][::199] == ["T0000001", "T0000200"]


MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
HEAD = [column.header["fi"] for column in SUPPORTS["lisaosa"]]
TEXTS = ["T0000001", "", "Testinen Testi", "2015-03-05", "Afganistan", "Lahti", "2022-06-01", "87"]


def inline(values: list[str]) -> str:
    return "".join(f'<c t="inlineStr"><is><t xml:space="preserve">{v}</t></is></c>' for v in values)


def formulas(values: list[str]) -> str:
    return "".join(f'<c t="str"><f>UPPER("x")</f><v>{value}</v></c>' for value in values)


def iso_days(values: list[str]) -> str:
    is_day = [len(value) == 10 and value[4] == "-" for value in values]
    return "".join(
        f'<c t="d"><v>{value}</v></c>' if day else inline([value])
        for value, day in zip(values, is_day, strict=True)
    )


def rich(values: list[str]) -> str:
    return "".join(
        f'<c t="inlineStr"><is><r><t>{v[:2]}</t></r><r><rPr><b/></rPr><t>{v[2:]}</t></r></is></c>'
        for v in values
    )


@pytest.mark.parametrize("prefix", ["", "x:"])
@pytest.mark.parametrize("cells", [inline, formulas, iso_days, rich])
def test_sheets_of_other_writers_are_read(cells, prefix, tmp_path):
    """Without references of cells, with a prefix of names, texts in the sheet, days as such."""
    rows = "".join(
        f"<row>{make(values)}</row>" for make, values in ((inline, HEAD), (cells, TEXTS))
    )
    body = f"<sheetData>{rows}</sheetData>"
    if prefix:
        body = re.sub(r"<(/?)(\w)", rf"<\1{prefix}\2", body)
    name = f"xmlns{':x' if prefix else ''}"
    sheet = f'<{prefix}worksheet {name}="{MAIN}">{body}</{prefix}worksheet>'
    content = repacked(
        filled([]), lambda parts: parts.update({"xl/worksheets/sheet2.xml": sheet.encode()})
    )
    cells_read = first_row(content, tmp_path)
    assert cells_read["uma_number"] == "T0000001" and cells_read["name"] == "Testinen Testi"
    assert day_of(cells_read["moved_in"]) == date(2022, 6, 1)
