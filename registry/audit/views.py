"""The pages of the logs: who looked at whom, who was told what, and whether they are whole (P-10)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from config.lib.paging import Page
from registry.access.doors import open_to
from registry.access.models import Role
from registry.access.requests import SignedInRequest
from registry.audit import selectors
from registry.audit.forms import DisclosureSearchForm, LogSearchForm
from registry.audit.hiding import payees_hidden
from registry.audit.models import AuditEvent, DisclosureEvent, LogEntry, Purpose, Verb
from registry.audit.requests import page_record
from registry.audit.verifications import verification_record
from registry.audit.verifying import Broken
from registry.people.models import Person


@open_to(Role.DATA_PROTECTION_OFFICER)
@require_http_methods(["GET", "HEAD", "POST"])
def audit_log(request: SignedInRequest) -> HttpResponse:
    """The access log, searched by POST; looking at it is an event too."""
    form = LogSearchForm(request.POST or {})
    context = _searched(request, form, AuditEvent)
    if page := context.get("page"):
        context["rows"] = selectors.event_rows(page.rows)
    return render(request, "registry/audit/log.html", context)


@open_to(Role.DATA_PROTECTION_OFFICER)
@require_http_methods(["GET", "HEAD", "POST"])
def disclosure_log(request: SignedInRequest) -> HttpResponse:
    """The disclosure log, searched in the same way."""
    form = DisclosureSearchForm(request.POST or {})
    context = _searched(request, form, DisclosureEvent)
    if page := context.get("page"):
        context["rows"] = page.rows
    return render(request, "registry/audit/disclosures.html", context)


@open_to(Role.DATA_PROTECTION_OFFICER)
@require_POST
def audit_verify(request: SignedInRequest) -> HttpResponse:
    """Verify both logs now; the page one came from shows the result."""
    try:
        verification_record(at=timezone.now())
    except Broken as broken:
        messages.error(request, str(broken))
    else:
        messages.success(request, _("The log is whole."))
    return redirect("audit_log")


def _searched(request: SignedInRequest, form: LogSearchForm, log: type[LogEntry]) -> dict[str, Any]:
    """The form, how far the logs are proved, and the page of entries that the form asks for."""
    context: dict[str, Any] = {"form": form, "state": selectors.log_state()}
    return context | _found(request, form, log) if form.is_valid() else context


def _found(request: SignedInRequest, form: LogSearchForm, log: type[LogEntry]) -> dict[str, Any]:
    """The entries; an unknown UMA number is said beside its field."""
    asked = dict(form.cleaned_data)
    after, uma_number = asked.pop("after"), asked.pop("uma_number")
    persons = Person.objects.visible_to(request.user)
    person = persons.filter(uma_number=uma_number).first() if uma_number else None
    concerned = [person.pk] if person else []
    page_record(
        request, verb=Verb.SEARCHED, about=log, purpose=Purpose.OVERSIGHT, persons=concerned
    )
    if uma_number and person is None:
        form.add_error("uma_number", _("No person in the register has this number. Check it."))
        return {}
    entries = log._default_manager.visible_to(request.user)
    found = selectors.events_found(entries, person=person, **asked)
    page: Page[LogEntry] = selectors.events_page(found, after)
    return {"page": page, "person": person, "hidden": payees_hidden(page.rows, person)}
