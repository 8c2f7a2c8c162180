"""Sealed values: AES-GCM under versioned keys, and keyed hashes to find them by.

A sealed value is one byte of key version, 12 bytes of nonce, the ciphertext with its tag.
"""

from __future__ import annotations

import base64
import binascii
import os
from collections.abc import Mapping, Sequence
from functools import cache
from hashlib import blake2b
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

NONCE_BYTES = 12


class CannotUnseal(ValueError):
    """The value was sealed with a key this installation does not have, or was altered."""


def parse_keys(text: str) -> dict[int, bytes]:
    """Read `1:<base64 of 32 bytes>,2:<…>` into keys by version (1 to 255).

    Raises ImproperlyConfigured with a sentence that does not repeat the keys.
    """
    keys = {}
    for number, part in enumerate(text.split(","), start=1):
        version, _, encoded = part.strip().partition(":")
        try:
            keys[int(version)] = base64.b64decode(encoded, validate=True)
        except (ValueError, binascii.Error):
            keys[0] = b""
        if not all(0 < v < 256 and len(key) == 32 for v, key in keys.items()):
            raise ImproperlyConfigured(
                f"Key {number} of IDENTITY_CODE_KEYS is malformed: each is VERSION:BASE64, the "
                "version from 1 to 255, the key 32 bytes in base64, separated by commas."
            )
    return keys


def seal(value: str) -> bytes:
    """Encrypt a text under the newest key."""
    version, cipher = _newest_cipher()
    nonce = os.urandom(NONCE_BYTES)
    return bytes([version]) + nonce + cipher.encrypt(nonce, value.encode(), None)


def seal_all(values: Sequence[str]) -> list[bytes]:
    """Encrypt many texts under the newest key; their nonces come from one call of the system."""
    version, cipher = _newest_cipher()
    head, random = bytes([version]), os.urandom(NONCE_BYTES * len(values))
    nonces = [random[at : at + NONCE_BYTES] for at in range(0, len(random), NONCE_BYTES)]
    return [
        head + nonce + cipher.encrypt(nonce, value.encode(), None)
        for nonce, value in zip(nonces, values, strict=True)
    ]


def unseal(sealed: bytes | memoryview) -> str:
    """Decrypt a sealed text. Raises CannotUnseal."""
    sealed = bytes(sealed)
    cipher = _ciphers().get(sealed[0]) if sealed else None
    if cipher is None:
        raise CannotUnseal("sealed with a key version that IDENTITY_CODE_KEYS does not have")
    nonce, ciphertext = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
    try:
        return cipher.decrypt(nonce, ciphertext, None).decode()
    except (InvalidTag, ValueError):  # ValueError: too short to hold a nonce and a tag
        raise CannotUnseal("the sealed value was altered") from None


def keyed_hash(value: str) -> UUID:
    """Hash for joining and looking up: BLAKE2b-128 under IDENTITY_HASH_KEY."""
    return UUID(bytes=hash_bytes(value.encode()).digest())


def hash_bytes(value: bytes) -> blake2b:
    """The keyed hash as an object, for the import's inner loop."""
    return blake2b(value, key=settings.IDENTITY_HASH_KEY, digest_size=16)


def newest_version(keys: Mapping[int, bytes] | None = None) -> int:
    """Version of the key that seals now."""
    return max(keys or settings.IDENTITY_CODE_KEYS)


@cache
def _cipher(key: bytes) -> AESGCM:
    return AESGCM(key)


def _ciphers() -> dict[int, AESGCM]:
    return {version: _cipher(key) for version, key in settings.IDENTITY_CODE_KEYS.items()}


def _newest_cipher() -> tuple[int, AESGCM]:
    version = newest_version()
    return version, _cipher(settings.IDENTITY_CODE_KEYS[version])
