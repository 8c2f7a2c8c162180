"""For whom the one who asks acts: the organisation chosen, or the only one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from registry.access.rights import access_of

CHOSEN = "organisation"  # of the session
ALWAYS_OPEN = {"organisation_choose", "logout", "set_language"}


class ActingFor:
    """Read the rights in force at each request; have an organisation chosen before any page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            request.user.access = access_of(
                request.user, today=timezone.localdate(), chosen=request.session.get(CHOSEN)
            )
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        """Lead whoever has yet to choose to the choice."""
        user, match = request.user, request.resolver_match
        if not user.is_authenticated or not user.access.is_to_choose:
            return None
        if match and match.view_name in ALWAYS_OPEN:
            return None
        return redirect("organisation_choose")
