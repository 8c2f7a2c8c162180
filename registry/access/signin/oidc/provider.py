"""The provider: where it is asked for what, and its keys, kept for an hour."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from django.conf import settings
from django.core.cache import cache
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from registry.access.signin.oidc.errors import (
    ProviderRefused,
    ProviderUnreachable,
    WrongIssuer,
    WrongSubject,
)
from registry.access.signin.oidc.fetching import fetch

HOUR, MINUTE = 3600, 60  # seconds
ASYMMETRIC = ("RSA", "EC", "OKP")  # a shared secret is no proof of who signed


@dataclass(frozen=True)
class Provider:
    """Addresses of the provider, from its own description."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str | None = None
    authorization_response_iss_parameter_supported: bool = False

    def address(self, *, redirect_uri: str, state: str, nonce: str, verifier: str) -> str:
        """Where a browser is led to sign in."""
        challenge = hashlib.sha256(verifier.encode()).digest()
        asked = {
            "response_type": "code",
            "client_id": settings.OIDC_CLIENT_ID,
            "redirect_uri": redirect_uri,
            "scope": " ".join(settings.OIDC_SCOPES),
            "state": state,
            "nonce": nonce,
            "code_challenge": base64.urlsafe_b64encode(challenge).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
        }
        return f"{self.authorization_endpoint}?{urlencode(asked)}"

    def tokens(self, *, code: str, redirect_uri: str, verifier: str) -> dict[str, Any]:
        """Tokens in exchange for a code, which is good once. Raises ProviderRefused."""
        name, secret = quote(settings.OIDC_CLIENT_ID), quote(settings.OIDC_CLIENT_SECRET)
        basic = base64.b64encode(f"{name}:{secret}".encode()).decode()
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "code_verifier": verifier,
        }
        try:
            return fetch(
                self.token_endpoint, form=form, headers={"Authorization": f"Basic {basic}"}
            )
        except ProviderUnreachable as reason:
            raise ProviderRefused(str(reason)) from None

    def userinfo(self, *, access_token: str, subject: str) -> dict[str, Any]:
        """More claims of the same subject; none where the provider has no such page."""
        if self.userinfo_endpoint is None:
            return {}
        bearer = {"Authorization": f"Bearer {access_token}"}
        claims = fetch(self.userinfo_endpoint, headers=bearer)
        if claims.get("sub") != subject:
            raise WrongSubject
        return claims

    def keys(self, *, anew: bool = False) -> KeySet:
        """The keys it signs with; `anew` asks again, once a minute at most."""
        anew = anew and cache.add(f"oidc:anew:{self.jwks_uri}", True, MINUTE)  # noqa: FBT003
        described = _kept(self.jwks_uri, anew=anew)
        keys = [key for key in described.get("keys", []) if key.get("kty") in ASYMMETRIC]
        try:
            return KeySet.import_key_set({"keys": keys})
        except (JoseError, ValueError) as reason:
            raise ProviderUnreachable("The provider has no keys.") from reason


def provider() -> Provider:
    """The provider of OIDC_ISSUER. Raises ProviderUnreachable, WrongIssuer."""
    issuer: str = settings.OIDC_ISSUER
    described = _kept(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
    if described.get("issuer") != issuer:
        raise WrongIssuer
    names = Provider.__dataclass_fields__
    try:
        return Provider(**{name: described[name] for name in names if name in described})
    except TypeError:
        raise ProviderUnreachable("The provider does not describe itself.") from None


def _kept(url: str, *, anew: bool = False) -> dict[str, Any]:
    key = f"oidc:{hashlib.sha256(url.encode()).hexdigest()}"
    answer: dict[str, Any] | None = None if anew else cache.get(key)
    if answer is None:
        answer = fetch(url)
        cache.set(key, answer, HOUR)
    return answer
