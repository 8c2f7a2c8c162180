"""Giving rights outside the administration site: the first coordinator's, the demo's."""

from __future__ import annotations

from datetime import date
from typing import TypeVar

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from registry.access.models import Membership, Right, Role, StaffRole, User
from registry.audit.models import Purpose, Verb
from registry.audit.services import attempt
from registry.organisations.models import Organisation


class CannotGrant(ValueError):
    """The right cannot be given; the message says why."""


def role_grant(user: User, role: Role, *, today: date) -> StaffRole:
    """Give a role from today on, and log it; one that is in force stays as it is.

    Raises CannotGrant where the user has a role that is kept apart from this one.
    """
    standing: StaffRole | None = (
        StaffRole.objects.filter(user=user, role=role).in_force(today).first()
    )
    return standing or _granted(StaffRole(user=user, role=role, valid_from=today))


def membership_grant(
    user: User, organisation: Organisation, right: Right, *, today: date
) -> Membership:
    """Make the user an officer of the organisation from today on, and log it.

    One that is in force stays as it is. Raises CannotGrant.
    """
    held = Membership.objects.filter(user=user, organisation=organisation)
    standing: Membership | None = held.in_force(today).first()
    return standing or _granted(
        Membership(user=user, organisation=organisation, right=right, valid_from=today)
    )


GrantedRight = TypeVar("GrantedRight", StaffRole, Membership)


def _granted(right: GrantedRight) -> GrantedRight:
    with attempt(
        CannotGrant,
        verb=Verb.CREATED,
        actor=None,
        about=type(right),
        purpose=Purpose.ADMINISTRATION,
    ) as event:
        try:
            with transaction.atomic():
                right.save(force_insert=True)
        except IntegrityError:
            raise CannotGrant(
                _(
                    "{user} has a right on some of these days that this one is kept apart from. "
                    "End it first."
                ).format(user=right.user)
            ) from None
        event.object_id = str(right.pk)
    return right
