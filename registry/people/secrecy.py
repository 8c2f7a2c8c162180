"""Persons under non-disclosure (turvakielto, P-11): who they are, so that pages keep them out.

Their home municipality, and the payee with it, is shown on their own pages to those who decide
on them, and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Exists, OuterRef

from registry.facts import FactQuerySet
from registry.people.models import PersonDetails


def protected_details() -> FactQuerySet:
    """Current details of the persons under non-disclosure as known now."""
    return PersonDetails.objects.current().filter(
        identity__records__closed_by=None, identity__records__non_disclosure=True
    )


def is_protected(person: str = "person") -> Exists:
    """Whether the person that a row names is under non-disclosure, for filters."""
    return Exists(protected_details().filter(person=OuterRef(person)))


def non_disclosed(persons: Iterable[int]) -> frozenset[int]:
    """Which of the persons (ids) are under non-disclosure as known now; one query."""
    found = protected_details().filter(person__in=set(persons))
    return frozenset(found.values_list("person", flat=True))
