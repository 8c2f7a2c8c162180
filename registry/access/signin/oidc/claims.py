"""The one adapter from a provider's claims to a person and the organisations they act for.

OIDC_CLAIMS says where the provider puts what; a path of names is joined by dots.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings

NAME_LENGTH = 150


@dataclass(frozen=True)
class Person:
    """Who has signed in by a provider, and the business ids they have the mandate of."""

    issuer: str
    subject: str
    given_name: str
    family_name: str
    business_ids: frozenset[str]


def person_of(claims: Mapping[str, Any]) -> Person:
    """Read a person from checked claims: all organisations of the answer, not only the first."""
    return Person(
        issuer=claims["iss"],
        subject=claims["sub"],
        given_name=_name(claims, "given_name"),
        family_name=_name(claims, "family_name"),
        business_ids=frozenset(_mandated(claims)),
    )


def names_organisations(claims: Mapping[str, Any]) -> bool:
    """Whether the claims say for whom the person acts."""
    return _found(claims, "organisations") is not None


def _mandated(claims: Mapping[str, Any]) -> list[str]:
    """Business ids of the organisations for which the person has the qualifier."""
    organisations = _found(claims, "organisations")
    return [
        str(_found(organisation, "business_id")).strip()
        for organisation in organisations or []
        if isinstance(organisation, Mapping)
        and settings.OIDC_QUALIFIER in _listed(_found(organisation, "qualifiers"))
    ]


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else str(value or "").split()


def _name(claims: Mapping[str, Any], name: str) -> str:
    return str(_found(claims, name) or "").strip()[:NAME_LENGTH]


def _found(claims: Mapping[str, Any], name: str) -> Any:
    """The value at the path that OIDC_CLAIMS gives for a name; None where there is none."""
    value: Any = claims
    for part in settings.OIDC_CLAIMS[name].split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value
