"""The register in admin: what coordinators keep, and what is only shown."""

from datetime import date
from pathlib import Path

import pytest
from django.contrib import admin
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile

from registry.models import Agreement, AuthorityName, Delivery, Organisation
from tests.factories import AgreementFactory, RejectedRowFactory, municipality, resident

pytestmark = pytest.mark.django_db

DATA = Path(__file__).resolve().parents[2] / "registry" / "data"
CSV = "1"
AGREEMENTS = "municipality_code,valid_from,valid_to,reference\n"
EXPORTED = {
    "organisation": ("kind,code,name_fi,name_sv,language,county,in_aland,business_id,valid_from,"
                     "valid_to,merged_into"),
    "authority": "code",
    "authorityname": "authority,name_fi,name_sv,valid_from,valid_to,source",
    "ground": "code,name_fi,name_sv,name_en,scope,in_scope_from,in_scope_to,source",
}  # fmt: skip


@pytest.fixture
def page(client, tuula):
    client.force_login(tuula)
    client.cookies["django_language"] = "en"
    return client


def export(page, model):
    fields = {f"{model}table_{column}": "on" for column in EXPORTED[model].split(",")}
    sent = page.post(f"/admin/registry/{model}/export/", {"format": CSV, "resource": "0", **fields})
    return sent.content.decode()


def preview(page, content, model):
    upload = SimpleUploadedFile("file.csv", content.encode())
    return page.post(
        f"/admin/registry/{model}/import/", {"format": CSV, "resource": "0", "import_file": upload}
    )


def send_agreements(page, content, name="agreements.csv"):
    upload = SimpleUploadedFile(name, content.encode())
    return page.post("/admin/registry/agreement/import/", {"file": upload})


@pytest.mark.parametrize(("model", "header"), EXPORTED.items())
def test_an_export_can_be_imported_and_changes_nothing(page, model, header):
    exported = export(page, model)
    assert exported.splitlines()[0] == header
    result = preview(page, exported, model).context["result"]
    assert result.totals["skip"] == len(exported.splitlines()) - 1


def test_grounds_export_as_their_data_file(page):
    lines = (DATA / "grounds.csv").read_text(encoding="utf-8").splitlines()
    assert sorted(export(page, "ground").splitlines()) == sorted(lines)


def test_a_merger_comes_in_by_codes(page):
    rows = [line for line in export(page, "organisation").splitlines() if ",507," in line[:20]]
    ended = rows[0].removesuffix(",,") + ",2027-12-31,491"
    shown = preview(page, f"{EXPORTED['organisation']}\n{ended}\n", "organisation")
    page.post("/admin/registry/organisation/process_import/", shown.context["confirm_form"].initial)
    changed = municipality("507")
    assert (changed.valid_to, changed.merged_into) == (date(2027, 12, 31), municipality("491"))


@pytest.mark.parametrize(
    ("business_id", "kept"),
    [("0149669-3", "0149669-3"), ("", None), ("0149669-4", None), ("01496693", None)],
)
def test_a_business_id_is_kept_if_its_check_digit_is_right(page, business_id, kept):
    lahti = municipality("398")
    address = f"/admin/registry/organisation/{lahti.pk}/change/"
    given = page.get(address).context["adminform"].form.initial
    sent = {name: value for name, value in given.items() if value is not None}
    page.post(address, {**sent, "business_id": business_id})
    assert municipality("398").business_id == kept


def test_a_file_with_a_wrong_business_id_is_refused_in_the_preview(page):
    rows = [line for line in export(page, "organisation").splitlines() if ",398," in line[:20]]
    columns = rows[0].split(",")
    columns[EXPORTED["organisation"].split(",").index("business_id")] = "0149669-4"
    shown = preview(page, f"{EXPORTED['organisation']}\n{','.join(columns)}\n", "organisation")
    (refused,) = shown.context["result"].invalid_rows
    assert "check digit" in str(refused.error)


def test_an_unknown_successor_is_refused_in_the_preview(page):
    rows = [line for line in export(page, "organisation").splitlines() if ",507," in line[:20]]
    ended = rows[0].removesuffix(",,") + ",2027-12-31,999"
    shown = preview(page, f"{EXPORTED['organisation']}\n{ended}\n", "organisation")
    result = shown.context["result"]
    assert result.has_errors() or result.has_validation_errors()
    assert Organisation.objects.get(code="507").valid_to is None


def test_an_authority_has_one_name_a_day(page):
    second = "keha,Toinen nimi,Ett annat namn,2025-06-01,2025-06-30,test"
    shown = preview(page, f"{EXPORTED['authorityname']}\n{second}\n", "authorityname")
    assert "is in force on some of these days" in shown.content.decode()
    form = {
        "authority": AuthorityName.objects.filter(authority__code="keha")[0].authority_id,
        "name_fi": "Toinen nimi", "name_sv": "Ett annat namn", "valid_from": "2025-06-01",
        "valid_to": "2025-06-30", "source": "test",
    }  # fmt: skip
    refused = page.post("/admin/registry/authorityname/add/", form)
    assert "is in force on some of these days" in refused.content.decode()


def test_an_organisation_that_something_refers_to_is_not_deleted(page):
    lahti = AgreementFactory.create().municipality
    page.post(f"/admin/registry/organisation/{lahti.pk}/delete/", {"post": "yes"})
    assert Organisation.objects.filter(pk=lahti.pk).exists()


def test_no_person_is_in_the_administration_site(page):
    """Coordinators decide no cases: nothing of a person is registered there."""
    registered = {model._meta.label for model in admin.site._registry}
    persons = {"Person", "PersonDetails", "Permit", "Residence", "RejectedRow", "IdentityCode"}
    assert registered.isdisjoint({f"registry.{name}" for name in persons})


@pytest.mark.parametrize("model", ["delivery", "agreement"])
def test_facts_are_shown_and_never_edited(page, model):
    resident()
    AgreementFactory()
    RejectedRowFactory()
    assert page.get(f"/admin/registry/{model}/").status_code == 200
    assert page.get(f"/admin/registry/{model}/add/").status_code == 403


def test_agreements_come_in_by_a_file(page, tuula):
    link = page.get("/admin/registry/agreement/").content.decode()
    assert "/admin/registry/agreement/import/" in link
    sent = send_agreements(page, AGREEMENTS + "398,2026-01-01,,L1\n")
    assert sent.status_code == 302
    (agreement,) = Agreement.objects.current()
    assert (agreement.municipality, agreement.reference) == (municipality("398"), "L1")
    assert Delivery.objects.get().received_by == tuula
    (message,) = get_messages(sent.wsgi_request)
    assert "1 rows, 1 accepted" in str(message)


@pytest.mark.parametrize("content", ["", "colour\nred\n", "municipality_code,valid_from\n398,\n"])
def test_a_wrong_file_of_agreements_is_a_form_error(page, content):
    sent = send_agreements(page, content)
    assert sent.status_code == 200
    assert sent.context["form"].errors["file"]
    assert not Delivery.objects.exists()


def test_agreements_are_for_those_who_may(client, anna):
    anna.is_staff = anna.is_superuser = True  # Django's flags open nothing here
    anna.save()
    client.force_login(anna)
    assert send_agreements(client, AGREEMENTS).status_code == 403
