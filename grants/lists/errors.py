"""Why a step with a list is not taken; the message is for the user."""

from __future__ import annotations


class ListStepRefused(ValueError):
    """The step cannot be taken; the message says why and what can be done."""


class RowStale(ListStepRefused):
    """Somebody else has corrected the row meanwhile: what they wrote stands."""
