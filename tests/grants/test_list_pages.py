"""The pages of a list: what they show and to whom, what they send, in how many queries (G-09 … G-12)."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from grants.lists import tasks
from grants.lists.checking.findings import findings_store
from grants.lists.models import ListRow, ListState, PersonList, RowCorrection
from grants.models import Application
from registry.models import AuditEvent
from tests.factories import ApplicationFactory, RoundFactory, moved, municipality, resident
from tests.grants.applications import send
from tests.grants.lists import filled, listed, person, persons, read

pytestmark = pytest.mark.django_db
AT = datetime(2024, 3, 1, 9, 0, tzinfo=UTC)


@pytest.fixture
def annas(client, anna):
    """The client signed in as Anna, in English."""
    client.force_login(anna)
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def draft(anna) -> Application:
    return ApplicationFactory.create(round=RoundFactory.create(code="L2023"), created_by=anna)


def upload(client, draft: Application, content: bytes, name: str = "lista.xlsx") -> str:
    where = reverse("list_upload", args=[draft.pk])
    answer = client.post(where, {"file": SimpleUploadedFile(name, content)}, follow=True)
    return answer.content.decode()


def page(client, name: str, draft: Application, query: str = "") -> str:
    return client.get(reverse(name, args=[draft.pk]) + query).content.decode()


def change(client, row: ListRow, **posted):
    where = reverse("row_change", args=[row.list.application_id, row.pk])
    last = row.corrections.last()
    return client.post(where, {"seen": last.pk if last else 0, "step": "save"} | posted)


def test_a_list_is_sent_and_what_is_wrong_is_grouped_with_counts(annas, draft):
    rows = [person(uma_number=f"T{n:04}", nationality="Absurdistan") for n in range(3)]
    text = upload(annas, draft, filled(rows))
    assert "The nationality is missing or unknown" in text
    assert "must be corrected or removed" in text
    assert PersonList.objects.current().get().rows.count() == 3


def test_a_refused_file_is_told_with_the_right_template_beside(annas, draft):
    text = upload(annas, draft, filled([person()], round_="L2024"))
    assert "template of round L2024" in text
    assert reverse("list_template", args=[draft.pk, "sv"]) in text


@pytest.mark.parametrize(("content", "told"), [(b"", "empty"), (b"x" * 10_485_761, "over 10 MB")])
def test_a_file_of_no_size_or_too_much_is_told(annas, draft, content, told):
    assert told in upload(annas, draft, content)
    assert not PersonList.objects.filter(state=ListState.READ).exists()


@override_settings(REDIS_URL="redis://nowhere")
def test_with_workers_the_page_waits_until_one_has_read_it(annas, draft, monkeypatch):
    monkeypatch.setattr(tasks.read, "delay", lambda: None)
    assert "is being read" in upload(annas, draft, filled([person()]))
    tasks.sweep()
    assert "is being read" not in page(annas, "application_list", draft)


def test_a_row_is_mended_in_the_page(annas, draft):
    upload(annas, draft, filled([person(nationality="Absurdistan")]))
    row = ListRow.objects.get()
    assert 'value="Absurdistan"' in page(annas, "application_check", draft)
    answer = change(annas, row, nationality="Afghanistan")
    assert answer.url.endswith(f"#row-{row.pk}")
    row.refresh_from_db()
    assert row.nationality == "AFG" and not row.findings.errors().exists()
    text = page(annas, "application_check", draft, "?show=all")
    assert "Corrected in the service" in text and "Anna Lahtinen" in text


def test_with_htmx_the_row_alone_is_sent_and_the_figures_with_it(annas, draft):
    upload(annas, draft, filled([person(nationality="Absurdistan")]))
    row = ListRow.objects.get()
    where = reverse("row_change", args=[draft.pk, row.pk])
    said = {"seen": 0, "step": "save", "nationality": "Afghanistan"}
    text = annas.post(where, said, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in text and "saved and checked" in text and 'hx-swap-oob="true"' in text


@pytest.mark.parametrize(
    "posted", [{"name": "Testi 010594Y9032"}, {"seen": 99}, {"name": "x" * 201}]
)
def test_what_is_refused_changes_nothing_and_is_told(annas, draft, posted):
    upload(annas, draft, filled([person()]))
    change(annas, ListRow.objects.get(), **posted)
    assert not RowCorrection.objects.exists()
    assert 'data-level="error"' in page(annas, "application_check", draft)


def test_a_row_is_removed_put_back_and_undone(annas, draft):
    upload(annas, draft, filled([person()]))
    for step, removed in (("remove", True), ("restore", False), ("undo", True)):
        change(annas, ListRow.objects.get(), step=step)
        assert ListRow.objects.get().is_removed == removed
    assert "Put back" in page(annas, "application_check", draft, "?show=removed")


def test_only_the_rows_of_the_page_are_sent(annas, draft):
    upload(annas, draft, filled(persons(60)))
    first = page(annas, "application_check", draft, "?show=all")
    assert first.count('class="person"') == 25 and "after=26" in first
    assert 'value="T0000026"' in page(annas, "application_check", draft, "?show=all&after=26")


@pytest.mark.parametrize("name", ["application_list", "application_check"])
def test_a_page_asks_as_often_for_many_rows_as_for_few(annas, draft, name):
    asked = []
    upload(annas, draft, filled(persons(1)))
    for rows in (persons(2), persons(60, nationality="X")):
        upload(annas, draft, filled(rows))
        page(annas, name, draft)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            page(annas, name, draft)
        asked.append(len(queries))
    assert asked[0] == asked[1] <= 20


@pytest.mark.parametrize(
    "query", ["?show=nonsense", "?after=x", "?show=all&after=99999999999999999999"]
)
def test_an_address_that_asks_for_nothing_known_is_not_there(annas, draft, query):
    upload(annas, draft, filled([person()]))
    assert annas.get(reverse("application_check", args=[draft.pk]) + query).status_code == 404


def test_the_template_comes_in_the_language_asked_for(annas, draft, tmp_path):
    answer = annas.get(reverse("list_template", args=[draft.pk, "sv"]))
    assert answer["Content-Disposition"] == 'attachment; filename="L2023-sv.xlsx"'
    assert annas.get(reverse("list_template", args=[draft.pk, "de"])).status_code == 404


def test_the_file_is_given_back_as_it_was_sent_under_a_name_that_says_nothing(annas, draft):
    content = filled([person()])
    text = upload(annas, draft, content, name="Testisen perhe.xlsx")
    assert "Testisen perhe.xlsx" in text
    answer = annas.get(reverse("list_file", args=[draft.pk, 1]))
    assert answer.content == content and "Testisen" not in str(answer.headers)


def test_the_corrected_list_can_be_read_again_and_has_its_findings(annas, draft, tmp_path):
    upload(annas, draft, filled([person(nationality="Absurdistan"), person(uma_number="T2222")]))
    answer = annas.get(reverse("list_corrected", args=[draft.pk]))
    ((_line, first), (_other, second)) = read(answer.content, tmp_path)
    assert first["nationality"] == "Absurdistan" and second["nationality"] == "Afghanistan"
    assert second["moved_in"] == "2022-06-01"
    upload(annas, draft, answer.content)
    latest = PersonList.objects.current().get()
    assert latest.number == 2 and latest.rows.count() == 2


def test_persons_on_a_page_are_logged_by_their_ids(annas, draft):
    known = resident(moved_in=date(2022, 6, 1))
    upload(annas, draft, filled([person(uma_number=known.uma_number)]))
    page(annas, "application_check", draft)
    event = AuditEvent.objects.latest("pk")
    assert (event.verb, event.persons, event.purpose) == ("viewed", [known.pk], "supplements")


def test_what_tells_of_a_protected_person_is_in_no_page_and_no_file(annas, anna, tmp_path):
    hiding = resident(moved_in=date(2023, 5, 1), protected=True, lives_in="853")
    moved(hiding, to="398", on=date(2023, 6, 1))
    person_list = listed([{"uma_number": hiding.uma_number}], created_by=anna)
    findings_store(person_list)
    assert person_list.findings.filter(is_hidden=True).exists()
    draft = person_list.application
    told = [page(annas, name, draft) for name in ("application_list", "application_check")]
    told.append(str(annas.get(reverse("list_corrected", args=[draft.pk])).content))
    for text in told:
        assert "first home" not in text and "differs" not in text and "Turku" not in text


def test_the_same_finding_of_another_person_is_told(annas, anna):
    known = resident(moved_in=date(2023, 3, 1), lives_in="853")
    moved(known, to="398", on=date(2023, 5, 1))
    person_list = listed([{"uma_number": known.uma_number}], created_by=anna)
    findings_store(person_list)
    text = page(annas, "application_check", person_list.application)
    assert "Not the first home municipality" in text and "Turku" not in text


def test_a_row_of_another_application_is_not_reached_through_ones_own(annas, draft, anna):
    other = listed([{}], applicant=municipality("853"))
    row = other.rows.get()
    where = reverse("row_change", args=[draft.pk, row.pk])
    assert annas.post(where, {"seen": 0, "name": "X"}).status_code == 404
    own = listed([{}], created_by=anna).rows.get()
    assert (
        annas.post(reverse("row_change", args=[draft.pk, own.pk]), {"seen": 0}).status_code == 404
    )


def test_a_list_that_was_sent_is_shown_and_stands(annas, draft):
    upload(annas, draft, filled([person()]))
    send(draft)
    text = page(annas, "application_check", draft, "?show=all")
    assert "readonly" in text and "Save and check" not in text
    assert "Send a new list" not in page(annas, "application_list", draft)


def test_a_salary_grant_has_no_list_page(annas, anna):
    draft = ApplicationFactory.create(round=RoundFactory.create(code="P2023"), created_by=anna)
    assert annas.get(reverse("application_list", args=[draft.pk])).status_code == 404
