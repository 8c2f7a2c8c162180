"""Second factors made of software: an authenticator app; a browser with a security key."""

from __future__ import annotations

import hashlib
import json
import os
import re
import time
from base64 import urlsafe_b64encode
from html import unescape
from typing import Any

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2 import cbor
from fido2.cose import ES256
from fido2.utils import websafe_decode

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40
OPTIONS = re.compile(r'data-options="([^"]*)"')


def code(secret: str) -> str:
    """What an authenticator app shows now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def _coded(value: bytes) -> str:
    return urlsafe_b64encode(value).rstrip(b"=").decode()


def page_data(page: str) -> dict[str, Any]:
    """What a page hands to the browser's part of a passkey."""
    found = OPTIONS.search(page)
    assert found, page
    data: dict[str, Any] = json.loads(unescape(found[1]))
    return data


class Passkey:
    """A key pair for one site, and who its owner is there."""

    def __init__(self, origin: str = "https://testserver") -> None:
        self.origin = origin
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id = os.urandom(16)
        self.owner = ""

    def register(self, options: dict[str, Any]) -> str:
        """Answer to a page that adds a passkey."""
        asked = options["creation_options"]["publicKey"]
        self.owner = asked["user"]["id"]
        cose = cbor.encode(dict(ES256.from_cryptography_key(self.key.public_key())))
        attested = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + cose
        data = self._data(asked["rp"]["id"], ATTESTED) + attested
        attestation = cbor.encode({"fmt": "none", "attStmt": {}, "authData": data})
        client = self._client("webauthn.create", asked["challenge"])
        response = {"attestationObject": _coded(attestation), "clientDataJSON": _coded(client)}
        return self._credential(response, clientExtensionResults={"credProps": {"rk": True}})

    def show(self, options: dict[str, Any]) -> str:
        """Answer to a page that wants the passkey."""
        asked = options["request_options"]["publicKey"]
        data = self._data(asked["rpId"], 0)
        client = self._client("webauthn.get", asked["challenge"])
        signed = data + hashlib.sha256(client).digest()
        response = {
            "authenticatorData": _coded(data),
            "clientDataJSON": _coded(client),
            "signature": _coded(self.key.sign(signed, ec.ECDSA(hashes.SHA256()))),
            "userHandle": self.owner,
        }
        return self._credential(response, clientExtensionResults={})

    def _data(self, site: str, flag: int) -> bytes:
        flags = bytes([PRESENT | VERIFIED | flag])
        return hashlib.sha256(site.encode()).digest() + flags + bytes(4)

    def _client(self, kind: str, challenge: str) -> bytes:
        assert websafe_decode(challenge)
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode()

    def _credential(self, response: dict[str, str], **more: Any) -> str:
        name = _coded(self.id)
        return json.dumps(
            {"type": "public-key", "id": name, "rawId": name, "response": response, **more}
        )
