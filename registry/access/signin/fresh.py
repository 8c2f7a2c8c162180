"""A fresh sign-in before what binds: one proves again who one is, and then does it oneself.

What was sent meanwhile is dropped, never sent again on one's behalf: one comes back to the page.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.signals import authentication_step_completed
from allauth.core.exceptions import ReauthenticationRequired
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from registry.access.signin.sessions import is_fresh, proof_renewed

View = Callable[..., HttpResponse]


def fresh_sign_in(*, back: str) -> Callable[[View], View]:
    """Ask for a fresh sign-in before a step; `back` names the page, of the same address parts."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not is_fresh(request.session, at=timezone.now()):
                return ask_again(request, back=reverse(back, args=args, kwargs=kwargs))
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def ask_again(request: HttpRequest, *, back: str) -> HttpResponse:
    """Lead to where one proves again who one is, and from there to the page `back`."""
    methods = get_adapter(request).get_reauthentication_methods(request.user)
    if not methods:  # who has neither password nor factor here signs in anew where they did
        logout(request)
    page = methods[0]["url"] if methods else resolve_url(settings.LOGIN_URL)
    messages.info(request, _("Show that it is still you. Nothing has been done yet."))
    return HttpResponseRedirect(f"{page}?{urlencode({'next': back})}")


class AskAgain:
    """Middleware: django-allauth's own pages ask in the same way; it would send again what was sent."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer a page of django-allauth that wants a fresh sign-in."""
        if isinstance(exception, ReauthenticationRequired):
            return ask_again(request, back=request.path)
        return None


@receiver(authentication_step_completed, dispatch_uid="proved_again")
def proved_again(request: HttpRequest, *, reauthenticated: bool = False, **_kwargs: Any) -> None:
    """Note a fresh sign-in, and say that what one was about to do is still to be done."""
    if reauthenticated:
        proof_renewed(request.session, at=timezone.now())
        messages.info(request, _("Thank you. Now do again what you were about to do."))
