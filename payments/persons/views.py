"""Pages of a person: search, months by run, one month explained."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from config.lib.months import Month, NotAMonth
from config.lib.routes import neighbours
from payments.entitlement.explain import UnknownPerson, person_month_explain
from payments.entitlement.explanation import Explanation
from payments.former.selectors import payments_of
from payments.persons import selectors
from payments.persons.forms import PersonSearchForm
from payments.persons.timeline import timeline
from registry.access.doors import open_to, visible_or_404
from registry.access.models import Role
from registry.access.requests import SignedInRequest
from registry.audit.cases import case_of_address, origin_of
from registry.audit.models import Verb
from registry.audit.requests import page_record
from registry.links.selectors import links_of
from registry.models import Person
from registry.people.selectors import person_facts


@open_to(Role.REVIEWER, Role.APPROVER)
@require_http_methods(["GET", "HEAD", "POST"])
def person_search(request: SignedInRequest) -> HttpResponse:
    """Ask for a UMA customer number and go to the person's page."""
    form = PersonSearchForm(request.POST or None)
    if form.is_valid():
        person = selectors.person_by_uma_number(
            Person.objects.visible_to(request.user), form.cleaned_data["uma_number"]
        )
        found = [person.pk] if person else []
        page_record(request, verb=Verb.SEARCHED, about=Person, persons=found)
        if person is not None:
            return redirect("person_detail", person.pk)
        form.add_error("uma_number", _("No person in the register has this number. Check it."))
    return render(request, "payments/persons/search.html", {"form": form})


@open_to(Role.REVIEWER, Role.APPROVER)
@require_safe
def person_detail(request: SignedInRequest, person_id: int) -> HttpResponse:
    """What the registers say of a person, what each month was found to be, what is paid."""
    person = visible_or_404(request, Person, pk=person_id)
    context = _detail(request, person)
    shown = context["links"].numbers
    page_record(request, about=person, persons=shown, case_ref=case_of_address(request))
    return render(request, "payments/persons/detail.html", context)


@open_to(Role.REVIEWER, Role.APPROVER)
@require_POST
def person_identity_code(request: SignedInRequest, person_id: int) -> HttpResponse:
    """The same page with the identity code in full; the log tells that it was shown (P-12)."""
    person = visible_or_404(request, Person, pk=person_id)
    page_record(
        request,
        about=person,
        persons=[person.pk],
        case_ref=case_of_address(request),
        details={"shown": "identity code"},
    )
    context = _detail(request, person)
    identity = context["facts"].identity
    context["code"] = identity.code if identity else None
    return render(request, "payments/persons/detail.html", context)


def _detail(request: SignedInRequest, person: Person) -> dict[str, Any]:
    facts, links = person_facts(person), links_of(person)
    paid = selectors.months_paid(person, links.numbers)
    return {
        "person": person,
        "facts": facts,
        "links": links,
        "may_propose": request.user.access.has(Role.REVIEWER),
        "timeline": timeline(facts, paid, today=timezone.localdate()),
        "page": selectors.months_page(person, _before(request), paid),
        "by_route": selectors.booked_by_route(links.numbers),
        "former": payments_of(links.numbers),
        "allocations": selectors.allocations(links.numbers),
        "origin": origin_of(case_of_address(request)),
    }


@open_to(Role.REVIEWER, Role.APPROVER)
@require_safe
def person_month(request: SignedInRequest, person_id: int, month: Month) -> HttpResponse:
    """Why the person's month is or is not paid, and what the ledger holds for it."""
    person = visible_or_404(request, Person, pk=person_id)
    previous_month, next_month = neighbours(month)
    links = links_of(person)
    context = {
        "person": person,
        "facts": person_facts(person),
        "origin": origin_of(case_of_address(request)),
        "month": month,
        "previous_month": previous_month,
        "next_month": next_month,
        "explanation": _explained(person, month),
        "links": links,
        "booked": selectors.month_booked(links.numbers, month),
        "claimable": selectors.month_claimable(links.numbers, month),
    }
    page_record(request, about=person, persons=links.numbers, case_ref=case_of_address(request))
    return render(request, "payments/persons/month.html", context)


def _explained(person: Person, month: Month) -> Explanation | None:
    """The explanation of the month; None for a person without permits, whom C-02 leaves out."""
    try:
        return person_month_explain(person.uma_number, month)
    except UnknownPerson:
        return None


def _before(request: HttpRequest) -> date | None:
    """Before which month the page begins, from the address. Raises Http404."""
    text = request.GET.get("after")
    try:
        return None if text is None else Month.parse(text).first_day
    except NotAMonth:
        raise Http404 from None
