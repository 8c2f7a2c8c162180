"""To the provider and back."""

from __future__ import annotations

import hmac
import secrets
from datetime import datetime
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from registry.access.signin.oidc.claims import Person, names_organisations, person_of
from registry.access.signin.oidc.errors import (
    ProviderRefused,
    SignInRefused,
    WrongIssuer,
    WrongState,
)
from registry.access.signin.oidc.provider import Provider, provider
from registry.access.signin.oidc.services import person_sign_in
from registry.access.signin.oidc.tokens import token_claims
from registry.audit.services import sign_in_refused

BEGUN = "oidc"  # of the session: the one sign-in that waits for its answer
LONGEST = 600  # seconds between leaving and coming back


@login_not_required
@never_cache
@require_safe
def oidc_begin(request: HttpRequest) -> HttpResponse:
    """Lead to the provider, with what its answer must fit."""
    _is_configured()
    goal = request.GET.get("next", "")
    begun = {
        "state": secrets.token_urlsafe(32),
        "nonce": secrets.token_urlsafe(32),
        "verifier": secrets.token_urlsafe(48),
    }
    try:
        address = provider().address(redirect_uri=_own_address(request), **begun)
    except SignInRefused as reason:
        return _refused(request, reason)
    goal = goal if get_adapter(request).is_safe_url(goal) else ""
    request.session[BEGUN] = {**begun, "at": timezone.now().timestamp(), "goal": goal}
    return HttpResponseRedirect(address)


@login_not_required
@never_cache
@require_safe
def oidc_answer(request: HttpRequest) -> HttpResponse:
    """Take the provider's answer, once; believe it or refuse it."""
    _is_configured()
    at, begun = timezone.now(), request.session.pop(BEGUN, None)
    try:
        signed_in = person_sign_in(_person(request, begun, at=at), at=at)
    except SignInRefused as reason:
        return _refused(request, reason)
    if signed_in.unknown:
        messages.warning(request, _unknown_told(signed_in.unknown))
    record_authentication(request, signed_in.user, method="oidc")
    return perform_login(request, Login(user=signed_in.user, redirect_url=begun["goal"] or None))


def _person(request: HttpRequest, begun: dict[str, Any] | None, *, at: datetime) -> Person:
    answer, asked = request.GET, provider()
    _check_answer(request, begun, asked, at=at)
    assert begun is not None
    tokens = asked.tokens(
        code=answer["code"], redirect_uri=_own_address(request), verifier=begun["verifier"]
    )
    claims = token_claims(
        tokens.get("id_token"),
        provider=asked,
        client_id=settings.OIDC_CLIENT_ID,
        nonce=begun["nonce"],
        at=at,
    )
    if not names_organisations(claims):
        access_token = str(tokens.get("access_token"))
        claims = {**asked.userinfo(access_token=access_token, subject=claims["sub"]), **claims}
    return person_of(claims)


def _check_answer(
    request: HttpRequest, begun: dict[str, Any] | None, asked: Provider, *, at: datetime
) -> None:
    """Raise unless the answer is the provider's, to the sign-in begun in this browser."""
    answer = request.GET
    if begun is None or not 0 <= at.timestamp() - begun["at"] < LONGEST:
        raise WrongState
    if not hmac.compare_digest(answer.get("state", "").encode(), begun["state"].encode()):
        raise WrongState
    must_name_itself = asked.authorization_response_iss_parameter_supported
    if answer.get("iss", None if must_name_itself else asked.issuer) != asked.issuer:
        raise WrongIssuer
    if "code" not in answer:
        raise ProviderRefused


def _refused(request: HttpRequest, reason: SignInRefused) -> HttpResponse:
    sign_in_refused(username=None, reason=type(reason).__name__)
    context = {"reason": type(reason).__name__}
    return render(request, "registry/access/signin/refused.html", context, status=403)


def _unknown_told(number: int) -> str:
    return ngettext(
        "You have the mandate of %(number)s organisation that this service does not know.",
        "You have the mandate of %(number)s organisations that this service does not know.",
        number,
    ) % {"number": number}


def _own_address(request: HttpRequest) -> str:
    return request.build_absolute_uri(reverse("oidc_answer"))


def _is_configured() -> None:
    if not settings.OIDC_ISSUER:
        raise Http404
