"""The administration site: for coordinators, who sign in where everybody does."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from registry.access.doors import is_open, open_to
from registry.access.models import Role


class CoordinatorSite(admin.AdminSite):
    """Open to coordinators alone; whatever is registered here is theirs to keep or to look at."""

    open_to = frozenset({Role.COORDINATOR})

    def has_permission(self, request: HttpRequest) -> bool:
        user = request.user
        return bool(user.is_authenticated and is_open(user.access, self.open_to))

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:  # noqa: FBT001, FBT002 # Django's signature
        guarded = open_to(*self.open_to)(super().admin_view(view, cacheable))
        guarded.login_url = settings.LOGIN_URL  # type: ignore[attr-defined] # of LoginRequired
        return guarded

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Sign in where everybody does."""
        return redirect(settings.LOGIN_URL)
