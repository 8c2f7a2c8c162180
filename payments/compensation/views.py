"""The compensation view of municipalities, counties and ÅHS: what they are paid, and why."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_safe

from config.lib.downloads import sheet_response
from config.lib.months import Month
from config.lib.routes import whole_number
from payments.compensation import persons, selectors, tables
from payments.ledger.selectors import payee_lines
from payments.models import ClaimableEntry, Proposal
from payments.runs.models import case_of
from registry.access.doors import MEMBER, open_to, visible_or_404
from registry.access.requests import SignedInRequest
from registry.audit.models import Outcome, Verb
from registry.audit.requests import page_record
from registry.audit.services import disclosure_record

GROUND = "681/2023 89 §"
PERSON_LIST = gettext_noop("person list")


@open_to(MEMBER)
@require_safe
def compensation(request: SignedInRequest) -> HttpResponse:
    """The own organisation's last 24 months."""
    page = selectors.front_page(
        Proposal.objects.visible_to(request.user),
        ClaimableEntry.objects.visible_to(request.user),
        today=timezone.localdate(),
    )
    return render(request, "payments/compensation/front.html", {"page": page})


@open_to(MEMBER)
@require_safe
def months_file(request: SignedInRequest, filetype: str) -> HttpResponse:
    """The months of the front page as a file."""
    sheet = tables.months_sheet(selectors.month_rows(Proposal.objects.visible_to(request.user)))
    page_record(request, verb=Verb.EXPORTED, about=Proposal)
    return sheet_response("compensation", sheet, filetype=filetype, at=timezone.now())


@open_to(MEMBER)
@require_safe
def month(request: SignedInRequest, kind: str, code: str, month: Month) -> HttpResponse:
    """One month: by age group and ground, corrections, what may be applied for."""
    page = _page(request, _proposal(request, kind, code, month))
    context = {"page": page, "shows_persons": settings.PERSONS_SHOWN_TO_PAYEES}
    return render(request, "payments/compensation/month.html", context)


@open_to(MEMBER)
@require_safe
def month_file(
    request: SignedInRequest, *, kind: str, code: str, month: Month, table: str, filetype: str
) -> HttpResponse:
    """One table of a month's page as a file."""
    if table not in tables.MONTH_SHEETS:
        raise Http404
    proposal = _proposal(request, kind, code, month)
    sheet = tables.MONTH_SHEETS[table](_page(request, proposal))
    page_record(request, verb=Verb.EXPORTED, about=proposal, case_ref=case_of(month))
    return sheet_response(f"{table}-{month}", sheet, filetype=filetype, at=timezone.now())


@open_to(MEMBER)
@require_safe
def month_persons(request: SignedInRequest, kind: str, code: str, month: Month) -> HttpResponse:
    """The persons behind a month's sum, some at a time (P-13)."""
    proposal = _proposal_with_persons(request, kind, code, month)
    lines = payee_lines(proposal)
    page = persons.persons_page(lines, whole_number(request, "after"))
    shown = [row.details.person_id for row in page.rows]
    page_record(request, about=proposal, case_ref=case_of(month), persons=shown)
    context = {
        "proposal": proposal,
        "page": page,
        "unnamed": persons.unnamed(lines),
        "secrecy_mark": tables.secrecy_mark(),
    }
    return render(request, "payments/compensation/persons.html", context)


@open_to(MEMBER)
@require_safe
def month_person(
    request: SignedInRequest, *, kind: str, code: str, month: Month, person_id: int
) -> HttpResponse:
    """Why one person of the list is paid for: component, age group and rate, no more (§ 89)."""
    proposal = _proposal_with_persons(request, kind, code, month)
    found = persons.person_month(proposal, payee_lines(proposal), person_id)
    page_record(
        request,
        about=proposal,
        case_ref=case_of(month),
        persons=[person_id],
        outcome=Outcome.DONE if found else Outcome.REFUSED,
    )
    if found is None:
        raise Http404
    context = {"proposal": proposal, "found": found, "secrecy_mark": tables.secrecy_mark()}
    return render(request, "payments/compensation/person.html", context)


@open_to(MEMBER)
@require_safe
def month_persons_file(
    request: SignedInRequest, kind: str, code: str, month: Month, filetype: str
) -> HttpResponse:
    """The whole person list as a file: handed out to the organisation, and logged so (P-10)."""
    proposal = _proposal_with_persons(request, kind, code, month)
    lines = payee_lines(proposal)
    listed = list(persons.persons_listed(persons.listed(lines)))
    shown = [person.details.person_id for person in listed]
    organisation = request.user.access.organisation
    page_record(request, verb=Verb.EXPORTED, about=proposal, case_ref=case_of(month), persons=shown)
    disclosure_record(
        actor=request.user,
        acting_for=organisation,
        recipient=organisation.name_fi if organisation else "",
        content_class=PERSON_LIST,
        ground=GROUND,
        persons=shown,
        case_ref=case_of(month),
    )
    sheet = tables.persons_sheet(listed, persons.unnamed(lines))
    return sheet_response(f"persons-{month}", sheet, filetype=filetype, at=timezone.now())


def _proposal(request: SignedInRequest, kind: str, code: str, month: Month) -> Proposal:
    payee = {"payee__kind": kind, "payee__code": code}
    return visible_or_404(request, Proposal, "payee", "run", run__month=month.first_day, **payee)


def _proposal_with_persons(
    request: SignedInRequest, kind: str, code: str, month: Month
) -> Proposal:
    """The month, if persons are shown to payees at all (P-13). Raises Http404."""
    if not settings.PERSONS_SHOWN_TO_PAYEES:
        raise Http404
    return _proposal(request, kind, code, month)


def _page(request: SignedInRequest, proposal: Proposal) -> selectors.MonthPage:
    return selectors.month_page(
        proposal,
        Proposal.objects.visible_to(request.user),
        ClaimableEntry.objects.visible_to(request.user),
    )
