"""Names of authorities, which are dated: letters carry the name of their day (P-02)."""

from __future__ import annotations

from datetime import date

from registry.organisations.models import AuthorityName

PAYING = "keha"


def authority_name(code: str, day: date) -> str:
    """The authority's name in force on the day, in the active language."""
    return AuthorityName.objects.in_force(day).get(authority__code=code).name
