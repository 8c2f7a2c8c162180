"""Pages of the data protection officer: find a person, see who looked, hand out an extract."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from config.lib.downloads import file_response
from config.lib.routes import whole_number
from payments.extracts import services, writing
from payments.extracts.forms import ExtractForm, ExtractSearchForm
from registry.access.doors import open_to, visible_or_404
from registry.access.models import Role
from registry.access.requests import SignedInRequest
from registry.audit.hiding import payees_hidden
from registry.audit.models import AuditEvent, Purpose, Verb
from registry.audit.requests import page_record
from registry.audit.selectors import event_rows, events_found, events_page
from registry.models import Person
from registry.organisations.selectors import PAYING, authority_name
from registry.people.selectors import person_by_number, person_facts


@open_to(Role.DATA_PROTECTION_OFFICER)
@require_http_methods(["GET", "HEAD", "POST"])
def extract_search(request: SignedInRequest) -> HttpResponse:
    """Find a person by the UMA customer number or the identity code."""
    form = ExtractSearchForm(request.POST or None)
    if form.is_valid():
        persons = Person.objects.visible_to(request.user)
        person = person_by_number(persons, form.cleaned_data["number"])
        _record(request, verb=Verb.SEARCHED, persons=[person.pk] if person else [])
        if person is not None:
            return redirect("extract_detail", person.pk)
        form.add_error("number", _("No person in the register has this number. Check it."))
    return render(request, "payments/extracts/search.html", {"form": form})


@open_to(Role.DATA_PROTECTION_OFFICER)
@require_safe
def extract_detail(request: SignedInRequest, person_id: int) -> HttpResponse:
    """Who the person is, who has opened the person's data and when; the form of the extract."""
    person = visible_or_404(request, Person, pk=person_id)
    events = events_found(AuditEvent.objects.visible_to(request.user), person=person)
    page = events_page(events, whole_number(request, "after"))
    context = {
        "person": person,
        "facts": person_facts(person),
        "form": ExtractForm(),
        "page": page,
        "hidden": payees_hidden(page.rows, person),
        "rows": event_rows(page.rows),
    }
    _record(request, about=person, persons=[person.pk])
    return render(request, "payments/extracts/detail.html", context)


@open_to(Role.DATA_PROTECTION_OFFICER)
@require_POST
def extract_download(request: SignedInRequest, person_id: int) -> HttpResponse:
    """The extract, for the person themself."""
    person = visible_or_404(request, Person, pk=person_id)
    form = ExtractForm(request.POST)
    if not form.is_valid():
        return redirect("extract_detail", person.pk)
    asked, at = form.cleaned_data, timezone.localtime()
    held, sections = services.extract_make(
        person, actor=request.user, form=asked["form"], named=asked["named"]
    )
    language = get_language() or "fi"
    if asked["form"] == ExtractForm.JSON:
        head = {"made_at": at.isoformat(timespec="seconds"), "about": writing.introduction(held)}
        pieces = writing.in_language(writing.extract_json(head, sections), language)
        return file_response("extract.json", pieces)
    sender = authority_name(PAYING, at.date())
    pdf = writing.extract_pdf(held, sections, sender=sender, language=language, at=at)
    return file_response("extract.pdf", pdf)


def _record(request: SignedInRequest, **event: Any) -> None:
    event.setdefault("about", Person)
    page_record(request, purpose=Purpose.DATA_SUBJECT, **event)
