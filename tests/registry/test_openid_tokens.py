"""ID tokens that are a lie, on their way from a real provider: each is refused and logged."""

from __future__ import annotations

import hmac
import json
from base64 import urlsafe_b64encode
from collections.abc import Callable
from time import time
from typing import Any

import pytest
from django.core.cache import cache
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from registry.access.signin.oidc import provider as asking
from tests.registry.idp import CLIENT_ID, SECRET, Idp, answered, refused

Claims = dict[str, Any]
Forge = Callable[[Idp, Claims, Claims], str]  # from header and claims, a token in its place


@pytest.fixture
def tampered(monkeypatch, client, idp):
    """Have the token replaced on its way; the service's page for the answer."""

    def answer(forge: Forge):
        fetch = asking.fetch

        def replace(url: str, **options: Any) -> Claims:
            sent = fetch(url, **options)
            if "id_token" in sent:
                token = jwt.decode(sent["id_token"], idp.key, ["RS256"])
                sent["id_token"] = forge(idp, token.header, token.claims)
            return sent

        with monkeypatch.context() as patched:
            patched.setattr(asking, "fetch", replace)
            return answered(client, idp)

    return answer


def by_hand(header: Claims, claims: Claims, secret: bytes = b"") -> str:
    """A token put together by hand, signed with a shared secret if there is one."""
    text = ".".join(_coded(json.dumps(part).encode()) for part in (header, claims))
    return f"{text}.{_coded(hmac.digest(secret, text.encode(), 'sha256') if secret else b'')}"


def _coded(value: bytes) -> str:
    return urlsafe_b64encode(value).rstrip(b"=").decode()


def signed(header: Claims, claims: Claims, key: Any) -> str:
    return jwt.encode(header, claims, key, [header["alg"]])


def own_key(_idp: Idp, header: Claims, claims: Claims) -> str:
    """Signed with a key that the token brings along."""
    key = RSAKey.generate_key(2048)
    return signed({**header, "jwk": key.as_dict(private=False)}, claims, key)


FORGERIES: dict[str, Forge] = {
    "unsigned": lambda _i, h, c: by_hand({"alg": "none"}, c),
    "unsigned, spelt otherwise": lambda _i, h, c: by_hand({**h, "alg": "None"}, c),
    "signature taken off": lambda _i, h, c: by_hand(h, c),
    "another key of the same name": lambda _i, h, c: signed(h, c, RSAKey.generate_key(2048)),
    "another kind of key": lambda _i, h, c: signed(
        {**h, "alg": "ES256"}, c, ECKey.generate_key("P-256")
    ),
    "public key as a secret": lambda i, h, c: by_hand({**h, "alg": "HS256"}, c, i.public_key),
    "client secret as a key": lambda _i, h, c: by_hand({**h, "alg": "HS256"}, c, SECRET.encode()),
    "key brought along": own_key,
    "unknown key": lambda _i, h, c: signed({**h, "kid": "mine"}, c, RSAKey.generate_key(2048)),
    "claims changed under the signature": lambda i, h, c: ".".join(
        [*by_hand(h, {**c, "sub": "eino"}).split(".")[:2], signed(h, c, i.key).split(".")[2]]
    ),
    "no token": lambda _i, h, c: "",
    "nonsense": lambda _i, h, c: "a.b.c",
}


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forged_token_is_refused(client, tampered, name):
    assert refused(client, tampered(FORGERIES[name])) == "ForgedToken"


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"exp": -120}, "WrongTime"),
        ({"exp": None}, "WrongTime"),
        ({"exp": "tomorrow"}, "WrongTime"),
        ({"iat": -1200}, "WrongTime"),
        ({"iat": 1200}, "WrongTime"),
        ({"nbf": 1200}, "WrongTime"),
        ({"aud": "another"}, "WrongAudience"),
        ({"aud": []}, "WrongAudience"),
        ({"aud": None}, "WrongAudience"),
        ({"aud": [CLIENT_ID, "another"]}, "WrongAudience"),
        ({"aud": [CLIENT_ID, "another"], "azp": "another"}, "WrongAudience"),
        ({"azp": "another"}, "WrongAudience"),
        ({"iss": "https://other.example"}, "WrongIssuer"),
        ({"iss": None}, "WrongIssuer"),
        ({"nonce": "of another sign-in"}, "WrongNonce"),
        ({"nonce": None}, "WrongNonce"),
        ({"sub": ""}, "WrongSubject"),
        ({"sub": None}, "WrongSubject"),
        ({"sub": ["aino"]}, "WrongSubject"),
        ({"sub": "eino"}, "WrongSubject"),  # whom userinfo does not name
    ],
)
def test_a_token_of_the_provider_for_another_use_is_refused(client, tampered, changed, reason):
    assert refused(client, tampered(with_claims(changed))) == reason


def with_claims(changed: Claims) -> Forge:
    """Signed by the provider, but with other claims; whole numbers are seconds from now."""
    moved = {
        name: time() + value if isinstance(value, int) else value for name, value in changed.items()
    }
    return lambda idp, header, claims: signed(header, {**claims, **moved}, idp.key)


def test_a_token_may_name_several_audiences_and_us_as_the_party(tampered):
    named = {"aud": [CLIENT_ID, "another"], "azp": CLIENT_ID}
    assert tampered(with_claims(named)).status_code == 302


def test_new_keys_are_asked_for_once_a_minute(monkeypatch, tampered):
    asked_for: list[str] = []
    fetch = asking.fetch

    def counted(url: str, **options: Any) -> Claims:
        asked_for.append(url)
        return fetch(url, **options)

    monkeypatch.setattr(asking, "fetch", counted)
    cache.clear()
    for _ in range(3):
        assert tampered(FORGERIES["unknown key"]).status_code == 403
    assert len([url for url in asked_for if "jwks" in url]) == 2
