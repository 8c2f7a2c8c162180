"""Whether an ID token is to be believed (OpenID Connect Core 1.0, 3.1.3.7)."""

from __future__ import annotations

import hmac
from datetime import datetime
from typing import Any

from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError

from registry.access.signin.oidc.errors import (
    ForgedToken,
    WrongAudience,
    WrongIssuer,
    WrongNonce,
    WrongSubject,
    WrongTime,
)
from registry.access.signin.oidc.provider import Provider

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "Ed25519")
LEEWAY = 60  # seconds that two clocks may differ
OLDEST = 600  # seconds since a token was issued; it is asked for and used at once
SUBJECT_LENGTH = 255  # the standard's own limit


def token_claims(
    token: Any, *, provider: Provider, client_id: str, nonce: str, at: datetime
) -> dict[str, Any]:
    """The claims of a token that is the provider's, for us, now and of this sign-in.

    Raises ForgedToken, WrongIssuer, WrongAudience, WrongTime, WrongNonce, WrongSubject.
    """
    claims = _signed_claims(token, provider)
    if claims.get("iss") != provider.issuer:
        raise WrongIssuer
    if not _is_for(client_id, claims):
        raise WrongAudience
    if not _is_now(claims, at.timestamp()):
        raise WrongTime
    if not hmac.compare_digest(str(claims.get("nonce")).encode(), nonce.encode()):
        raise WrongNonce
    subject = claims.get("sub")
    if not (isinstance(subject, str) and 0 < len(subject) <= SUBJECT_LENGTH):
        raise WrongSubject
    return claims


def _signed_claims(token: Any, provider: Provider) -> dict[str, Any]:
    """What one of the provider's keys has signed; new keys are asked for once."""
    if not isinstance(token, str):
        raise ForgedToken
    try:
        try:
            return jwt.decode(token, provider.keys(), list(ALGORITHMS)).claims
        except InvalidKeyIdError:
            return jwt.decode(token, provider.keys(anew=True), list(ALGORITHMS)).claims
    except (JoseError, ValueError) as reason:
        raise ForgedToken from reason


def _is_for(client_id: str, claims: dict[str, Any]) -> bool:
    audience = claims.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    party = claims.get("azp", client_id if len(audiences) == 1 else None)
    return client_id in audiences and party == client_id


def _is_now(claims: dict[str, Any], now: float) -> bool:
    times = [claims.get("exp"), claims.get("iat"), claims.get("nbf", 0)]
    if not all(isinstance(time, int | float) for time in times):
        return False
    expires, issued, begins = times
    return expires > now - LEEWAY and begins < now + LEEWAY and abs(now - issued) < OLDEST
