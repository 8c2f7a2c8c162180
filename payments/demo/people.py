"""Who signs in to the demo: staff of the state, officers of a few organisations."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from registry.access.services import membership_grant, role_grant
from registry.models import Organisation, Right, Role, User

PASSWORD = "kotiin-2026"  # noqa: S105 (printed for all to see, on artificial data only)


@dataclass(frozen=True)
class Character:
    """Somebody of the demo: their names, a role or organisations (kind, code) and a right."""

    first_name: str
    last_name: str
    role: Role | None = None
    officer_of: tuple[tuple[str, str], ...] = ()
    right: Right = Right.SEND


CHARACTERS = {
    "anna": Character("Anna", "Lahtinen", officer_of=(("municipality", "398"),)),
    "bertta": Character(
        "Bertta", "Turunen", officer_of=(("municipality", "853"),), right=Right.PREPARE
    ),
    "cecilia": Character("Cecilia", "Österman", officer_of=(("county", "17"),)),
    "helmi": Character("Helmi", "Helsing", officer_of=(("municipality", "091"), ("county", "90"))),
    "kalle": Character("Kalle", "Tarkka", role=Role.REVIEWER),
    "katri": Character("Katri", "Huolellinen", role=Role.REVIEWER),
    "hilkka": Character("Hilkka", "Päättäjä", role=Role.APPROVER),
    "heikki": Character("Heikki", "Harkitseva", role=Role.APPROVER),
    "tuula": Character("Tuula", "Ministeriö", role=Role.COORDINATOR),
    "taavi": Character("Taavi", "Tallentaja", role=Role.COORDINATOR),
    "tarja": Character("Tarja", "Suojelija", role=Role.DATA_PROTECTION_OFFICER),
}


def people_make(*, today: date) -> dict[str, User]:
    """Make the demo's users with their rights; those who are there stay as they are."""
    return {name: _person(name, character, today) for name, character in CHARACTERS.items()}


def _person(name: str, character: Character, today: date) -> User:
    names = {"first_name": character.first_name, "last_name": character.last_name}
    user, new = User.objects.get_or_create(username=name, defaults=names)
    if new:
        user.set_password(PASSWORD)
        user.save(update_fields=["password"])
    if character.role:
        role_grant(user, character.role, today=today)
    for kind, code in character.officer_of:
        organisation = Organisation.objects.get(kind=kind, code=code)
        membership_grant(user, organisation, character.right, today=today)
    return user


def sign_in_names() -> Iterator[tuple[str, str]]:
    """Each name and, in words, what they may do."""
    for name, character in CHARACTERS.items():
        if character.role:
            yield name, str(character.role.label)
        else:
            of = Organisation.objects.filter(
                kind__in=[kind for kind, _code in character.officer_of],
                code__in=[code for _kind, code in character.officer_of],
            )
            yield name, ", ".join(organisation.name for organisation in of)
