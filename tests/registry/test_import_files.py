"""Deliveries refused as a whole: nothing has changed, and the sentence says where to look."""

from __future__ import annotations

import os
import stat
import struct
from contextlib import nullcontext
from pathlib import Path
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZipFile, ZipInfo

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from registry.deliveries.layout import AGREEMENTS, PERMITS, PERSONS, POPULATION
from registry.deliveries.refusals import DeliveryRefused
from registry.models import Delivery, Permit, Person
from tests.deliveries import CODE_A, HEADERS, bring, permit, person, write

HEADER = HEADERS[PERSONS].encode()
ROW = person("U1", CODE_A).encode()


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def folder(tmp_path):
    """A good delivery."""
    return write(
        tmp_path / "good", {PERSONS: [person("U1", CODE_A)], PERMITS: [permit("P1", "U1")]}
    )


def refused(path: Path, match: str) -> None:
    with pytest.raises(DeliveryRefused, match=match):
        bring(path)
    assert not Delivery.objects.exists() and not Person.objects.exists()


@pytest.mark.parametrize(
    ("content", "match"),
    [
        (b"", "no header"),
        (b"\xef\xbb\xbf", "no header"),
        (b"\n\n", "no header"),
        (HEADER.replace(b"birth_date", b"born"), "lacks the column birth_date"),
        (HEADER + b"," + HEADER, "twice"),
        (HEADER + b",x,x\n", "twice"),
        (b'"' + HEADER + b"\n" + ROW, "line 1: the header"),
        (HEADER.replace(b",", b";"), "lacks the column"),
        (HEADER + b"\n" + ROW + b"\n\xff\xfe\n", "line 3: it is not UTF-8"),
        (HEADER + b"\n" + ROW + b"\n" + "ö".encode("latin-1"), "line 3: it is not UTF-8"),
        ("\n".join([HEADERS[PERSONS], "ä"]).encode("utf-16"), "not UTF-8"),
        (HEADER + b"\nU1\xc3", "line 2: it is not UTF-8"),
        (HEADER + b"\n" + ROW + b"\nU\x002\n", "line 3: it has a NUL byte"),
        (HEADER + b"\n" + ROW + b'\nU2,"', "line 3: a quotation mark"),
        (HEADER + b"\n" + ROW + b'\nU2,"' + b"x\n" * 70_000, "line 3: a quotation mark"),
        (HEADER + b"\n" + b"x" * (1 << 21), "line 2: the line is too long"),
        (HEADER.replace(b",", b"\r"), "the header"),
    ],
    ids=range(17),
)
def test_an_unreadable_file_refuses_all(db, folder, content, match):
    (folder / PERSONS).write_bytes(content)
    refused(folder, match)


def test_an_unreadable_last_file_undoes_the_others(db, folder):
    (folder / POPULATION).write_bytes(b"nonsense")
    refused(folder, "vtj_persons.csv lacks")


def test_header_alone_is_a_file_without_rows(db, folder):
    (folder / PERMITS).write_bytes(HEADERS[PERMITS].encode())
    assert bring(folder).counts[PERMITS]["rows"] == 0
    assert Person.objects.count() == 1


def test_header_in_the_middle_is_a_row_refused(db, folder):
    (folder / PERSONS).write_bytes(HEADER + b"\n" + ROW + b"\n" + HEADER + b"\n")
    assert bring(folder).counts[PERSONS]["refused"] == 1


@pytest.mark.parametrize("names", [(), ("uma_persons.CSV",), (AGREEMENTS,), ("x/uma_persons.csv",)])
def test_none_of_the_known_files(db, tmp_path, names):
    for name in names:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(HEADER)
    refused(tmp_path, "None of the files")


def test_a_known_file_that_is_a_folder(db, tmp_path):
    (tmp_path / PERSONS).mkdir()
    refused(tmp_path, "is not a file")


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_file_that_may_not_be_read(db, folder):
    (folder / PERSONS).chmod(0)
    refused(folder, "cannot be read")


def test_a_file_that_grows_while_it_is_read(db, folder, monkeypatch):
    from registry.deliveries import services

    opened = services.content_read

    def read_then_grow(source, known, progress):
        content = opened(source, known, progress)
        with (folder / PERMITS).open("a") as file:
            file.write(permit("P2", "U1"))
        return content

    monkeypatch.setattr(services, "content_read", read_then_grow)
    refused(folder, "uma_permits.csv changed while it was read")


def zipped(
    tmp_path: Path, *members: tuple[str | ZipInfo, bytes], method: int = ZIP_DEFLATED
) -> Path:
    path = tmp_path / "delivery.zip"
    with (
        pytest.warns() if _repeats(members) else nullcontext(),
        ZipFile(path, "w", method) as archive,
    ):
        for name, content in members:
            archive.writestr(name, content, method)
    return path


