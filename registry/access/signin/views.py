"""django-allauth's pages where this service asks for more, and what too many tries are told."""

from __future__ import annotations

from typing import Any

from allauth.account.views import LoginView, PasswordChangeView
from allauth.mfa.adapter import get_adapter
from allauth.mfa.webauthn.views import RemoveWebAuthnView
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from registry.access.requests import SignedInRequest


class SignInView(LoginView):
    """The page of signing in, with the ways there are."""

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        return super().get_context_data(oidc=bool(settings.OIDC_ISSUER), **context)


class PasswordView(PasswordChangeView):
    """The own password; whoever signs in elsewhere has none here."""

    def dispatch(self, request: SignedInRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_usable_password():
            return redirect("mfa_index")
        return super().dispatch(request, *args, **kwargs)


class PasskeyRemoveView(RemoveWebAuthnView):
    """Removing a passkey; staff keep at least one factor, as with the authenticator app."""

    def form_valid(self, form: Any) -> HttpResponse:
        adapter = get_adapter()
        if not adapter.can_delete_authenticator(self.get_object()):
            messages.error(self.request, adapter.error_messages["cannot_delete_authenticator"])
            return redirect("mfa_index")
        return super().form_valid(form)


def too_many_requests(request: HttpRequest) -> HttpResponse:
    """Tell an address that has tried too often to wait."""
    return render(request, "429.html", status=429)
