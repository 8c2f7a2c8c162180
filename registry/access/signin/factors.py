"""The second factor: a code of an authenticator app, or a passkey; obligatory for staff.

A member of staff without one reaches only the pages where it is set up. One who has a factor but
has not shown it in this session, by whatever door they came, is signed out.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from registry.access.models import User

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
ADDED = "factor_added"  # of the session
OPEN_WITHOUT = ("sign-in/", "sign-out/", "own/", "language/")  # routes


def has_factor(user: User) -> bool:
    """Whether the user has a second factor."""
    return Authenticator.objects.filter(user=user, type__in=FACTORS).exists()


def must_have_factor(user: User) -> bool:
    """Whether the user may do nothing without a second factor: staff, but in the demo."""
    return settings.SECOND_FACTOR_REQUIRED and user.access.is_staff


def is_shown(request: HttpRequest, user: User) -> bool:
    """Whether a second factor was shown, or set up, in this session."""
    records = get_authentication_records(request, user)
    return ADDED in request.session or any(record["method"] == "mfa" for record in records)


@receiver(authenticator_added, dispatch_uid="factor_added")
def factor_added(request: HttpRequest, **_kwargs: Any) -> None:
    """Note that whoever set up a factor has it."""
    request.session[ADDED] = True


class SecondFactor:
    """Middleware: keep staff without a second factor on the pages where it is set up."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        """Lead to the set-up, or out."""
        user, match = request.user, request.resolver_match
        if not user.is_authenticated or not must_have_factor(user):
            return None
        if match and match.route.startswith(OPEN_WITHOUT):
            return None
        if not has_factor(user):
            messages.warning(request, _("Set up a second factor first; your role requires one."))
            return redirect("mfa_index")
        return None if is_shown(request, user) else _sign_in_again(request)


def _sign_in_again(request: HttpRequest) -> HttpResponse:
    logout(request)
    messages.warning(request, _("Sign in with your second factor."))
    return redirect("login")
