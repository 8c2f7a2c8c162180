"""Pages of joined numbers: proposed by a reviewer, confirmed or refused by an approver, ended alike."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from config.lib.routes import whole_number
from config.lib.told import step_told
from registry.access.doors import open_to, visible_or_404
from registry.access.models import Role
from registry.access.requests import SignedInRequest
from registry.access.signin.fresh import fresh_sign_in
from registry.audit.models import Verb
from registry.audit.requests import page_record
from registry.links import services
from registry.links.errors import LinkRefused
from registry.links.forms import JoinForm, ReasonForm
from registry.links.models import LinkStatus, PersonLink
from registry.links.selectors import links_page, numbers_compared
from registry.people.models import Person

STAFF = (Role.REVIEWER, Role.APPROVER)


@open_to(*STAFF)
@require_safe
def link_list(request: SignedInRequest) -> HttpResponse:
    """Numbers that are or were joined, and what waits to be confirmed, the latest first."""
    page = links_page(PersonLink.objects.visible_to(request.user), whole_number(request, "after"))
    shown = {pk for link in page.rows for pk in (link.person_id, link.number_id)}
    page_record(request, about=PersonLink, persons=shown)
    return render(request, "registry/links/list.html", {"page": page})


@open_to(Role.REVIEWER)
@require_http_methods(["GET", "HEAD", "POST"])
def link_propose(request: SignedInRequest, person_id: int) -> HttpResponse:
    """Propose that another number is the person's too."""
    person = visible_or_404(request, Person, pk=person_id)
    form = JoinForm(request.POST or None)
    if form.is_valid():
        given = dict(form.cleaned_data)
        number = _number(request, given.pop("uma_number"))
        if number is None:
            form.add_error("uma_number", _("No person in the register has this number. Check it."))
        else:
            try:
                link = services.link_propose(
                    person, number, by=request.user, today=timezone.localdate(), **given
                )
            except LinkRefused as refused:
                form.add_error(None, str(refused))
            else:
                messages.success(request, _("It is proposed. Another person confirms it."))
                return redirect("link_detail", link.pk)
    page_record(request, about=person, persons=[person.pk])
    return render(request, "registry/links/propose.html", {"person": person, "form": form})


def _number(request: SignedInRequest, uma_number: str) -> Person | None:
    number = Person.objects.visible_to(request.user).filter(uma_number=uma_number).first()
    found = [number.pk] if number else []
    page_record(request, verb=Verb.SEARCHED, about=Person, persons=found)
    return number


@open_to(*STAFF)
@require_safe
def link_detail(request: SignedInRequest, link_id: int) -> HttpResponse:
    """Both numbers beside one another, why they are one person's, and the next step."""
    return _detail(request, _link(request, link_id))


def _detail(request: SignedInRequest, link: PersonLink, **forms: Any) -> HttpResponse:
    may_confirm = link.waits and request.user.access.has(Role.APPROVER)
    context: dict[str, Any] = {
        "link": link,
        "compared": numbers_compared(link),
        "may_confirm": may_confirm,
        "barrier": services.barrier(link, request.user) if may_confirm else None,
        "may_end": link.status == LinkStatus.STANDING and request.user.access.has(Role.REVIEWER),
        "refuse_form": ReasonForm(),
        "end_form": ReasonForm(),
    }
    page_record(
        request,
        about=link,
        persons=[link.person_id, link.number_id],
        case_ref=services.case_of(link),
    )
    return render(request, "registry/links/detail.html", context | forms)


@open_to(Role.APPROVER)
@require_POST
@fresh_sign_in(back="link_detail")
def link_confirm(request: SignedInRequest, link_id: int) -> HttpResponse:
    """Confirm the link, or its end, that another proposed."""
    link = _link(request, link_id)
    return _step(
        request,
        link,
        lambda: services.link_confirm(link.pk, by=request.user, today=timezone.localdate()),
        done=_("It is confirmed. The next run knows it."),
    )


@open_to(Role.APPROVER)
@require_POST
def link_refuse(request: SignedInRequest, link_id: int) -> HttpResponse:
    """Refuse the link, or its end, with a reason."""
    link, form = _link(request, link_id), ReasonForm(request.POST)
    if not form.is_valid():
        return _detail(request, link, refuse_form=form)
    return _step(
        request,
        link,
        lambda: services.link_refuse(link.pk, by=request.user, **form.cleaned_data),
        done=_("The proposal is refused."),
    )


@open_to(Role.REVIEWER)
@require_POST
def link_end(request: SignedInRequest, link_id: int) -> HttpResponse:
    """Propose that the link ends."""
    link, form = _link(request, link_id), ReasonForm(request.POST)
    if not form.is_valid():
        return _detail(request, link, end_form=form)
    return _step(
        request,
        link,
        lambda: services.link_end_propose(link.pk, by=request.user, **form.cleaned_data),
        done=_("It is proposed. Another person confirms it."),
    )


def _step(
    request: SignedInRequest, link: PersonLink, step: Callable[[], object], *, done: str
) -> HttpResponse:
    step_told(request, step, LinkRefused, done=done)
    return redirect("link_detail", link.pk)


def _link(request: SignedInRequest, link_id: int) -> PersonLink:
    people = ("person", "number", "proposed_by", "confirmed_by", "end_proposed_by", "ended_by")
    return visible_or_404(request, PersonLink, *people, pk=link_id)
