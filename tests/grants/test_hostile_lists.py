"""Files that are no list: each is refused with its sentence, and none of them hurts the service."""

from __future__ import annotations

from contextlib import suppress
from functools import cache
from time import monotonic

import pytest
from django.utils.translation import override
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grants.lists.reading import process
from grants.lists.reading.inspection import inspect
from grants.lists.reading.refusals import SENTENCES, ListRefused, Refusal, sentence
from grants.models import Round
from tests.factories import municipality, organisation
from tests.grants.lists import (
    GOOD,
    GOOD_URGENT,
    filled,
    opened,
    person,
    persons,
    read,
    repacked,
    saved,
)

pytestmark = pytest.mark.django_db

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
SHEET, BOOK, TYPES = "xl/worksheets/sheet2.xml", "xl/workbook.xml", "[Content_Types].xml"


@cache  # openpyxl writes the time into a workbook
def good() -> bytes:
    return filled([GOOD])


def part(name: str, old: bytes, new: bytes):
    def change(parts: dict[str, bytes]) -> None:
        assert old in parts[name]
        parts[name] = parts[name].replace(old, new, 1)

    return repacked(good(), change)


def added(name: str, content: bytes = b"<x/>") -> bytes:
    return repacked(good(), lambda parts: parts.update({name: content}))


def cell_at(reference: str) -> bytes:
    row = f'<row><c r="{reference}"><v>1</v></c></row></sheetData>'
    return part(SHEET, b"</sheetData>", row.encode())


def linked(kind: str) -> bytes:
    relation = (
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId9" Type="http://x/{kind}" Target="http://evil/" '
        f'TargetMode="External"/></Relationships>'
    )
    return added("xl/worksheets/_rels/sheet9.xml.rels", relation.encode())


def bomb() -> bytes:
    return repacked(good(), lambda parts: parts.update({"xl/media/x.xml": b"a" * (300 << 20)}))


def lies_about_its_size() -> bytes:
    content = bytearray(bomb())
    at = content.rindex(b"PK\x01\x02")
    content[at + 24 : at + 28] = (5).to_bytes(4, "little")
    return bytes(content)


def another_book() -> bytes:
    book = opened()
    del book["kuntakorvaus"]
    return saved(book)


def stamped(row: int, value: str) -> bytes:
    book = opened()
    book["kuntakorvaus"].cell(row, 2, value)
    return saved(book)


def without_header(*columns: int) -> bytes:
    def change(_book, sheet):
        for column in columns:
            sheet.cell(1, column, "x")

    return filled([GOOD], change=change)


