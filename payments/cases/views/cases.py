"""The work list of cases, and the workbench of one: who it is, where they lived, what it comes to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from config.lib.routes import whole_number
from config.lib.sorting import Sort
from config.lib.told import step_told
from payments.cases import matching
from payments.cases.errors import CaseRefused
from payments.cases.evidence.panel import case_evidence
from payments.cases.forms import AllocateForm, MatchForm, MunicipalityForm, ReasonForm
from payments.cases.models import ManualCase, ManualProposal, ManualResidence, ProposalStatus
from payments.cases.selectors import details, lists
from payments.cases.services import allocating, deciding
from payments.cases.services.steps import case_of
from payments.former.selectors import payments_of
from registry.access.doors import open_to, visible_or_404
from registry.access.models import Role
from registry.access.requests import SignedInRequest
from registry.audit.cases import origin_of
from registry.audit.models import Verb
from registry.audit.requests import page_record
from registry.links.selectors import links_of
from registry.models import Person
from registry.people.selectors import person_facts

STAFF = (Role.REVIEWER, Role.APPROVER)


@open_to(*STAFF)
@require_safe
def case_list(request: SignedInRequest) -> HttpResponse:
    """Cases to work on, by the last day to apply, age or payee; figures by year."""
    kind = request.GET.get("kind", "")
    if kind and kind not in lists.KINDS:
        raise Http404
    cases = ManualCase.objects.visible_to(request.user)
    today = timezone.localdate()
    order = Sort.asked(request, lists.ORDERS, default="last", table="cases")
    page = lists.cases_page(
        cases, kind=kind, order=order, today=today, after=whole_number(request, "after")
    )
    named = [row.case.person_id for row in page.rows if row.case.person_id and not row.is_secret]
    page_record(request, about=ManualCase, persons=named)
    context = {
        "page": page,
        "kind": kind,
        "sort": order,
        "counts": lists.case_counts(cases, ManualProposal.objects.visible_to(request.user), today),
        "years": lists.years(),
        "own_form": MunicipalityForm() if request.user.access.has(Role.REVIEWER) else None,
    }
    return render(request, "payments/cases/list.html", context)


@open_to(*STAFF)
@require_safe
def case_detail(request: SignedInRequest, case_id: int) -> HttpResponse:
    """One case: what is applied for and by what evidence, what the register says, what it comes to."""
    case = _case(request, case_id)
    return _detail(request, case)


def _detail(request: SignedInRequest, case: ManualCase, **forms: Any) -> HttpResponse:
    may = request.user.access.has(Role.REVIEWER) and _is_open(case)
    found = matching.candidates(case) if may and case.proposal and not case.person else []
    links = links_of(case.person) if case.person else None
    context: dict[str, Any] = {
        "case": case,
        "may": may,
        "candidates": found,
        "facts": person_facts(case.person) if case.person else None,
        "links": links,
        "former": payments_of(links.numbers) if links else [],
        "may_propose": request.user.access.has(Role.REVIEWER),
        "family": details.family_cases(case.person).exclude(pk=case.pk) if case.person else [],
        "residences": case.residences.select_related("municipality", "allocated_by"),
        "months": details.months_shown(case, today=timezone.localdate()),
        "match_form": MatchForm(offered=_offered(found)),
        "allocate_form": AllocateForm(case=case),
        "refuse_form": ReasonForm(),
        "origin": origin_of(case_of(case.proposal)) if case.proposal else "",
    }
    context |= case_evidence(request.user, case, is_open=_is_open(case))
    shown = {case.person_id, *(one.person.pk for one in found)} - {None}
    reference = case_of(case.proposal) if case.proposal else ""
    page_record(request, about=case, case_ref=reference, persons=[pk for pk in shown if pk])
    return render(request, "payments/cases/detail.html", context | forms)


def _is_open(case: ManualCase) -> bool:
    is_taken = case.proposal is not None and case.proposal.status != ProposalStatus.OPEN
    return not (is_taken or case.closed_as)


def _offered(found: list[matching.Candidate]) -> list[tuple[int, str]]:
    return [(one.person.pk, str(one)) for one in found]


@open_to(Role.REVIEWER)
@require_POST
def case_match(request: SignedInRequest, case_id: int) -> HttpResponse:
    """Say who in the register the case is about."""
    case = _case(request, case_id)
    form = MatchForm(request.POST, offered=_offered(matching.candidates(case)))
    if not form.is_valid():
        return _detail(request, case, match_form=form)
    person = _chosen(request, form.cleaned_data)
    if person is None:
        form.add_error("uma_number", _("No person in the register has this number. Check it."))
        return _detail(request, case, match_form=form)
    reason = form.cleaned_data["reason"]
    return _step(
        request,
        case,
        lambda: allocating.case_match(case.pk, person, by=request.user, reason=reason),
        done=_("The case is now about this person."),
    )


def _chosen(request: SignedInRequest, cleaned: dict[str, Any]) -> Person | None:
    persons = Person.objects.visible_to(request.user)
    if number := cleaned["uma_number"]:
        person = persons.filter(uma_number=number).first()
        found = [person.pk] if person else []
        page_record(request, verb=Verb.SEARCHED, about=Person, persons=found)
        return person
    return persons.filter(pk=cleaned.get("person") or 0).first()


@open_to(Role.REVIEWER)
@require_POST
def case_allocate(request: SignedInRequest, case_id: int) -> HttpResponse:
    """Allocate the person to a municipality for a time."""
    case = _case(request, case_id)
    form = AllocateForm(request.POST, case=case)
    if not form.is_valid():
        return _detail(request, case, allocate_form=form)
    given = dict(form.cleaned_data)
    municipality = given.pop("municipality")
    return _step(
        request,
        case,
        lambda: allocating.case_allocate(case.pk, municipality, by=request.user, **given),
        done=_("The allocation is kept. Below is what it comes to."),
    )


@open_to(Role.REVIEWER)
@require_POST
def allocation_remove(request: SignedInRequest, case_id: int, residence_id: int) -> HttpResponse:
    """Take back an allocation that is not proposed yet."""
    case = _case(request, case_id)
    residence = visible_or_404(request, ManualResidence, pk=residence_id, case=case)
    return _step(
        request,
        case,
        lambda: allocating.allocation_remove(residence.pk, by=request.user),
        done=_("The allocation is removed."),
    )


@open_to(Role.REVIEWER)
@require_POST
def case_refuse(request: SignedInRequest, case_id: int) -> HttpResponse:
    """Propose that the application be refused for this person, with a reason."""
    case = _case(request, case_id)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _detail(request, case, refuse_form=form)
    reason = form.cleaned_data["reason"]
    return _step(
        request,
        case,
        lambda: allocating.case_refuse(case.pk, by=request.user, reason=reason),
        done=_("The refusal is kept; it is decided with the application."),
    )


@open_to(Role.REVIEWER)
@require_POST
def own_propose(request: SignedInRequest) -> HttpResponse:
    """Propose the authority's own cases that are allocated to a municipality."""
    form = MunicipalityForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose a municipality."))
        return redirect("case_list")
    try:
        proposal = deciding.authoritys_propose(
            form.cleaned_data["municipality"], by=request.user, today=timezone.localdate()
        )
    except CaseRefused as refused:
        messages.error(request, str(refused))
        return redirect("case_list")
    messages.success(request, _("The proposal is made. Another person decides."))
    return redirect("manual_detail", proposal.pk)


def _step(
    request: HttpRequest, case: ManualCase, step: Callable[[], object], *, done: str
) -> HttpResponse:
    step_told(request, step, CaseRefused, done=done)
    return redirect("case_detail", case.pk)


def _case(request: SignedInRequest, case_id: int) -> ManualCase:
    related = ("person", "proposal__payee", "opened_by")
    return visible_or_404(request, ManualCase, *related, pk=case_id)
