"""Lists of persons to apply for: read, judged all at once, kept only when nothing is wrong (P-08, G-11)."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from django.utils.translation import override
from openpyxl import load_workbook

from grants.lists.reading.refusals import ListRefused, Refusal, sentence
from payments.cases.drafts import reading, services
from payments.cases.drafts.columns import COLUMNS
from payments.cases.drafts.errors import ListFaulty
from payments.cases.drafts.template import template_make
from payments.cases.errors import CaseRefused
from payments.models import DraftPerson, ManualCase, ManualDraft, ManualProposal
from tests.factories import municipality, resident
from tests.grants.lists import filled as filled_in_round
from tests.grants.lists import person as supported
from tests.grants.lists import repacked, saved
from tests.payments.manual import allocate, decide, match_all

pytestmark = pytest.mark.django_db

AT = datetime(2025, 3, 10, 9, 0, tzinfo=UTC)
TODAY = timezone.localdate(AT)
GOOD = ("T0001", "", "Testinen", "Testi", date(1990, 5, 1), "1/2025", "2/2025", "Vuokrasopimus.")


def row(**changed: object) -> tuple[object, ...]:
    return tuple({**dict(zip(COLUMNS, GOOD, strict=True)), **changed}.values())


def filled(*rows: tuple[object, ...], applicant: str = "398", language: str = "fi", change=None):
    book = load_workbook(io.BytesIO(template_make(municipality(applicant), language)))
    sheet = book.worksheets[1]
    for number, values in enumerate(rows, start=2):
        for column, value in enumerate(values, start=1):
            if value not in {None, ""}:
                sheet.cell(number, column, value)
    if change:
        change(book, sheet)
    return saved(book)


def received(anna, content: bytes, at: datetime = AT) -> ManualDraft:
    return services.draft_make(content, applicant=municipality("398"), by=anna, at=at)


def found(anna, *rows: tuple[object, ...]) -> list[tuple[int, str, str]]:
    """Line, column and code of each finding of a list that is refused."""
    with pytest.raises(ListFaulty) as faulty:
        received(anna, filled(*rows))
    return [(one.line, one.column, one.code.value) for one in faulty.value.findings]


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_a_list_becomes_a_draft_and_a_draft_an_application(anna, language):
    born = row(uma_number="", permit_number="p77", birth_date="1.5.1990", first_month="2025-01")
    draft = received(anna, filled(row(), born, language=language))
    proposal = services.draft_send(draft.pk, by=anna, today=TODAY)
    said = ("stated_uma_number", "stated_permit_number", "stated_birth_date", "first_month")
    assert list(proposal.cases.order_by("pk").values_list(*said)) == [
        ("T0001", "", date(1990, 5, 1), date(2025, 1, 1)),
        ("", "P77", date(1990, 5, 1), date(2025, 1, 1)),
    ]
    assert not ManualDraft.objects.exists() and not DraftPerson.objects.exists()


def test_a_preparer_drafts_and_a_sender_sends(anna, bertta):
    content = filled(row(), applicant="853")
    draft = services.draft_make(content, applicant=municipality("853"), by=bertta, at=AT)
    with pytest.raises(CaseRefused):
        services.draft_send(draft.pk, by=bertta, today=TODAY)
    assert ManualDraft.objects.filter(pk=draft.pk).exists()


@pytest.mark.parametrize(
    ("changed", "column", "code"),
    [
        ({"uma_number": "", "birth_date": None}, "uma_number", "who_missing"),
        ({"uma_number": "A"}, "uma_number", "number_length"),
        ({"permit_number": "1" * 41}, "permit_number", "number_length"),
        ({"family_name": "a" * 201}, "family_name", "too_long"),
        ({"evidence": "a" * 1001}, "evidence", "too_long"),
        ({"evidence": ""}, "evidence", "evidence_missing"),
        ({"birth_date": "31.2.1990"}, "birth_date", "date_unreadable"),
        ({"birth_date": date(2025, 3, 1)}, "birth_date", "born_after"),
        ({"first_month": ""}, "first_month", "month_unreadable"),
        ({"first_month": "13/2025"}, "first_month", "month_unreadable"),
        ({"last_month": "2025"}, "last_month", "month_unreadable"),
        ({"first_month": "3/2025"}, "last_month", "months_turned"),
        ({"last_month": "4/2025"}, "last_month", "not_begun"),
        ({"first_month": "1/2022", "last_month": "12/2022"}, "last_month", "late"),
    ],
)
def test_each_error_is_told_by_row_and_column(anna, changed, column, code):
    assert found(anna, row(uma_number="T9"), row(**changed)) == [
        (2, "uma_number", "number_length"),
        (3, column, code),
    ]
    assert not ManualDraft.objects.exists()


def test_the_evidence_may_be_as_long_as_in_the_form(anna):
    draft = received(anna, filled(row(evidence="a" * 1000)))
    assert len(draft.persons.get().evidence) == 1000


@pytest.mark.parametrize("cell", ["1/2025", "1.2025", "2025-01", date(2025, 1, 17), "17.1.2025"])
def test_a_month_is_read_however_it_is_written(anna, cell):
    draft = received(anna, filled(row(first_month=cell)))
    assert draft.persons.get().first_month == date(2025, 1, 1)


@pytest.mark.parametrize(
    "other",
    [
        {"permit_number": "P001"},
        {"uma_number": "T2000", "permit_number": "P000"},
        {"uma_number": " t0001 "},
    ],
)
def test_the_same_person_twice_is_told_in_both_rows(anna, other):
    twice = found(anna, row(permit_number="P000"), row(**other))
    assert [(line, code) for line, _column, code in twice] == [(2, "twice"), (3, "twice")]


def test_people_without_a_number_are_the_same_by_name_and_birth_date(anna):
    nameless = {"uma_number": "", "birth_date": date(1990, 1, 1)}
    assert len(found(anna, row(**nameless), row(**nameless, given_names="TESTI "))) == 2
    received(anna, filled(row(**nameless), row(**nameless, given_names="Toinen")))


def test_what_waits_already_is_an_error_and_what_was_decided_is_told(anna, kalle, hilkka):
    person = resident(lives_in="398", moved_in=date(2024, 2, 10))
    mine = row(uma_number=person.uma_number, first_month="1/2025", last_month="1/2025")
    first, second = received(anna, filled(mine)), received(anna, filled(mine))
    proposal = services.draft_send(first.pk, by=anna, today=TODAY)
    assert found(anna, mine) == [(2, "uma_number", "waits")]
    with pytest.raises(CaseRefused, match="odottaa"):
        services.draft_send(second.pk, by=anna, today=TODAY)
    (case,) = match_all(proposal, kalle)
    allocate(case, "398", "2025-01-01", "2025-01-31", kalle)
    decide(proposal, by=kalle, approver=hilkka)
    draft = received(anna, filled(mine))
    (told,) = services.draft_findings(draft, draft.persons.all(), today=TODAY)
    assert (told.code, told.is_error) == ("decided", False)


def test_the_list_is_no_way_of_asking_the_register(anna, bertta):
    """What is told is the same whether the register or another applicant knows the person or not."""
    person = resident(lives_in="853")
    theirs = filled(row(uma_number=person.uma_number), applicant="853")
    services.draft_make(theirs, applicant=municipality("853"), by=bertta, at=AT)
    for number in (person.uma_number, "NOBODY1"):
        draft = received(anna, filled(row(uma_number=number)))
        assert services.draft_findings(draft, draft.persons.all(), today=TODAY) == []


def test_late_months_beside_others_are_told_and_may_be_sent(anna):
    draft = received(anna, filled(row(first_month="11/2022", last_month="1/2025")))
    (told,) = services.draft_findings(draft, draft.persons.all(), today=TODAY)
    assert (told.column, told.code, told.is_error) == ("first_month", "late_partly", False)


FILES = {
    "not a workbook": (lambda: b"%PDF-1.7 \0", Refusal.OTHER_FORMAT),
    "csv": ("nimi;synt\n".encode, Refusal.CSV),
    "macros": (
        lambda: repacked(filled(row()), lambda parts: parts.update({"xl/vbaProject.bin": b"x"})),
        Refusal.MACROS,
    ),
    "a support's template": (lambda: filled_in_round([supported()]), Refusal.OTHER_SUPPORT),
    "another applicant's": (lambda: filled(row(), applicant="853"), Refusal.OTHER_APPLICANT),
    "without the stamp": (
        lambda: filled(row(), change=lambda book, _s: book.remove(book["kuntakorvaus"])),
        Refusal.NO_TEMPLATE,
    ),
    "another version": (
        lambda: filled(row(), change=lambda b, _s: b["kuntakorvaus"].cell(3, 2, "0")),
        Refusal.ALTERED_TEMPLATE,
    ),
    "a header gone": (
        lambda: filled(row(), change=lambda _b, sheet: sheet.cell(1, 8, "x")),
        Refusal.MISSING_COLUMNS,
    ),
    "no rows": (filled, Refusal.NO_ROWS),
    "an identity code": (lambda: filled(row(evidence="010594Y9032")), Refusal.IDENTITY_CODE),
    "a code elsewhere": (
        lambda: filled(row(), change=lambda _b, sheet: sheet.cell(2, 20, "010594Y9032")),
        Refusal.IDENTITY_CODE,
    ),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_no_list_is_refused_whole_with_its_sentence(anna, name):
    make, refusal = FILES[name]
    with pytest.raises(ListRefused) as refused:
        received(anna, make())
    assert refused.value.refusal == refusal and not ManualDraft.objects.exists()
    for language in ("fi", "sv", "en"):
        with override(language):
            said = sentence(refusal, refused.value.details, COLUMNS)
            assert said.endswith(".") and "{" not in said and "010594" not in said


def test_a_list_has_a_most(anna, monkeypatch):
    monkeypatch.setattr(reading, "MOST_LISTED", 1)
    with pytest.raises(ListRefused) as refused:
        received(anna, filled(row(), row(uma_number="T0002")))
    assert "1 " in sentence(refused.value.refusal, refused.value.details)


def test_a_template_of_an_older_version_is_refused(anna, monkeypatch):
    content = filled(row())
    monkeypatch.setattr("payments.cases.drafts.template.VERSION", "2")
    with pytest.raises(ListRefused) as refused:
        received(anna, content)
    assert refused.value.refusal == Refusal.OTHER_VERSION


def test_the_template_is_the_same_bytes_and_asks_what_the_form_asks(anna):
    from payments.cases.forms import PersonForm

    assert template_make(municipality("398"), "fi") == template_make(municipality("398"), "fi")
    assert list(COLUMNS) == list(PersonForm.base_fields)


def sent(client, content: bytes):
    upload = SimpleUploadedFile("lista.xlsx", content)
    return client.post("/applied/list/", {"file": upload})


@pytest.mark.parametrize(
    ("language", "told"),
    [("fi", "Kirjoita kuukausi"), ("sv", "Skriv månaden"), ("en", "Write the month")],
)
def test_the_page_tells_all_findings_in_its_language(anna, client, language, told):
    client.force_login(anna)
    client.cookies["django_language"] = language
    bad = filled(row(first_month="tammikuu"), row(uma_number="T2", birth_date="eilen"))
    page = sent(client, bad)
    text = page.content.decode()
    assert page.status_code == 200 and told in text and "tammikuu" in text and "eilen" in text
    assert len(page.context["findings"]) == 3 and not ManualDraft.objects.exists()


def test_a_list_goes_through_the_pages(anna, client):
    client.force_login(anna)
    template = client.get("/applied/list/sv.xlsx")
    assert load_workbook(io.BytesIO(template.content)).worksheets[1]["B1"].value.startswith("Upp")
    today = timezone.localdate()
    month = f"{today.month}/{today.year}"
    good = filled(row(first_month=month, last_month=month))
    where = sent(client, good).url
    page = client.get(where)
    assert "T0001" in page.content.decode() and page.context["may_send"]
    assert where in client.get("/applied/").content.decode()
    assert client.post(f"{where}send/").url == f"/applied/{ManualProposal.objects.get().pk}/"
    assert ManualCase.objects.get().stated_uma_number == "T0001"


def test_a_draft_is_removed_by_whoever_may_open_it(anna, client):
    client.force_login(anna)
    draft = received(anna, filled(row()))
    assert client.post(f"/applied/drafts/{draft.pk}/remove/").status_code == 302
    assert not ManualDraft.objects.exists()
