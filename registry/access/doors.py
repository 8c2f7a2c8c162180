"""The doors of pages: whom a page is open to, and which objects they reach through it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Final, TypeVar

from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse

from registry.access.requests import SignedInRequest
from registry.access.rights import Access
from registry.audit.models import Outcome, Purpose
from registry.audit.requests import page_record

MEMBER: Final = "member"  # an officer acting for an organisation
SENDER: Final = "sender"  # one of them who may send
ANYONE: Final = "anyone"  # everybody who has signed in

View = Callable[..., HttpResponse]
Row = TypeVar("Row", bound=Model)


def is_open(access: Access, doors: frozenset[str]) -> bool:
    """Whether somebody with this access may open a page with these doors."""
    return (
        ANYONE in doors
        or not access.roles.isdisjoint(doors)
        or (MEMBER in doors and access.acting is not None)
        or (SENDER in doors and access.right == "send")
    )


def doors_of(view: Any) -> frozenset[str]:
    """Whom a routed view is open to; the views of an admin site are as open as the site."""
    doors: frozenset[str] = getattr(getattr(view, "admin_site", view), "open_to", frozenset())
    return doors


def open_to(*doors: str) -> Callable[[View], View]:
    """Open a page to roles, MEMBER, SENDER or ANYONE; refuse and log everybody else (P-10)."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: SignedInRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not is_open(request.user.access, frozenset(doors)):
                refuse(request)
            return view(request, *args, **kwargs)

        guarded.open_to = frozenset(doors)  # type: ignore[attr-defined] # read by the role matrix
        return guarded

    return decorate


def refuse(request: HttpRequest) -> None:
    """Log a page that was asked for without the right to it. Raises PermissionDenied."""
    page = request.resolver_match.view_name if request.resolver_match else ""
    page_record(
        request, purpose=Purpose.ACCESS, outcome=Outcome.REFUSED, details={"page": str(page)[:80]}
    )
    raise PermissionDenied


def visible_or_404(request: SignedInRequest, model: type[Row], *related: str, **lookup: Any) -> Row:
    """The one row of a model that the user may reach, its `related` rows with it.

    Raises Http404, the same for a row that is not there and for one of others; that one is logged.
    """
    rows: QuerySet[Row] = model._default_manager.visible_to(request.user)  # type: ignore[attr-defined] # every model that pages reach has it
    found = rows.select_related(*related).filter(**lookup).first()
    if found is None:
        _record_if_hidden(request, model, lookup)
        raise Http404
    return found


def _record_if_hidden(request: SignedInRequest, model: type[Model], lookup: dict[str, Any]) -> None:
    hidden = model._default_manager.filter(**lookup).first()
    if hidden is not None:
        page_record(request, about=hidden, purpose=Purpose.ACCESS, outcome=Outcome.REFUSED)
