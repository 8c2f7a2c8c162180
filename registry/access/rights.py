"""What somebody may do today, and for which one organisation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from django.db import models
from django.utils import timezone

from registry.access.models import Membership, Right, Role, StaffRole, User
from registry.organisations.models import Organisation

Rows = TypeVar("Rows", bound=models.QuerySet[Any])


@dataclass(frozen=True)
class Access:
    """Roles in force, memberships in force, and the membership that is acted under, if any."""

    roles: frozenset[Role] = frozenset()
    memberships: tuple[Membership, ...] = ()
    acting: Membership | None = None

    @property
    def organisation(self) -> Organisation | None:
        """The one organisation acted for: what one sees is always one organisation's."""
        return self.acting.organisation if self.acting else None

    @property
    def right(self) -> Right | None:
        """What one does for that organisation."""
        return Right(self.acting.right) if self.acting else None

    @property
    def organisations(self) -> tuple[Organisation, ...]:
        """All organisations one may choose to act for."""
        return tuple(membership.organisation for membership in self.memberships)

    @property
    def is_staff(self) -> bool:
        """Whether one has a role in the paying authority or the ministry."""
        return bool(self.roles)

    @property
    def is_to_choose(self) -> bool:
        """Whether one has organisations to choose from and has not chosen."""
        return bool(self.memberships) and self.acting is None and not self.is_staff

    def has(self, *roles: Role) -> bool:
        """Whether one has any of the roles."""
        return not self.roles.isdisjoint(roles)


def access_of(user: User, *, today: date, chosen: int | None = None) -> Access:
    """Rights of a user on a day, acting for the chosen organisation or the only one; two queries."""
    roles = StaffRole.objects.filter(user=user).in_force(today).values_list("role", flat=True)
    memberships = tuple(
        Membership.objects.filter(user=user)
        .in_force(today)
        .select_related("organisation")
        .order_by("organisation__kind", "organisation__code")
    )
    return Access(frozenset(map(Role, roles)), memberships, _acting(memberships, chosen))


def _acting(memberships: tuple[Membership, ...], chosen: int | None) -> Membership | None:
    if len(memberships) == 1:
        return memberships[0]
    return next((own for own in memberships if own.organisation_id == chosen), None)


def for_roles(rows: Rows, user: User, *roles: Role) -> Rows:
    """All rows to whoever has one of the roles, none to anyone else."""
    return rows if user.access.has(*roles) else rows.none()


def own_organisations(user: User) -> models.QuerySet[Organisation]:
    """The organisation acted for and those that have merged into it by today (C-33); or none."""
    organisation = user.access.organisation
    if organisation is None:
        return Organisation.objects.none()
    return Organisation.objects.paid_to(organisation.pk, timezone.localdate())
