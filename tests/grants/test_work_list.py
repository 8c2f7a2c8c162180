"""The work list: chosen, ordered, found, given to be checked, and kept under names of one's own."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from grants.hearings.services import hearing_ask
from grants.models import Application, SavedFilter
from grants.review.services import completion_ask
from grants.worklist.services import MOST, FilterRefused, filter_save
from tests.factories import municipality
from tests.grants.decisions import AT, family, kirsi, mark, taken
from tests.grants.test_support_pages import page, text

pytestmark = pytest.mark.django_db
LIST = "/supports/"


def asked(application: Application, day) -> Application:
    before = timezone.localdate() - timedelta(days=90)
    completion_ask(application.pk, asked="Sopimus.", answer_by=day, by=kirsi(), at=AT, today=before)
    return application


@pytest.fixture
def two() -> list[Application]:
    """Lahti's has had its day, Turku's has some days left."""
    today, turku = timezone.localdate(), municipality("853")
    return [
        asked(taken(family(1, 0)), today - timedelta(days=1)),
        asked(taken(family(1, 0, mark="X"), applicant=turku), today + timedelta(days=5)),
    ]


def numbers(user, query: str) -> list[str]:
    rows = page(user).get(LIST + query).context["page"].rows
    return [case.application.number for case in rows]


@pytest.mark.parametrize(
    ("query", "which"),
    [("", [0, 1]), ("?until=passed", [0]), ("?until=week", [1]), ("?until=any", [0, 1]),
     ("?days=30", [0, 1]), ("?status=proposed", []), ("?until=bogus", [0, 1])],
)  # fmt: skip
def test_cases_are_chosen_by_their_last_day_and_age(kalle, two, query, which):
    assert numbers(kalle, query) == [two[one].number for one in which]


def test_a_new_case_is_not_old(kalle):
    application = taken(
        family(1, 0, mark="N"), applicant=municipality("853"), submitted_at=timezone.now()
    )
    assert application.number not in numbers(kalle, "?days=30")


@pytest.mark.parametrize(
    "key", ["number", "applicant", "round", "state", "sent", "until", "reviewer"]
)
def test_each_order_has_its_other_way(kalle, two, key):
    there, back = numbers(kalle, f"?sort={key}"), numbers(kalle, f"?sort=-{key}")
    assert set(there) == set(back) == {one.number for one in two}
    if key in ("number", "applicant", "until"):
        assert there == back[::-1]


def test_an_order_that_there_is_not_is_not_found(kalle):
    assert page(kalle).get(f"{LIST}?sort=contact_name").status_code == 404


def test_the_day_of_a_hearing_counts_too(kalle):
    application = taken(family(1, 1))
    mark(application, refused=[2])
    hearing_ask(
        application.pk, question="", answer_by=AT.date() + timedelta(days=9), by=kirsi(), at=AT
    )
    assert numbers(kalle, "?until=passed") == [application.number]


def test_the_list_costs_the_same_for_every_length(kalle, two):
    client, counts = page(kalle), []
    client.get(LIST)
    for query in ("?until=passed", ""):
        with CaptureQueriesContext(connection) as queries:
            client.get(LIST + query)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_person_is_found_by_an_rgi_or_unhcr_number_and_never_in_an_address(kalle):
    application = taken([{"uma_number": "", "unhcr_number": "123-45C67890"}])
    shown = page(kalle).post(LIST, {"text": "123-45c67890"})
    assert application.number in text(shown)
    assert application.number in text(page(kalle).get(f"{LIST}?text=no-such-thing"))
    assert "123-45" not in shown.request["QUERY_STRING"]


def test_filters_are_saved_chosen_and_deleted(kalle, hilkka, two):
    client = page(kalle)
    data = {"name": "Myöhässä", "until": "passed", "sort": "-until", "status": "", "days": ""}
    back = client.post(reverse("support_filter_save"), data)
    assert back.url == f"{LIST}?until=passed&sort=-until"
    saved = SavedFilter.objects.get()
    assert saved.query == "until=passed&sort=-until"
    assert f'href="{LIST}?until=passed&amp;sort=-until"' in text(client.get(LIST))
    assert numbers(kalle, f"?{saved.query}") == [two[0].number]
    assert "Myöhässä" not in text(page(hilkka).get(LIST))
    deleting = reverse("support_filter_delete", args=[saved.pk])
    assert page(hilkka).post(deleting).status_code == 404
    client.post(deleting)
    assert not SavedFilter.objects.exists()


def test_a_name_is_given_once_and_what_was_typed_is_not_kept(kalle):
    client = page(kalle)
    client.post(reverse("support_filter_save"), {"name": "Omat", "whose": "mine", "text": "T0001"})
    client.post(
        reverse("support_filter_save"), {"name": "Omat", "whose": "nobodys", "round": "T0001"}
    )
    client.post(reverse("support_filter_save"), {"name": " ", "whose": "mine"})
    assert SavedFilter.objects.get().query == "whose=all"


def test_so_many_filters_and_no_more(kalle):
    for number in range(MOST):
        filter_save(kalle, name=f"{number}", query="whose=mine")
    with pytest.raises(FilterRefused):
        filter_save(kalle, name="Vielä yksi", query="whose=mine")
    filter_save(kalle, name="0", query="whose=all")
    with pytest.raises(IntegrityError, match="saved_filter_name"), transaction.atomic():
        SavedFilter.objects.create(user=kalle, name="0", query="whose=mine")


def test_one_comes_back_to_the_filters_after_giving_cases_away(kalle, two):
    data = {"applications": [], "reviewer": kalle.pk, "whose": "nobodys"}
    assert page(kalle).post(reverse("support_assign"), data).url == f"{LIST}?whose=nobodys"
