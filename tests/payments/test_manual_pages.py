"""Manual cases in the browser: applied for, allocated, decided, fetched; each sees their own (P-03, P-08)."""

from __future__ import annotations

from datetime import date

import pytest

from payments.cases.matching import names_alike
from payments.cases.selectors.lists import years
from payments.models import ManualCase, ManualProposal
from registry.models import DisclosureEvent
from tests.documents import faults, said, workbook
from tests.payments.law import home, permit, person_rows, resident
from tests.payments.manual import allocate, apply, decide, match_all
from tests.payments.runs import deliver, rows, settle

SINCE = "2024-02-10"


@pytest.fixture
def known(db):
    """1/2025 and 2/2025 approved, with N who has no identity code."""
    resident("A", moved_in=SINCE)
    deliver(person_rows("N", code="", homes=[], permits=[permit("87", SINCE, applied="true")]))
    settle("2025-01")
    return settle("2025-02")


def person(number: int = 0, **values: str) -> dict[str, str]:
    """A person as the form sends them."""
    given = {
        "uma_number": "N", "first_month": "1/2025", "last_month": "2/2025", "evidence": "Vuokra.",
    } | values  # fmt: skip
    return {f"form-{number}-{name}": value for name, value in given.items()}


def applied(client, **values: str) -> ManualProposal:
    sent = client.post(
        "/applied/apply/", {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "0", **person(**values)}
    )
    assert sent.status_code == 302, sent.content.decode()[:3000]
    return ManualProposal.objects.get()


def worked(client, anna, kalle, hilkka, town="398") -> ManualProposal:
    """From the application to the decision, through the pages."""
    client.force_login(anna)
    proposal = applied(client)
    case = proposal.cases.get()
    client.force_login(kalle)
    workbench = f"/cases/{case.pk}/"
    (candidate,) = client.get(workbench).context["candidates"]
    client.post(f"{workbench}match/", {"person": candidate.person.pk, "reason": "Sama numero."})
    municipality = client.get(workbench).context["allocate_form"].fields["municipality"]
    client.post(
        f"{workbench}allocate/",
        {"municipality": municipality.queryset.get(code=town).pk, "moved_in": "10.2.2024",
         "moved_out": "28.2.2025", "evidence": "Vuokrasopimus."},
    )  # fmt: skip
    assert client.get(workbench).context["months"]
    client.post(f"/applied/{proposal.pk}/propose/")
    client.force_login(hilkka)
    client.post(f"/applied/{proposal.pk}/decide/")
    proposal.refresh_from_db()
    assert proposal.status == "decided"
    return proposal


def test_from_the_application_to_the_ledger_and_the_code(known, anna, kalle, hilkka, client):
    """Done means: allocated, decided by another, paid once by hand, then by the automatic run."""
    proposal = worked(client, anna, kalle, hilkka)
    settle("2025-03")
    deliver(person_rows("N", homes=[home("398", SINCE)], permits=[permit("87", SINCE)]))
    settle("2025-04")
    client.force_login(kalle)
    person_page = client.get(f"/persons/{proposal.cases.get().person_id}/").content.decode()
    assert "manuaalinen kohdennus" in person_page and "Vuokrasopimus." in person_page
    routes = {tuple(row.split(",")[i] for i in (1, 7)) for row in rows("2025-04") if ",N," in row}
    assert routes == {("2025-04", "automatic")}


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_the_officer_fetches_the_letter_and_the_appendix(
    known, anna, kalle, hilkka, client, language
):
    proposal = worked(client, anna, kalle, hilkka)
    decision = proposal.decisions.get().decision
    client.force_login(anna)
    client.post(f"/decisions/{decision.pk}/fetch/", {"language": language})
    letter, appendix, book = (
        client.get(f"/decisions/{decision.pk}/{name}").content
        for name in (
            f"decision-{language}.pdf", f"person-appendix-{language}.pdf",
            f"person-appendix-{language}.xlsx",
        )
    )  # fmt: skip
    assert not faults(letter) and not faults(appendix)
    assert "1 632,16" in said(letter).replace("\xa0", " ") and "621/1999" not in said(letter)
    assert "621/1999" in said(appendix)
    values = list(workbook(book).active.iter_rows(values_only=True))
    assert [(row[1], float(row[5])) for row in values[-2:]] == [("N", 645.08), ("N", 645.08)]
    disclosed = DisclosureEvent.objects.filter(case_ref=f"manual {proposal.pk}")
    assert disclosed.count() == 2 and len(disclosed[0].persons) == 1


