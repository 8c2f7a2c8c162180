"""The work list, the workbench and the way to a decision in the pages (P-01, P-04, P-10)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from grants.models import Application, ListRow, Note, Phrase, RectificationClaim, RowMark
from grants.review.selectors import ROWS_A_PAGE
from registry.models import AuditEvent, Decision, DisclosureEvent
from tests.documents import said
from tests.factories import municipality, resident
from tests.grants.decisions import decided, family, mark, proposed, status, taken

pytestmark = pytest.mark.django_db
MAY = date(2023, 5, 1)


def page(user) -> Client:
    client = Client()
    client.force_login(user)
    client.cookies["django_language"] = "en"
    return client


def at(name: str, application: Application) -> str:
    return reverse(name, args=[application.pk])


def text(response) -> str:
    return response.content.decode()


def test_the_work_list_shows_what_waits_and_what_was_asked_for(kalle):
    application = taken(family(1, 1))
    client = page(kalle)
    for address in ("?whose=all", "?round=L2024&status=in_check", "?whose=bogus"):
        assert application.number in text(client.get(reverse("support_list") + address))
    for address in ("?whose=mine", "?status=proposed", "?whose=nobodys"):
        assert application.number not in text(client.get(reverse("support_list") + address))


@pytest.mark.parametrize("asked", ["{number}", "{short}", "lahti", "398", "t0001"])
def test_an_application_is_found_by_number_applicant_or_person(kalle, asked):
    application = taken(family(1, 1))
    short = application.number.removeprefix("HAK/")
    asked = asked.format(number=application.number, short=short)
    found = page(kalle).post(reverse("support_list"), {"text": asked})
    assert application.number in text(found)


def test_one_takes_several_applications_at_once(kalle):
    applications = [taken(family(1, 0, mark=c), applicant=municipality(c)) for c in ("398", "853")]
    keys = [one.pk for one in applications]
    data = {"applications": keys, "reviewer": kalle.pk}
    page(kalle).post(reverse("support_assign"), data)
    reviewers = Application.objects.filter(pk__in=keys).values_list("review__reviewer", flat=True)
    assert set(reviewers) == {kalle.pk}


def test_rows_stand_beside_the_register_and_their_persons_are_logged(kalle):
    person = resident(moved_in=MAY, named="Muu")
    rows = [{"uma_number": person.uma_number, "nationality": "SYR"}, {"uma_number": "T9999"}]
    application = taken(rows)
    shown = text(page(kalle).get(at("support_detail", application)))
    for words in ("SYR", "AFG", "The nationality differs from the register", "not known"):
        assert words in shown
    event = AuditEvent.objects.filter(actor=kalle, verb="viewed").latest("pk")
    assert (event.persons, event.purpose) == ([person.pk], "supplements")


def test_the_workbench_costs_the_same_for_every_length(kalle):
    """Only the rows that are shown are asked for and sent, of 5 000 as of 30."""
    client, short = page(kalle), taken(family(0, 30))
    long = taken(family(0, 5000, mark="M"), applicant=municipality("853"))
    client.get(at("support_detail", short))
    counts, sizes = [], []
    for application in (short, long):
        with CaptureQueriesContext(connection) as queries:
            response = client.get(at("support_detail", application))
        counts.append(len(queries))
        sizes.append(len(response.content))
    assert counts[0] == counts[1]
    assert sizes[1] < sizes[0] * 1.02
    assert text(response).count('name="row"') == ROWS_A_PAGE


def test_marks_are_kept_and_a_refusal_needs_its_reason(kalle):
    application = taken(family(1, 1))
    one, two = ListRow.objects.filter(list__application=application).order_by("line")
    phrase = Phrase.objects.get(code="not-first-home")
    client = page(kalle)
    data = {"row": [one.pk, two.pk], f"mark_{one.pk}": "accept", f"mark_{two.pk}": "refuse"}
    client.post(at("support_mark", application), data)
    assert not RowMark.objects.exists()
    client.post(at("support_mark", application), data | {f"phrase_{two.pk}": phrase.pk})
    assert list(RowMark.objects.order_by("row").values_list("accepted", "phrase")) == [
        (True, None), (False, phrase.pk),
    ]  # fmt: skip


def test_clean_rows_are_accepted_at_once_and_no_others(kalle):
    known = resident(moved_in=MAY)
    application = taken([{"uma_number": known.uma_number}, {"uma_number": "T9999"}])
    page(kalle).post(at("support_accept_clean", application))
    assert RowMark.objects.get().row.uma_number == known.uma_number


def test_a_completion_is_asked_for_in_the_applicants_words_and_answered_late(kalle, mailoutbox):
    application = taken(family(1, 1))
    phrase = Phrase.objects.get(code="dates")
    day = timezone.localdate() + timedelta(days=14)
    data = {
        "completion-asked": "Rivi 2.",
        "completion-phrase": phrase.pk,
        "completion-answer_by": f"{day:%d.%m.%Y}",
    }
    page(kalle).post(at("support_ask", application), data)
    request = application.completion_requests.get()
    assert request.asked == f"Rivi 2.\n\n{phrase.text_fi}"
    assert status(application) == "completion_requested"
    page(kalle).post(at("support_resume", application))
    assert status(application) == "completion_requested"
    later = day + timedelta(days=7)
    page(kalle).post(at("support_extend", application), {"answer_by": f"{later:%d.%m.%Y}"})
    assert application.completion_requests.get().answer_by == later


def test_notes_are_for_the_authority_alone(kalle, anna):
    application = taken(family(1, 1))
    page(kalle).post(at("support_note", application), {"text": "Soitettu kuntaan."})
    assert Note.objects.get().by == kalle
    assert "Soitettu" in text(page(kalle).get(at("support_detail", application)))
    assert "Soitettu" not in text(page(anna).get(at("application_detail", application)))


def test_a_late_application_is_proposed_to_be_dismissed_by_default(kalle):
    application = taken(family(1, 0), is_late=True)
    form = page(kalle).get(at("support_detail", application)).context["propose"]
    assert form.initial["ruling"] == "inadmissible"


def test_an_approver_returns_or_decides_and_a_reviewer_cannot(kalle, hilkka):
    application = taken(family(1, 1))
    proposed(application)
    assert page(kalle).post(at("support_decide", application)).status_code == 403
    page(hilkka).post(at("support_return", application), {"reason": "Tarkista rivi 2."})
    assert status(application) == "in_check"
    assert "Tarkista rivi 2." in text(page(kalle).get(at("support_detail", application)))


def test_the_approver_sees_who_had_a_part(hilkka):
    application = taken(family(1, 1))
    proposed(application)
    shown = text(page(hilkka).get(at("support_detail", application)))
    assert "Decide as proposed" in shown
    assert "proposed it" in shown


def test_the_applicant_fetches_the_decision_and_claims_rectification(anna, kalle):
    application = taken(family(1, 1))
    decision = decided(application, refused=[3]).decision
    client = page(anna)
    assert "Claim rectification" not in text(client.get(at("application_detail", application)))
    client.post(reverse("decision_fetch", args=[decision.pk]), {"language": "fi"})
    assert status(application) == "served"
    shown = text(client.get(at("application_detail", application)))
    assert decision.number in shown
    assert "Claim rectification by" in shown
    client.post(at("support_claim", application), {"text": "Rivi 3 on meidän."})
    assert RectificationClaim.objects.get().filed_by == anna
    assert "Rivi 3 on meidän." in text(page(kalle).get(at("support_detail", application)))


def test_the_appendix_is_a_disclosure_when_it_is_handed_out(anna):
    person = resident(moved_in=MAY)
    decision = decided(taken([{"uma_number": person.uma_number}])).decision
    client = page(anna)
    client.post(reverse("decision_fetch", args=[decision.pk]), {"language": "fi"})
    client.get(reverse("decision_document", args=[decision.pk, "person-appendix", "fi", "pdf"]))
    event = DisclosureEvent.objects.get()
    assert (event.persons, event.ground) == ([person.pk], "434/2003 54 §")


def test_the_page_of_a_case_is_the_authoritys(anna, tuula):
    application = taken(family(1, 1))
    mark(application)
    for user in (anna, tuula):
        assert page(user).get(at("support_detail", application)).status_code == 403


def test_the_letter_is_read_before_it_is_decided(hilkka):
    application = taken(family(1, 1))
    proposed(application, refused=[3])
    answer = page(hilkka).get(at("support_letter", application))
    words = " ".join(said(b"".join(answer)).split())
    assert "Luonnos, ei päätös" in words
    assert "Perustelut." in words
    assert not Decision.objects.exists()
