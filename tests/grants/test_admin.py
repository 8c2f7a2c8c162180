"""Rounds in admin, to and from files."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

pytestmark = pytest.mark.django_db

DATA = Path(__file__).resolve().parents[2] / "grants" / "data"
FILES = {
    "round": "supplement_rounds.csv",
    "roundamount": "supplement_amounts.csv",
    "roundground": "supplement_grounds.csv",
}
CSV = "1"


@pytest.fixture
def page(client, tuula):
    client.force_login(tuula)
    client.cookies["django_language"] = "en"
    return client


def preview(page, model, content):
    upload = SimpleUploadedFile("file.csv", content.encode())
    return page.post(
        f"/admin/grants/{model}/import/", {"format": CSV, "resource": "0", "import_file": upload}
    )


@pytest.mark.parametrize(("model", "file"), FILES.items())
def test_an_export_is_the_data_file_and_comes_in_unchanged(page, model, file):
    lines = (DATA / file).read_text(encoding="utf-8").splitlines()
    fields = {f"{model}table_{column}": "on" for column in lines[0].split(",")}
    exported = page.post(
        f"/admin/grants/{model}/export/", {"format": CSV, "resource": "0", **fields}
    ).content.decode()
    assert sorted(exported.splitlines()) == sorted(lines)
    assert preview(page, model, exported).context["result"].totals["skip"] == len(lines) - 1


def test_a_round_that_closes_before_it_opens_is_refused(page):
    lines = (DATA / FILES["round"]).read_text(encoding="utf-8").splitlines()
    wrong = lines[1].replace("2018-02-28", "2017-02-28")
    shown = preview(page, "round", f"{lines[0]}\n{wrong}\n")
    assert "The values contradict one another" in shown.content.decode()
