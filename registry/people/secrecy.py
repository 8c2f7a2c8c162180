"""Persons under non-disclosure (turvakielto, P-11): who they are, so that pages keep them out.

Their home municipality, and the payee with it, is shown on their own pages to those who decide
on them, and nowhere else. Whoever is protected is so by every number joined to them.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q

from registry.facts import FactQuerySet
from registry.links.models import PersonLink, PersonLinkQuerySet
from registry.people.models import PersonDetails


def protected_details() -> FactQuerySet:
    """Current details of the numbers under non-disclosure as known now."""
    return PersonDetails.objects.current().filter(
        identity__records__closed_by=None, identity__records__non_disclosure=True
    )


def _links_of_protected() -> PersonLinkQuerySet:
    """Links in force of persons any of whose numbers is under non-disclosure."""
    links = PersonLink.objects.standing()
    found = links.filter(_by_number("person") | _by_number("number"))
    return links.filter(person__in=found.values("person"))


def _by_number(person: str) -> Q:
    return Q(Exists(protected_details().filter(person=OuterRef(person))))


def is_protected(person: str = "person") -> Q:
    """Whether the person that a row names is under non-disclosure, for filters."""
    links = _links_of_protected()
    return (
        _by_number(person)
        | Q(**{f"{person}__in": links.values("person")})
        | Q(**{f"{person}__in": links.values("number")})
    )


def non_disclosed(persons: Iterable[int]) -> frozenset[int]:
    """Which of the persons (ids) are under non-disclosure as known now; one query."""
    asked = set(persons)
    links = _links_of_protected()
    found = protected_details().filter(person__in=asked).values_list("person")
    joined = (
        links.filter(person__in=asked)
        .values_list("person")
        .union(links.filter(number__in=asked).values_list("number"), found)
    )
    return frozenset(person for (person,) in joined)
