"""Rounds in admin, to and from files."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from grants.models import Round
from tests.factories import ApplicationFactory
from tests.grants.applications import send

pytestmark = pytest.mark.django_db

DATA = Path(__file__).resolve().parents[2] / "grants" / "data"
FILES = {
    "round": "supplement_rounds.csv",
    "roundamount": "supplement_amounts.csv",
    "roundground": "supplement_grounds.csv",
    "budgetframe": "budget_frames.csv",
}
CSV = "1"


MORE = {"supplement_rounds.csv": "salary_rounds.csv"}  # rows of the same table


def lines_of(file):
    lines = (DATA / file).read_text(encoding="utf-8").splitlines()
    return [*lines, *(lines_of(MORE[file])[1:] if file in MORE else [])]


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
    lines = lines_of(file)
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


def test_a_round_with_applications_sent_is_not_changed_and_the_page_says_why(page):
    send(ApplicationFactory.create())
    lines = (DATA / FILES["roundamount"]).read_text(encoding="utf-8").splitlines()
    wrong = "L2024,county,0,6,136.81,published"
    shown = preview(page, "roundamount", f"{lines[0]}\n{wrong}\n")
    assert "what they rest on stands" in shown.content.decode()


def test_next_years_round_is_made_by_an_action(page):
    last = Round.objects.get(code="L2024")
    action = {"action": "copy", "_selected_action": [last.pk]}
    shown = page.post("/admin/grants/round/", action, follow=True).content.decode()
    assert "Round L2025 is made as a draft." in shown
    assert Round.objects.get(code="L2025").amounts.count() == 4
