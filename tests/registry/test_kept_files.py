"""Files that people send: known by their bytes, kept as sent, handed out under neutral names."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from hashlib import sha256

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation
from django.utils.datastructures import MultiValueDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registry.audit.models import Outcome, Purpose, Verb
from registry.files.downloads import kept_response
from registry.files.forms import FilesField
from registry.files.inspection import FileRefused, kind_of
from registry.files.selectors import Attachment
from registry.files.services import file_keep, file_remove
from registry.models import AuditEvent, KeptBytes, KeptFile
from tests.files import JPEG, PDF, PNG, office, text, workbook, zipped


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


AT = datetime(2026, 11, 24, 12, tzinfo=UTC)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
OUTSIDE = b'<Relationship Type="x/attachedTemplate" TargetMode="External" Target="http://evil/"/>'
LINK = b'<Relationship Type="http://x/hyperlink" TargetMode="External" Target="http://good/"/>'
ONE_ENTITY = b'<!DOCTYPE x [<!ENTITY a "b">]><x/>'


def keep(by, content=PDF, name="Lasku.pdf"):
    return file_keep(content, name=name, by=by, at=AT, purpose=Purpose.SUPPLEMENTS)


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        (PDF, "Palkkalaskelma.PDF", "pdf"),
        (PNG, "kuva.png", "png"),
        (JPEG, "kuva.jpg", "jpg"),
        (JPEG + b"written by a scanner", "kuva.jpeg", "jpg"),
        (workbook(), "taulu.xlsx", "xlsx"),
        (text(), "kirje.docx", "docx"),
        (text(word___rels__document_xml_rels=LINK), "linkki.docx", "docx"),
    ],
)
def test_a_file_is_what_its_bytes_say(content, name, kind):
    assert kind_of(content, name) == kind


def unpacks_to(size: int) -> bytes:
    return text(word__media__image_xml=b"a" * size)


def lies_about_its_size() -> bytes:
    content = bytearray(unpacks_to(300 << 20))
    at = content.rindex(b"PK\x01\x02")
    content[at + 24 : at + 28] = (5).to_bytes(4, "little")
    return bytes(content)


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"", "a.pdf", "is empty"),
        (PDF + b"x" * (10 << 20), "a.pdf", "over 10 MB"),
        (b"MZ\x90\0", "a.exe", "Accepted are"),
        (b"<script>alert(1)</script>", "a.pdf", "Accepted are"),
        (b"GIF89a", "a.png", "Accepted are"),
        (b"\xef\xbb\xbf%PDF-1.7 %%EOF", "a.pdf", "Accepted are"),
        (zipped({"a.exe": b"MZ"}), "a.docx", "Accepted are"),
        (PDF, "a.png", "not what its name says"),
        (PNG, "a.pdf", "not what its name says"),
        (PDF, "a.pdf.exe", "not what its name says"),
        (PDF, "a", "not what its name says"),
        (workbook(), "a.docx", "not what its name says"),
        (PDF[:-8], "a.pdf", "cut off"),
        (PNG[:-6], "a.png", "cut off"),
        (JPEG[:-1], "a.jpg", "cut off"),
        (text()[:-30], "a.docx", "cut off"),
        (lies_about_its_size, "a.docx", "cut off"),
        (OLE, "a.doc", "old kind"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "a.docx", "password"),
        (text(word__vbaProject_bin=b"x"), "a.docx", "macros"),
        (text(word__activeX__activeX1_bin=b"x"), "a.docx", "macros"),
        (text(word__embeddings__oleObject1_bin=OLE), "a.docx", "macros"),
        (text(types=b"<Types>macroEnabled</Types>"), "a.docm", "macros"),
        (workbook(xl__macrosheets__sheet1_xml=b"<x/>"), "a.xlsm", "macros"),
        (text(word___rels__settings_xml_rels=OUTSIDE), "a.docx", "other files"),
        (workbook(xl__externalLinks__externalLink1_xml=b"<x/>"), "a.xlsx", "other files"),
        (office("word/document.xml", a_xml=ONE_ENTITY), "a.docx", "not built as"),
        (lambda: unpacks_to(300 << 20), "a.docx", "not built as"),
    ],
)  # fmt: skip
def test_what_is_not_taken_is_refused_with_its_sentence(content, name, sentence):
    with pytest.raises(FileRefused, match=sentence):
        kind_of(content() if callable(content) else content, name)


@given(data=st.data())
@settings(max_examples=50, suppress_health_check=[HealthCheck.too_slow])
def test_a_file_with_a_byte_changed_anywhere_is_kept_or_refused(data):
    content = bytearray(data.draw(st.sampled_from([PDF, PNG, JPEG, text(), workbook()])))
    at = data.draw(st.integers(0, len(content) - 1))
    content[at] = data.draw(st.integers(0, 255))
    with suppress(FileRefused):
        assert kind_of(bytes(content), "a.docx") == "docx"


def test_a_file_is_kept_as_it_was_sent(anna):
    kept = keep(anna, name="C:\\omat\\Maija \u202eMallin lasku.pdf")
    assert kept.name == "Maija Mallin lasku.pdf"
    assert (kept.kind, kept.size) == ("pdf", len(PDF))
    assert bytes(kept.bytes.content) == PDF and kept.sha256 == sha256(PDF).hexdigest()


def test_of_a_long_name_the_end_stays(anna):
    assert keep(anna, name=f"{'x' * 300}.pdf").name.endswith("xxx.pdf")


def test_a_refused_file_is_not_kept_and_the_try_is_logged_without_its_name(anna):
    with pytest.raises(FileRefused):
        keep(anna, b"MZ", "Maija.exe")
    event = AuditEvent.objects.latest("pk")
    assert (event.verb, event.outcome) == (Verb.IMPORTED, Outcome.REFUSED)
    assert event.details == {"reason": "FileRefused"} and not KeptFile.objects.exists()


def refused_by_the_database(sentence):
    return pytest.raises(IntegrityError, match=sentence)


@pytest.mark.parametrize("model", [KeptFile, KeptBytes])
def test_the_database_refuses_a_change(anna, model):
    keep(anna)
    change = {"name": "b.pdf"} if model is KeptFile else {"content": b"b"}
    with refused_by_the_database("kept as it was sent"), transaction.atomic():
        model.objects.update(**change)


def test_the_database_refuses_bytes_that_are_not_those_of_the_hash(anna):
    kept = KeptFile.objects.create(
        name="a.pdf", kind="pdf", size=3, sha256="0" * 64, uploaded_by=anna, uploaded_at=AT
    )
    with refused_by_the_database("not those of the file's hash"), transaction.atomic():
        KeptBytes.objects.create(file=kept, content=b"abc")
    kept.delete()


def test_the_database_refuses_a_file_without_bytes(anna):
    with refused_by_the_database("has its bytes"), transaction.atomic():
        KeptFile.objects.create(
            name="a.pdf", kind="pdf", size=3, sha256="0" * 64, uploaded_by=anna, uploaded_at=AT
        )
        now()


def now() -> None:
    """Have the database check at once what it would check at the end."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_the_bytes_stay_as_long_as_the_file(anna):
    kept = keep(anna)
    with refused_by_the_database("has its bytes"), transaction.atomic():
        kept.bytes.delete()
        now()


