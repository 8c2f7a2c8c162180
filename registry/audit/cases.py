"""The case a page of a person was opened from, carried in the address and kept in the log (P-10).

`?from=run 2025-01~<signature>`: signed, so that the log never holds what somebody typed.
"""

from __future__ import annotations

from urllib.parse import urlencode

from django.core.signing import BadSignature, Signer
from django.http import Http404, HttpRequest

PARAMETER = "from"
SIGNER = Signer(sep="~", salt="registry.audit.cases")


def origin_of(case_ref: str) -> str:
    """What an address ends with to tell the case; empty for none. A case never names a person."""
    return f"?{urlencode({PARAMETER: SIGNER.sign(case_ref)})}" if case_ref else ""


def case_of_address(request: HttpRequest) -> str:
    """The case that the address tells; empty when it tells none. Raises Http404 if it is forged."""
    signed = request.GET.get(PARAMETER)
    if not signed:
        return ""
    try:
        return SIGNER.unsign(signed)
    except BadSignature:
        raise Http404 from None