def test_another_municipality_learns_only_that(known, anna, kalle, hilkka, client):
    proposal = worked(client, anna, kalle, hilkka, town="853")
    client.force_login(anna)
    page = client.get(f"/applied/{proposal.pk}/").content.decode()
    assert "kohdennettu toiseen kuntaan" in page and "Turku" not in page
    decision = proposal.decisions.get().decision
    client.post(f"/decisions/{decision.pk}/fetch/", {"language": "fi"})
    appendix = said(client.get(f"/decisions/{decision.pk}/person-appendix-fi.pdf").content)
    assert "kuntaan" in appendix and "Turku" not in appendix


def test_one_more_person_keeps_what_was_written(known, anna, client):
    client.force_login(anna)
    page = client.post(
        "/applied/apply/",
        {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "0", "add": "1", **person()},
    )
    forms = page.context["forms"]
    assert forms.total_form_count() == 2 and 'value="1/2025"' in page.content.decode()
    assert "govuk-error-message" not in page.content.decode()


@pytest.mark.parametrize(
    "values",
    [
        {"uma_number": ""},
        {"first_month": "13/2025"},
        {"last_month": "1/2099"},
        {"first_month": "1/2020", "last_month": "2/2020"},
    ],
)
def test_what_cannot_be_applied_for_is_said(known, anna, client, values):
    client.force_login(anna)
    sent = client.post(
        "/applied/apply/", {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "0", **person(**values)}
    )
    assert sent.status_code == 200 and not ManualProposal.objects.exists()


def test_a_run_case_waits_in_the_work_list(known, kalle, client, django_assert_num_queries):
    client.force_login(kalle)
    with django_assert_num_queries(4 + 7):
        page = client.get("/cases/?kind=waiting")
    (row,) = page.context["page"].rows
    assert row.case == ManualCase.objects.get()
    assert page.context["counts"].waiting == 1


@pytest.mark.parametrize(
    ("sort", "first"),
    [("", "N"), ("last", "N"), ("-last", "M"), ("age", "M"), ("-age", "N"), ("payee", "M")],
)
def test_the_work_list_is_ordered_by_last_day_age_or_payee(known, anna, kalle, client, sort, first):
    """N waits since a run; Lahti applies for M, whose months are later and whose case is younger."""
    ManualCase.objects.update(opened_on=date(2025, 3, 1))
    apply(anna, "M", months=("2025-02", "2025-02"))
    client.force_login(kalle)
    rows = client.get(f"/cases/?sort={sort}" if sort else "/cases/").context["page"].rows
    whose = [row.case.person.uma_number if row.case.person else "M" for row in rows]
    assert whose[0] == first and set(whose) == {"N", "M"}
    assert client.get("/cases/?sort=name").status_code == 404


def test_the_years_count_cases_ages_and_sums(known, anna, kalle, hilkka, client):
    """Opened by the runs and applied for 10.3.2025, decided two days later."""
    ManualCase.objects.update(opened_on=date(2024, 12, 30))
    proposal = apply(anna, "N", months=("2025-01", "2025-02"))
    (case,) = match_all(proposal, kalle)
    allocate(case, "398", SINCE, "2025-02-28", kalle)
    decide(proposal, by=kalle, approver=hilkka)
    assert [(y.year, y.opened, y.decided, y.median_days, y.cents) for y in years()] == [
        (2025, 1, 1, 2, 163_216),
        (2024, 1, 0, None, 0),
    ]


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("Mohammed Al-Yousef", "Muhamad Alyusef", True),
        ("Hussein Ali", "Ali Husain", True),
        ("Åkerström Märta", "Akerstrom Marta", True),
        ("Oleksandr Shevchenko", "Ševtšenko Oleksandr", True),
        ("Virtanen Matti", "Korhonen Liisa", False),
    ],
)
def test_names_are_compared_as_they_sound(one, other, alike):
    assert (names_alike(one, other) >= 0.75) is alike
