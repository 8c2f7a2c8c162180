"""Handing out a kept file, to whom the caller's model has shown it (P-10)."""

from __future__ import annotations

from django.http import HttpResponse

from config.lib.downloads import file_response
from registry.access.requests import SignedInRequest
from registry.audit.models import Purpose, Verb
from registry.audit.requests import page_record
from registry.files.models import KeptFile


def kept_response(
    request: SignedInRequest, file: KeptFile, *, purpose: Purpose, case_ref: str = ""
) -> HttpResponse:
    """A download of the file as it was sent, logged; never shown inside a page of ours."""
    page_record(request, about=file, verb=Verb.EXPORTED, purpose=purpose, case_ref=case_ref)
    response = file_response(file.neutral_name, bytes(file.bytes.content))
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
