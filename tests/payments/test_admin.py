"""Figures in admin: to and from files, and what the database refuses said on the page."""

import csv
from datetime import date
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook, load_workbook

from payments.models import Citation, Duration, Rate, ReferenceRate
from tests.factories import approved_run
from tests.grants.lists import repacked

pytestmark = pytest.mark.django_db

DATA = Path(__file__).resolve().parents[2] / "payments" / "data"
SHEET = "xl/worksheets/sheet1.xml"
XLSX, CSV = "0", "1"
FILES = {"rate": Rate, "duration": Duration, "citation": Citation, "referencerate": ReferenceRate}
ADULT = {
    "benefit": "calculated", "route": "automatic", "payee_kind": "municipality",
    "region": "mainland", "component": "adult", "min_age": "18", "max_age": "",
    "annual_eur": "7741.00", "valid_from": "2025-01-01", "valid_to": "", "source": "872/2024 § 1",
}  # fmt: skip


@pytest.fixture
def page(client, tuula):
    client.force_login(tuula)
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def adult_rate():
    return Rate.objects.get(annual_eur="7741.00")


def written(rows: list[dict[str, str]]) -> str:
    out = StringIO()
    writer = csv.DictWriter(out, fieldnames=rows[0], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def workbook(rows: list[dict[str, str]]) -> bytes:
    book, out = Workbook(), BytesIO()
    sheet = book.active
    assert sheet is not None
    sheet.append(list(rows[0]))
    for row in rows:
        sheet.append([value or None for value in row.values()])
    book.save(out)
    return out.getvalue()


def export(page, model, form):
    fields = {f"{model}table_{column}": "on" for column in csv_columns(model)}
    return page.post(
        f"/admin/payments/{model}/export/",
        {"format": form, "resource": "0", **fields},
    )


def csv_columns(model):
    return data_file(model).read_text(encoding="utf-8").partition("\n")[0].split(",")


def data_file(model):
    return DATA / {"referencerate": "reference_rates.csv"}.get(model, f"{model}s.csv")


def preview(page, content, form=CSV, model="rate"):
    upload = SimpleUploadedFile(
        "rates", content if isinstance(content, bytes) else content.encode()
    )
    return page.post(
        f"/admin/payments/{model}/import/",
        {"format": form, "resource": "0", "import_file": upload},
    )


def confirm(page, previewed, model="rate"):
    fields = previewed.context["confirm_form"].initial
    return page.post(f"/admin/payments/{model}/process_import/", fields, follow=True)


def change(page, rate, **changes):
    return page.post(f"/admin/payments/rate/{rate.pk}/change/", {**ADULT, **changes})


@pytest.mark.parametrize("model", ["rate", "duration", "citation"])
def test_csv_export_is_the_data_file(page, model):
    exported = export(page, model, CSV)
    assert exported.status_code == 200
    lines = data_file(model).read_text(encoding="utf-8").splitlines()
    assert sorted(exported.content.decode().splitlines()) == sorted(lines)


def test_xlsx_export_holds_numbers_and_dates(page, adult_rate):
    (sheet,) = load_workbook(BytesIO(export(page, "rate", XLSX).content)).worksheets
    header, *rows = sheet.values
    amounts = {row[header.index("annual_eur")]: row[header.index("valid_from")] for row in rows}
    assert amounts[7741].date() == date(2025, 1, 1)


@pytest.mark.parametrize(
    ("put", "reason"),
    [
        (b'<row><c r="XFD1048576"><v>1</v></c></row></sheetData>', "far_cells"),
        (b"</sheetData><!DOCTYPE x>", "unsafe"),
    ],
)
def test_a_hostile_workbook_is_not_opened(page, put, reason):
    def change(parts: dict[str, bytes]) -> None:
        parts[SHEET] = parts[SHEET].replace(b"</sheetData>", put)

    shown = preview(page, repacked(export(page, "rate", XLSX).content, change), XLSX, "rate")
    (said,) = shown.context["form"].errors["import_file"]
    assert f"({reason})" in said


@pytest.mark.parametrize("model", FILES)
@pytest.mark.parametrize("form", [XLSX, CSV])
def test_importing_an_export_changes_nothing(page, model, form):
    shown = preview(page, export(page, model, form).content, form, model).context["result"]
    assert not shown.has_errors()
    assert not shown.has_validation_errors()
    assert shown.totals["skip"] == FILES[model]._default_manager.count()


@pytest.mark.parametrize(("write", "form"), [(written, CSV), (workbook, XLSX)])
def test_a_preview_changes_nothing_and_its_confirmation_does(page, adult_rate, write, form):
    ended = {**ADULT, "valid_to": "2026-12-31"}
    following = {**ADULT, "annual_eur": "7800,50", "valid_from": "1.1.2027"}
    shown = preview(page, write([ended, following]), form)
    assert shown.context["result"].totals["update"] == 1
    assert shown.context["result"].totals["new"] == 1
    assert Rate.objects.filter(component="adult", region="mainland", min_age=18).count() == 2
    confirm(page, shown)
    new = Rate.objects.get(valid_from=date(2027, 1, 1))
    assert (new.monthly_cents, new.source) == (65004, "872/2024 § 1")
    adult_rate.refresh_from_db()
    assert adult_rate.valid_to == date(2026, 12, 31)


def test_an_overlapping_rate_is_refused_in_the_preview_beside_good_rows(page):
    overlapping = {**ADULT, "valid_from": "2026-01-01"}
    earlier = {**ADULT, "valid_from": "2024-01-01", "valid_to": "2024-12-31"}
    shown = preview(page, written([overlapping, earlier]))
    (refused,) = shown.context["result"].invalid_rows
    assert refused.number == 1
    assert "is in force on some of these days" in shown.content.decode()
    assert shown.context["result"].totals["new"] == 1
    assert shown.context.get("confirm_form") is None


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        ("annual_eur", "plenty", "&#x27;plenty&#x27; is not a number."),
        ("annual_eur", "-1", "The values contradict one another"),
        ("valid_to", "2020-01-01", "The values contradict one another"),
        ("valid_from", "31.2.2027", "Value could not be parsed"),
        ("route", "by hand", "is not a valid choice"),
        ("min_age", "", "This field cannot be null"),
    ],
)
def test_a_bad_value_is_shown_with_its_row(page, column, value, message):
    shown = preview(page, written([{**ADULT, "valid_from": "2027-01-01", column: value}]))
    result = shown.context["result"]
    assert result.has_errors() or result.has_validation_errors()
    assert message in shown.content.decode()


