"""Asking the provider: JSON over HTTPS, no redirects, bounded in time and size."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Never
from urllib.error import HTTPError
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from registry.access.signin.oidc.errors import ProviderUnreachable

SECONDS = 10
MAX_BYTES = 1024 * 1024
OWN_MACHINE = {"localhost", "127.0.0.1", "::1"}  # where a provider for tests may speak plain HTTP


class _Stay(HTTPRedirectHandler):
    def redirect_request(self, *_args: Any) -> Never:
        raise ProviderUnreachable("The provider leads elsewhere.")


_opener = build_opener(_Stay)


def fetch(
    url: str, *, form: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Get a JSON object, or post a form and get one. Raises ProviderUnreachable."""
    if not is_sound(url):
        raise ProviderUnreachable("The provider's address is not HTTPS.")
    data = urlencode(form).encode() if form is not None else None
    request = Request(url, data, {"Accept": "application/json", **(headers or {})})  # noqa: S310
    try:
        with _opener.open(request, timeout=SECONDS) as response:
            answer = json.loads(response.read(MAX_BYTES))
    except HTTPError as error:
        error.close()
        raise ProviderUnreachable(HTTPStatus(error.code).phrase) from None
    except (OSError, ValueError) as error:
        raise ProviderUnreachable(type(error).__name__) from None
    if not isinstance(answer, dict):
        raise ProviderUnreachable("The provider's answer is no JSON object.")
    return answer


def is_sound(url: str) -> bool:
    """Whether an address of the provider may be asked: HTTPS, or this very machine."""
    parts = urlsplit(url)
    return bool(parts.hostname) and (
        parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in OWN_MACHINE)
    )
