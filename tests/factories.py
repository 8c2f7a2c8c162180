"""Objects for tests: organisations are the reference data's own, everything else is made."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Any

import factory
from factory.django import DjangoModelFactory

from config.lib import sealing
from grants.models import Application, ApplicationStep, Round
from payments.models import Rate, Run, RunRate, RunStatus
from registry.decisions.models import Remedy
from registry.models import (
    Agreement,
    Decision,
    Delivery,
    DeliveryKind,
    Ground,
    IdentityCode,
    Membership,
    Organisation,
    OrganisationKind,
    Permit,
    Person,
    PersonDetails,
    PopulationRecord,
    RejectedRow,
    Residence,
    Right,
    Role,
    StaffRole,
    User,
)

PASSWORD = "artificial-Passw0rd"
CHECK_CHARACTERS = "0123456789ABCDEFHJKLMNPRSTUVWXY"


def municipality(code: str) -> Organisation:
    """The municipality of the reference data."""
    return Organisation.objects.get(kind=OrganisationKind.MUNICIPALITY, code=code)


def organisation(kind: str, code: str) -> Organisation:
    """The organisation of the reference data."""
    return Organisation.objects.get(kind=kind, code=code)


def ground(code: str) -> Ground:
    """The ground of the reference data."""
    return Ground.objects.get(code=code)


def identity_code(birth_date: date, number: int) -> str:
    """An artificial identity code (individual numbers 900 to 999), right in its check character.

    Numbers past a hundred go on with the century's further separators.
    """
    separators = "ABCDEF" if birth_date.year >= 2000 else "-YXWVU"
    turn, individual = divmod(number, 100)
    digits = f"{birth_date:%d%m%y}{900 + individual}"
    check = CHECK_CHARACTERS[int(digits) % 31]
    return f"{birth_date:%d%m%y}{separators[turn % 6]}{900 + individual}{check}"


class UserFactory(DjangoModelFactory[User]):
    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"user{n}")
    first_name = "Testi"
    last_name = "Käyttäjä"
    password = factory.django.Password(PASSWORD)


class StaffRoleFactory(DjangoModelFactory[StaffRole]):
    class Meta:
        model = StaffRole

    user = factory.SubFactory(UserFactory)
    role = Role.REVIEWER
    valid_from = date(2020, 1, 1)


class MembershipFactory(DjangoModelFactory[Membership]):
    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    organisation = factory.LazyFunction(lambda: municipality("398"))
    right = Right.SEND
    valid_from = date(2020, 1, 1)


class DeliveryFactory(DjangoModelFactory[Delivery]):
    class Meta:
        model = Delivery

    kind = DeliveryKind.REGISTRY
    content_hash = factory.Sequence(lambda n: sha256(b"%d" % n).hexdigest())
    register_hash = factory.SelfAttribute("content_hash")
    received_at = datetime(2026, 1, 2, 8, 0, tzinfo=UTC)


class RejectedRowFactory(DjangoModelFactory[RejectedRow]):
    class Meta:
        model = RejectedRow

    delivery = factory.SubFactory(DeliveryFactory)
    file = "uma_persons.csv"
    line = factory.Sequence(lambda n: n + 2)
    column = "birth_date"
    sealed_value = factory.LazyFunction(lambda: sealing.seal("31.2.2020"))
    reason = "bad_date"


class AgreementFactory(DjangoModelFactory[Agreement]):
    class Meta:
        model = Agreement

    brought_by = factory.SubFactory(DeliveryFactory, kind=DeliveryKind.AGREEMENTS)
    municipality = factory.LazyFunction(lambda: municipality("398"))
    valid_from = date(2011, 9, 1)
    reference = "ELY/1/2011"


class IdentityCodeFactory(DjangoModelFactory[IdentityCode]):
    class Meta:
        model = IdentityCode

    class Params:
        birth_date = date(1990, 5, 1)
        text = factory.LazyAttributeSequence(lambda o, n: identity_code(o.birth_date, n % 600))

    code_hash = factory.LazyAttribute(lambda o: sealing.keyed_hash(o.text))
    sealed = factory.LazyAttribute(lambda o: sealing.seal(o.text))


class PersonFactory(DjangoModelFactory[Person]):
    class Meta:
        model = Person

    uma_number = factory.Sequence(lambda n: f"T{n:07}")


class PersonDetailsFactory(DjangoModelFactory[PersonDetails]):
    class Meta:
        model = PersonDetails

    brought_by = factory.SubFactory(DeliveryFactory)
    person = factory.SubFactory(PersonFactory)
    birth_date = date(1990, 5, 1)
    identity = factory.SubFactory(
        IdentityCodeFactory, birth_date=factory.SelfAttribute("..birth_date")
    )
    family_name = "Testinen"
    given_names = "Testi"
    nationality = "AFG"


class PermitFactory(DjangoModelFactory[Permit]):
    class Meta:
        model = Permit

    brought_by = factory.SubFactory(DeliveryFactory)
    person = factory.SubFactory(PersonFactory)
    permit_number = factory.Sequence(lambda n: f"L{n:07}")
    ground = factory.LazyFunction(lambda: ground("87"))
    applied_for_protection = True
    granted_on = factory.SelfAttribute("valid_from")
    valid_from = date(2024, 1, 15)


class PopulationRecordFactory(DjangoModelFactory[PopulationRecord]):
    class Meta:
        model = PopulationRecord

    brought_by = factory.SubFactory(DeliveryFactory)
    identity = factory.SubFactory(IdentityCodeFactory)


class ResidenceFactory(DjangoModelFactory[Residence]):
    class Meta:
        model = Residence

    brought_by = factory.SubFactory(DeliveryFactory)
    identity = factory.SubFactory(IdentityCodeFactory)
    municipality = factory.LazyFunction(lambda: municipality("398"))
    moved_in = date(2024, 2, 1)
    registered_on = factory.SelfAttribute("moved_in")


def resident(
    *,
    born: date = date(1990, 5, 1),
    lives_in: str = "398",
    moved_in: date = date(2024, 2, 1),
    named: str = "Testinen",
    protected: bool = False,
    **more: Any,
) -> Person:
    """A recognised refugee with an identity code who lives in a municipality: in scope."""
    details = PersonDetailsFactory.create(birth_date=born, family_name=named, **more)
    PermitFactory(person=details.person, brought_by=details.brought_by, valid_from=moved_in)
    PopulationRecordFactory(
        identity=details.identity, brought_by=details.brought_by, non_disclosure=protected
    )
    ResidenceFactory(
        identity=details.identity,
        brought_by=details.brought_by,
        municipality=municipality(lives_in),
        moved_in=moved_in,
    )
    return details.person


def moved(person: Person, *, to: str, on: date) -> None:
    """A delivery that tells of a move: the entry they had ends the day before."""
    delivery = DeliveryFactory.create()
    identity = person.details.get(closed_by=None).identity
    entry = Residence.objects.current().get(identity=identity)
    Residence.objects.filter(pk=entry.pk).update(closed_by=delivery)
    common = {"identity": identity, "brought_by": delivery}
    ResidenceFactory(
        **common,
        municipality=entry.municipality,
        moved_in=entry.moved_in,
        moved_out=on - timedelta(days=1),
    )
    ResidenceFactory(**common, municipality=municipality(to), moved_in=on)


def approved_run(rate: Rate, *, checker: User, approver: User) -> Run:
    """An approved run of January 2025 that used the rate, by the steps the database asks for."""
    at = datetime(2025, 2, 1, tzinfo=UTC)
    run = Run.objects.create(
        month=date(2025, 1, 1),
        delivery=DeliveryFactory.create(),
        created_at=at,
        status=RunStatus.DRAFT,
    )
    RunRate.objects.create(run=run, rate=rate, last_benefit_month=run.month)
    run.status, run.checked_by, run.checked_at = RunStatus.CHECKED, checker, at
    run.save()
    run.status, run.approved_by, run.approved_at = RunStatus.APPROVED, approver, at
    run.save()
    return run


def user_named(username: str) -> User:
    """A user without any right."""
    return User.objects.filter(username=username).first() or UserFactory.create(username=username)


def decision(**values: Any) -> Decision:
    """A decision for Lahti of November 2026, not numbered or stored yet."""
    given = {
        "decided_on": date(2026, 11, 20),
        "recipient": municipality("398"),
        "case_ref": "run 2026-11",
        "amount_cents": 123_456,
        "presenter": user_named("presenter"),
        "approver": user_named("approver"),
        "content_hash": "a" * 64,
        "remedy": Remedy.RECTIFICATION,
    }
    return Decision(**given | values)


class ApplicationStepFactory(DjangoModelFactory[ApplicationStep]):
    class Meta:
        model = ApplicationStep

    deed = "created"
    status = "draft"


class RoundFactory(DjangoModelFactory[Round]):
    """A round of the reference data."""

    class Meta:
        model = Round
        django_get_or_create = ("code",)

    code = "L2024"


class ApplicationFactory(DjangoModelFactory[Application]):
    """A draft of Lahti in the round of 2024."""

    class Meta:
        model = Application
        skip_postgeneration_save = True

    round = factory.SubFactory(RoundFactory)
    applicant = factory.LazyFunction(lambda: municipality("398"))
    contact_name = "Aino Yhteys"
    contact_email = "aino.yhteys@example.org"
    created_at = datetime(2024, 2, 20, 8, 0, tzinfo=UTC)
    created_by = factory.SubFactory(UserFactory)
    begun = factory.RelatedFactory(ApplicationStepFactory, factory_related_name="application")