def _repeats(members):
    names = [name for name, _content in members]
    return len({str(name) for name in names}) < len(names)


def link(name: str) -> ZipInfo:
    info = ZipInfo(name)
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info


GOOD = (PERSONS, HEADER + b"\n" + ROW + b"\n")


@pytest.mark.parametrize(
    ("extra", "match"),
    [
        ([("../uma_permits.csv", b"x")], "leads outside"),
        ([("/etc/passwd", b"x")], "leads outside"),
        ([("a/../../x", b"x")], "leads outside"),
        ([("..\\x", b"x")], "leads outside"),
        ([("C:x", b"x")], "leads outside"),
        ([GOOD], "two files named"),
        ([("more.zip", b"PK")], "a zip in it"),
        ([(link(PERMITS), b"/etc/passwd")], "is a link"),
    ],
)
def test_a_hostile_zip(db, tmp_path, extra, match):
    refused(zipped(tmp_path, GOOD, *extra), match)


def test_a_zip_compressed_unusually(db, tmp_path):
    refused(zipped(tmp_path, GOOD, method=ZIP_BZIP2), "unusual way")


def test_an_encrypted_zip(db, tmp_path):
    path = zipped(tmp_path, GOOD)
    content = bytearray(path.read_bytes())
    content[6] |= 1
    content[content.rindex(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(content)
    refused(path, "encrypted")


def test_a_zip_that_says_it_is_too_large(db, tmp_path, settings):
    settings.DELIVERY_MAX_BYTES = 1000
    refused(zipped(tmp_path, GOOD, ("bomb", b"0" * 1000)), "larger than the limit")


def test_a_zip_bomb_that_lies_about_its_size(db, tmp_path, settings):
    settings.DELIVERY_MAX_BYTES = 10_000
    path = zipped(tmp_path, (PERSONS, HEADER + b"\n" * 1_000_000))
    content = bytearray(path.read_bytes())
    at = content.rindex(b"PK\x01\x02") + 24
    content[at : at + 4] = struct.pack("<I", 100)
    path.write_bytes(content)
    refused(path, "broken|larger")


def test_a_zip_whose_contents_are_damaged(db, tmp_path):
    path = zipped(tmp_path, GOOD, method=0)
    path.write_bytes(path.read_bytes().replace(b"Testi", b"Testo"))
    refused(path, "uma_persons.csv is broken")


def test_no_zip_at_all(db, tmp_path):
    (tmp_path / "delivery.zip").write_bytes(b"hello")
    refused(tmp_path / "delivery.zip", "not a zip")


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_a_truncated_zip(db, tmp_path, share):
    path = zipped(tmp_path, GOOD)
    path.write_bytes(path.read_bytes()[: int(share * path.stat().st_size)])
    refused(path, "not a zip")


def test_a_zip_with_an_enormous_directory(db, tmp_path):
    path = zipped(tmp_path, GOOD, *((f"{'x' * 200}{n}", b"") for n in range(5000)))
    refused(path, "not a zip")


class TestCommand:
    def test_summary_and_rejects(self, db, folder, tmp_path, capsys):
        (folder / PERMITS).write_text(f"{HEADERS[PERMITS]}\n{permit('P1', 'U1', ground='a; b')}\n")
        rejects = tmp_path / "rejects.csv"
        call_command("import_delivery", str(folder), rejects=rejects)
        last = capsys.readouterr().out.splitlines()[-1]
        assert "2 rows, 1 accepted, 1 refused; 1 new" in last
        assert rejects.read_text() == (
            "file,line,column,value,reason\numa_permits.csv,2,ground,a; b,unknown_ground\n"
        )

    def test_again(self, db, folder, capsys):
        call_command("import_delivery", str(folder))
        call_command("import_delivery", str(folder))
        assert "nothing changed" in capsys.readouterr().out.splitlines()[-1]
        assert Permit.objects.count() == 1

    def test_refused(self, db, tmp_path):
        with pytest.raises(CommandError, match="None of the files") as refusal:
            call_command("import_delivery", str(tmp_path))
        assert refusal.value.returncode == 1

    @pytest.mark.parametrize(
        "arguments", [["/no/such"], ["{folder}", "--rejects=/no/such/file"], ["a\0b"]]
    )
    def test_bad_arguments(self, db, folder, arguments):
        with pytest.raises(CommandError, match=r"does not exist|cannot be written"):
            call_command("import_delivery", *(a.format(folder=folder) for a in arguments))
        assert not Delivery.objects.exists()