FILES = {
    "nothing": (lambda: b"", Refusal.EMPTY),
    "over 10 MB": (lambda: b"PK\x03\x04" + b"x" * (10 << 20), Refusal.TOO_LARGE),
    "xls": (lambda: OLE, Refusal.OLD_EXCEL),
    "password": (lambda: OLE + "EncryptedPackage".encode("utf-16-le"), Refusal.PASSWORD),
    "csv": ("nimi;syntymäaika\n".encode, Refusal.CSV),
    "csv of Excel": ("\ufeffnimi;päivä\n".encode, Refusal.CSV),
    "pdf": (lambda: b"%PDF-1.7 \0", Refusal.OTHER_FORMAT),
    "another zip": (lambda: repacked(good(), lambda p: p.pop(BOOK)), Refusal.OTHER_FORMAT),
    "truncated": (lambda: good()[:-200], Refusal.BROKEN),
    "cut early": (lambda: good()[:500], Refusal.BROKEN),
    "macros": (lambda: added("xl/vbaProject.bin"), Refusal.MACROS),
    "xlsm": (lambda: part(TYPES, b"spreadsheetml.sheet.main", b"macroEnabled.main"),
             Refusal.MACROS),
    "zip bomb": (bomb, Refusal.UNPACKS_TOO_LARGE),
    "zip bomb that lies": (lies_about_its_size, Refusal.BROKEN),
    "document type": (lambda: part(SHEET, b"<worksheet", b'<!DOCTYPE x [<!ENTITY a "b">]><worksheet'),
                      Refusal.UNSAFE),
    "UTF-16": (lambda: repacked(good(), lambda p: p.update(
        {SHEET: p[SHEET].decode().encode("utf-16")})), Refusal.UNSAFE),
    "external link": (lambda: added("xl/externalLinks/externalLink1.xml"), Refusal.EXTERNAL),
    "external template": (lambda: linked("attachedTemplate"), Refusal.EXTERNAL),
    "connection": (lambda: added("xl/connections.xml"), Refusal.EXTERNAL),
    "far corner": (lambda: cell_at("XFD1048576"), Refusal.FAR_CELLS),
    "far down": (lambda: cell_at("A900000"), Refusal.FAR_CELLS),
    "broken inside": (lambda: part(SHEET, b"<sheetData>", b"<sheetData><row><c><<"),
                      Refusal.UNREADABLE),
    "another workbook": (another_book, Refusal.NO_TEMPLATE),
    "stamp of another round written in": (lambda: stamped(2, "L2024"), Refusal.ALTERED_TEMPLATE),
    "checksum altered": (lambda: stamped(5, "x"), Refusal.ALTERED_TEMPLATE),
    "another round": (lambda: filled([GOOD], round_="L2024"), Refusal.OTHER_ROUND),
    "another support": (lambda: filled([GOOD_URGENT], round_="K2023"), Refusal.OTHER_SUPPORT),
    "another applicant": (lambda: filled([GOOD], applicant=municipality("853")),
                          Refusal.OTHER_APPLICANT),
    "a county's": (lambda: filled([GOOD], applicant=organisation("county", "07")),
                   Refusal.OTHER_APPLICANT),
    "no header": (lambda: without_header(*range(1, 9)), Refusal.NO_HEADER),
    "headers missing": (lambda: without_header(4, 5), Refusal.MISSING_COLUMNS),
    "no rows": (lambda: filled([]), Refusal.NO_ROWS),
    "identity code": (lambda: filled([GOOD, person(name="Testi 010594Y9032")]),
                      Refusal.IDENTITY_CODE),
    "identity code elsewhere": (
        lambda: filled([GOOD], change=lambda _b, s: s.cell(2, 20, "010594y9032")),
        Refusal.IDENTITY_CODE),
    "over 20 000 rows": (lambda: filled(persons(20_001)), Refusal.TOO_MANY_ROWS),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_no_list_is_refused_with_its_sentence(name, tmp_path):
    """G-09."""
    make, refusal = FILES[name]
    with pytest.raises(ListRefused) as refused:
        read(make(), tmp_path)
    assert refused.value.refusal == refusal
    for language in ("fi", "sv", "en"):
        with override(language):
            assert sentence(refusal, refused.value.details).endswith(".")


def test_every_refusal_has_a_file_that_meets_it():
    met = {refusal for _make, refusal in FILES.values()}
    assert SENTENCES.keys() - met == {Refusal.OTHER_VERSION, Refusal.SENT_MEANWHILE}


def test_a_template_that_has_changed_since_is_refused(tmp_path):
    content = good()
    Round.objects.filter(code="L2023").update(template_version=2)
    with pytest.raises(ListRefused) as refused:
        read(content, tmp_path)
    assert refused.value.refusal == Refusal.OTHER_VERSION


def test_a_list_of_20_000_rows_is_read(tmp_path):
    assert len(read(filled(persons(20_000)), tmp_path).rows) == 20_000


def test_a_hyperlink_is_no_danger(tmp_path):
    assert read(linked("hyperlink"), tmp_path).rows


def test_formatted_rows_by_the_million_are_read(tmp_path):
    rows = b"".join(b'<row r="%d" spans="1:8"><c r="A%d" s="1"/></row>' % (n, n)
                    for n in range(3, 1_048_577))  # fmt: skip
    content = part(SHEET, b"</sheetData>", rows + b"</sheetData>")
    assert read(content, tmp_path).lines == [2]


@pytest.mark.parametrize(
    "hidden",
    [
        b'<row r="1048576"><c><v>1</v></c></row></sheetData>',
        b"<row><c r='&#88;FD1048576'><v>1</v></c></row></sheetData>",
        b'<row><c r="XFD1048576"' + b' x="' + b"y" * 9000 + b'"><v>1</v></c></row></sheetData>',
    ],
)
def test_what_hides_from_the_first_look_ends_only_the_reading_process(hidden, tmp_path):
    content = part(SHEET, b"</sheetData>", hidden)
    began = monotonic()
    with suppress(ListRefused):
        assert read(content, tmp_path).lines
    assert monotonic() - began < 20


def test_a_process_that_hangs_is_ended(tmp_path, monkeypatch):
    monkeypatch.setattr(process, "SECONDS", 0.001)
    with pytest.raises(ListRefused):
        read(good(), tmp_path)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=100)
@given(content=st.binary(max_size=2000), is_zip=st.booleans())
def test_no_bytes_make_the_first_look_fail(content, is_zip, tmp_path):
    path = tmp_path / "any"
    path.write_bytes(b"PK\x03\x04" * is_zip + content)
    with pytest.raises(ListRefused):
        inspect(path)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(data=st.data())
def test_a_list_with_a_byte_changed_anywhere_is_read_or_refused(data, tmp_path):
    content = bytearray(good())
    at = data.draw(st.integers(0, len(content) - 1))
    content[at] ^= data.draw(st.integers(1, 255))
    with suppress(ListRefused):
        assert read(bytes(content), tmp_path).rows
