"""Persons under non-disclosure (turvakielto, P-11): who they are, so that pages keep them out.

Their home municipality, and the payee with it, is shown on their own pages to those who decide
on them, and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterable

from registry.people.models import PersonDetails


def non_disclosed(persons: Iterable[int]) -> frozenset[int]:
    """Which of the persons (ids) are under non-disclosure as known now; one query."""
    current = PersonDetails.objects.current().filter(
        person__in=set(persons),
        identity__records__closed_by=None,
        identity__records__non_disclosure=True,
    )
    return frozenset(current.values_list("person", flat=True))