def test_what_nothing_links_to_can_be_removed_and_the_log_keeps_that_it_was(anna):
    kept = keep(anna)
    number = str(kept.pk)
    file_remove(kept, by=anna, purpose=Purpose.SUPPLEMENTS)
    now()
    assert not KeptFile.objects.exists() and not KeptBytes.objects.exists()
    assert AuditEvent.objects.latest("pk").verb == Verb.DELETED
    assert AuditEvent.objects.latest("pk").object_id == number


def test_a_download_has_a_neutral_name_is_never_shown_inside_a_page_and_is_logged(anna):
    kept = keep(anna, name="Maija Mallin lasku.pdf")
    request = RequestFactory().get("/")
    request.user = anna
    answer = kept_response(request, kept, purpose=Purpose.SUPPLEMENTS, case_ref="KK/1/2026")
    assert answer.content == PDF and answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == f'attachment; filename="liite-{kept.pk}.pdf"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    event = AuditEvent.objects.latest("pk")
    assert (event.verb, event.object_id, event.case_ref) == ("exported", str(kept.pk), "KK/1/2026")


def upload(name="a.pdf", content=PDF):
    return SimpleUploadedFile(name, content)


def asked(field: FilesField, *uploads: SimpleUploadedFile):
    files = MultiValueDict({"files": list(uploads)})
    return field.clean(field.widget.value_from_datadict({}, files, "files"))


def test_a_field_takes_several_files():
    assert [one.name for one in asked(FilesField(), upload("a.pdf"), upload("b.pdf"))] == [
        "a.pdf",
        "b.pdf",
    ]
    assert asked(FilesField(required=False)) == []


@pytest.mark.parametrize(
    ("uploads", "sentence"),
    [
        ([], "This field is required"),
        ([upload()] * 11, "at most ten"),
        ([upload(content=b"x" * ((10 << 20) + 1))], "over 10 MB"),
    ],
)
def test_a_field_refuses_none_too_many_and_too_large(uploads, sentence):
    with pytest.raises(ValidationError, match=sentence):
        asked(FilesField(), *uploads)


def test_a_table_shows_names_and_leads_to_downloads(anna):
    rows = [Attachment(keep(anna, name="<b>.pdf"), "/files/7/", "/files/7/remove/")]
    page = render_to_string("registry/files/table.html", {"files": rows, "can_remove": True})
    assert "&lt;b&gt;.pdf" in page and 'href="/files/7/"' in page
    assert 'action="/files/7/remove/"' in page
