"""From a person of the provider to a user, with the memberships of today's mandates."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection, transaction
from django.utils import timezone

from config.lib import sealing
from registry.access.models import Membership, Right, Source, User
from registry.access.signin.oidc.claims import Person
from registry.access.signin.oidc.errors import NoMandate
from registry.access.signin.oidc.models import Subject
from registry.audit.models import Purpose, Verb
from registry.audit.services import audit_record
from registry.organisations.models import Organisation


@dataclass(frozen=True)
class SignedIn:
    """The user, and how many organisations of the answer this service does not know."""

    user: User
    unknown: int


@transaction.atomic
def person_sign_in(person: Person, *, at: datetime) -> SignedIn:
    """Find or make the user of a subject; give them the memberships of the answer, for today.

    Raises NoMandate for an unknown person who acts for no organisation of this service.
    """
    _wait_for_turn(person)
    today = timezone.localdate(at)
    known = Organisation.objects.in_force(today).filter(business_id__in=person.business_ids)
    organisations = list(known)
    user = _user_of(person) or _user_make(person, organisations)
    _mandates_set(user, organisations, at=at)
    return SignedIn(user, unknown=len(person.business_ids) - len(organisations))


def _wait_for_turn(person: Person) -> None:
    """Sign-ins of one subject go one after another: the first of two makes the user."""
    lock = int.from_bytes(sealing.keyed_hash(person.subject).bytes[:8], signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [lock])


def _user_of(person: Person) -> User | None:
    """The user of a known subject, by issuer and subject alone: an e-mail address proves nothing."""
    hashed = sealing.keyed_hash(person.subject)
    subjects = Subject.objects.select_related("user").select_for_update()
    subject = subjects.filter(issuer=person.issuer, subject_hash=hashed).first()
    if subject is None:
        return None
    user = subject.user
    user.first_name = person.given_name or user.first_name
    user.last_name = person.family_name or user.last_name
    user.save(update_fields=["first_name", "last_name"])
    return user


def _user_make(person: Person, organisations: list[Organisation]) -> User:
    if not organisations:
        raise NoMandate
    user = User(
        username=f"oidc-{secrets.token_hex(8)}",
        first_name=person.given_name,
        last_name=person.family_name,
    )
    user.set_unusable_password()
    user.save()
    Subject.objects.create(
        user=user,
        issuer=person.issuer,
        sealed=sealing.seal(person.subject),
        subject_hash=sealing.keyed_hash(person.subject),
    )
    return user


def _mandates_set(user: User, organisations: list[Organisation], *, at: datetime) -> None:
    """Let the mandates of the latest answer alone stand; what a coordinator gave stays."""
    today = timezone.localdate(at)
    standing = Membership.objects.filter(user=user).in_force(today)
    for gone in standing.filter(source=Source.MANDATE).exclude(organisation__in=organisations):
        gone.revoked_at = at
        gone.save(update_fields=["revoked_at"])
        _record(Verb.CHANGED, gone)
    held = set(standing.values_list("organisation_id", flat=True))
    for organisation in organisations:
        if organisation.pk not in held:
            _record(Verb.CREATED, _mandate(user, organisation, today))


def _mandate(user: User, organisation: Organisation, day: date) -> Membership:
    return Membership.objects.create(
        user=user,
        organisation=organisation,
        right=Right.SEND,
        source=Source.MANDATE,
        valid_from=day,
        valid_to=day,
    )


def _record(verb: Verb, mandate: Membership) -> None:
    audit_record(
        verb=verb,
        actor=mandate.user,
        about=mandate,
        acting_for=mandate.organisation,
        purpose=Purpose.ACCESS,
    )
