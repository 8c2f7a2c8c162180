"""Documents: archivable and accessible, the same again, and whatever the text says, it is text."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.test import override_settings
from django.utils.translation import gettext_lazy as _
from hypothesis import given
from hypothesis import strategies as st

from config.lib.pdf import pdf_document
from tests.documents import faults, said

AT = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
LETTER = """
#import "/documents/frame.typ": *
#show: letter
#facts(data.facts)
== #data.heading
#listing(data.columns, data.rows)
"""
COLUMNS = [{"title": "Kuukausi", "width": "auto"}, {"title": "Euroa", "align": "end"}]


@pytest.fixture(scope="module", autouse=True)
def letters(tmp_path_factory):
    """A place with the frame and a letter that uses all of it."""
    place = tmp_path_factory.mktemp("base")
    frame = Path(__file__).parents[2] / "templates" / "documents"
    (place / "templates").mkdir()
    (place / "templates" / "documents").symlink_to(frame)
    (place / "templates" / "letter.typ").write_text(LETTER)
    with override_settings(BASE_DIR=place):
        yield


def letter(text="Äiti €", *, title=None, language="fi", at=AT, rows=1) -> bytes:
    """A letter that says a text in all its places, but for a title of its own if it is given."""
    title = title or text
    context = {
        "title": title,
        "sender": "Työllisyys-, kehittämis- ja hallintokeskus",
        "recipient": ["Lahden kaupunki", text],
        "reference": "KEHA/1/2026",
        "day": "24.11.2026",
        "mark": "Salassa pidettävä",
        "heading": title,
        "facts": [["Nimi", text], ["Ääni", "Å–ö 1 234,56 €"]],
        "columns": COLUMNS,
        "rows": [[text, "1 234,56 €"]] * rows,
    }
    return pdf_document("letter.typ", context, language=language, at=at)


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_a_document_is_accessible_and_archivable(language):
    pdf = letter(language=language, rows=90)
    assert faults(pdf) == []
    assert f"/Lang({language}".encode() in pdf


def test_the_same_document_is_the_same_bytes():
    assert letter() == letter()
    assert letter(at=AT.replace(year=2027)) != letter()


def test_finnish_and_swedish_are_shown():
    text = said(letter())
    for part in ("Å–ö 1 234,56 €", "Työllisyys-, kehittämis- ja hallintokeskus", "1 (1)"):
        assert part in text


@pytest.mark.parametrize(
    "text",
    [
        '#{ panic("x") }',
        '#read("/etc/passwd")',
        "$ x^2 $ `raw` <label> @ref *bold* _it_",
        "\\u{41} \\ // comment /* and */ ~",
        "\" ' ] ) } ; = -",
        "https://example.fi/?a=b&c=d",
    ],
)
def test_hostile_text_is_shown_as_it_is(text):
    pdf = letter(text)
    assert faults(pdf) == []
    assert said(pdf).replace("\n", "").count(text) >= 3


def test_ten_thousand_characters_fit_without_a_blank():
    pdf = letter("a" * 10_000)
    assert faults(pdf) == []
    assert said(pdf).count("a") > 40_000


@pytest.mark.parametrize("name", ["محمد علي", "שלום", "Ελένη", "Юлія", "Nguyễn", "Ǧabriʾēl"])
def test_names_of_other_scripts_are_shown(name):
    pdf = letter(name)
    assert faults(pdf) == []
    assert set(name) - {" "} <= set(said(pdf))


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("李", "[U+674E]"),
        ("\N{RIGHT-TO-LEFT OVERRIDE}abc", "[U+202E]abc"),
        ("a\x00b", "a[U+0000]b"),
        ("😀", "[U+1F600]"),
    ],
)
def test_what_no_font_has_is_written_by_its_number(text, written):
    assert written in said(letter(text))


def test_texts_are_translated_when_they_are_set():
    assert "korvataan" in said(letter(_("paid"), language="fi"))
    assert "paid" in said(letter(_("paid"), language="en"))


def test_a_value_that_has_no_writing_is_refused():
    with pytest.raises(TypeError, match="datetime"):
        pdf_document("letter.typ", {"title": AT}, language="fi", at=AT)


@given(st.text())
def test_any_text_makes_a_document(text):
    assert letter(text, title="Asia").startswith(b"%PDF-1.7")