def test_a_used_rate_in_a_file_is_refused_in_the_preview(page, adult_rate, kalle, hilkka):
    approved_run(adult_rate, checker=kalle, approver=hilkka)
    shown = preview(page, written([{**ADULT, "annual_eur": "7800"}]))
    assert "An approved run has used this rate for 2025-01" in shown.content.decode()


def test_a_used_rate_is_not_changed_but_may_end(page, adult_rate, kalle, hilkka):
    approved_run(adult_rate, checker=kalle, approver=hilkka)
    refused = change(page, adult_rate, annual_eur="7800")
    (message,) = refused.context["adminform"].form.non_field_errors()
    assert message.startswith("An approved run has used this rate for 2025-01: it can only end")
    assert change(page, adult_rate, valid_to="2024-12-31").status_code == 200, "used after that"
    assert change(page, adult_rate, valid_to="2025-12-31").status_code == 302


def test_a_used_rate_is_not_deleted(page, adult_rate, kalle, hilkka):
    run = approved_run(adult_rate, checker=kalle, approver=hilkka)
    path = f"/admin/payments/rate/{adult_rate.pk}/delete/"
    assert str(run) in page.get(path).content.decode(), "says what protects it"
    page.post(path, {"post": "yes"})
    assert Rate.objects.filter(pk=adult_rate.pk).exists()


def test_an_overlapping_rate_is_a_form_error(page):
    refused = page.post("/admin/payments/rate/add/", {**ADULT, "valid_from": "2026-01-01"})
    (message,) = refused.context["adminform"].form.non_field_errors()
    assert message == "Another row of the same kind is in force on some of these days."


def test_a_good_rate_is_saved_once(page):
    added = page.post("/admin/payments/rate/add/", {**ADULT, "valid_from": "2010-01-01",
                                                    "valid_to": "2010-12-31"})  # fmt: skip
    assert added.status_code == 302
    assert Rate.objects.filter(valid_from=date(2010, 1, 1)).count() == 1


def test_what_another_page_did_meanwhile_is_a_message(page, adult_rate, monkeypatch):
    monkeypatch.setattr("config.lib.admin.TrialForm.validate_unique", lambda self: None)
    sent = page.post("/admin/payments/rate/add/", {**ADULT, "valid_from": "2026-01-01"})
    assert sent.status_code == 302
    (message,) = get_messages(sent.wsgi_request)
    assert "in force on some of these days" in str(message)


def test_an_empty_or_foreign_file_is_refused_without_a_traceback(page):
    for content in (b"", b"\xff\xfe\x00", b"name,colour\na,b\n"):
        assert preview(page, content).status_code == 200
        assert preview(page, content, XLSX).status_code == 200
    assert Rate.objects.count() == 29


@pytest.mark.parametrize("model", ["run", "proposal"])
def test_what_a_run_owns_is_only_shown(page, model, adult_rate, kalle, hilkka):
    approved_run(adult_rate, checker=kalle, approver=hilkka)
    assert page.get(f"/admin/payments/{model}/").status_code == 200
    assert page.get(f"/admin/payments/{model}/add/").status_code == 403
