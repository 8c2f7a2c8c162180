"""Telling whoever asked for a step what came of it."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest


def step_told(
    request: HttpRequest,
    step: Callable[[], object],
    *refusals: type[Exception],
    done: str,
) -> None:
    """Take a step; tell that it is done, or the sentence of one of the refusals."""
    try:
        step()
    except refusals as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, done)
