"""The page of the access log: who looked at whom, searched by those who oversee it (P-10)."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from registry.access.doors import open_to
from registry.access.models import Role
from registry.access.requests import SignedInRequest
from registry.audit import selectors
from registry.audit.forms import LogSearchForm
from registry.audit.models import AuditEvent, Purpose, Verb
from registry.audit.requests import page_record
from registry.people.models import Person


@open_to(Role.DATA_PROTECTION_OFFICER)
@require_http_methods(["GET", "HEAD", "POST"])
def audit_log(request: SignedInRequest) -> HttpResponse:
    """The access log, searched by POST; looking at it is an event too."""
    form = LogSearchForm(request.POST or {})
    context: dict[str, Any] = {"form": form}
    if form.is_valid():
        context |= _found(request, form)
    return render(request, "registry/audit/log.html", context)


def _found(request: SignedInRequest, form: LogSearchForm) -> dict[str, Any]:
    """The page of events the form asks for; an unknown UMA number is said beside its field."""
    asked = dict(form.cleaned_data)
    after, uma_number = asked.pop("after"), asked.pop("uma_number")
    persons = Person.objects.visible_to(request.user)
    person = persons.filter(uma_number=uma_number).first() if uma_number else None
    _record(request, persons=[person.pk] if person else [])
    if uma_number and person is None:
        form.add_error("uma_number", _("No person in the register has this number. Check it."))
        return {}
    page = selectors.events_page(
        selectors.events_found(AuditEvent.objects.visible_to(request.user), person=person, **asked),
        after,
    )
    rows = [(event, selectors.object_shown(event)) for event in page.rows]
    return {"page": page, "rows": rows, "person": person}


def _record(request: SignedInRequest, **event: Any) -> None:
    page_record(request, verb=Verb.SEARCHED, about=AuditEvent, purpose=Purpose.OVERSIGHT, **event)
