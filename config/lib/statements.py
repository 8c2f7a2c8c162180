"""The statements that a public service owes everyone, in the language of the page.

They are whole texts by language (`templates/statements/`), not sentences to translate one by one.
"""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe


@login_not_required
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """The accessibility statement (Act 306/2019, 9 §)."""
    return _statement(request, "accessibility")


@login_not_required
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """The privacy notice (GDPR, articles 13 and 14)."""
    return _statement(request, "privacy")


def _statement(request: HttpRequest, name: str) -> HttpResponse:
    return render(request, f"statements/{name}.{get_language()}.html")
