"""Never a name, a code or a number where it does not belong (P-11, P-12): planted, and searched for
in everything that is written, on every page there is.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import pytest
from django.core import mail
from django.test import Client

from config.lib import sealing
from config.lib.logs import WithoutMessages
from config.lib.months import Month
from payments.persons import selectors
from payments.runs import services
from registry.models import AuditEvent, Delivery, DisclosureEvent, Person, User
from tests.access_matrix import EVERYBODY
from tests.factories import (
    IdentityCodeFactory,
    PermitFactory,
    PersonDetailsFactory,
    PersonFactory,
    PopulationRecordFactory,
    RejectedRowFactory,
    ResidenceFactory,
    UserFactory,
    identity_code,
    municipality,
)
from tests.payments.runs import AT, compute
from tests.walk import Answer, walk

TYPED = identity_code(date(1977, 7, 7), 77)  # nobody's: what somebody types into any field
BORN = date(1988, 8, 8)
# Forms of the administration site and of the component page are sent in addresses: no person can be
# searched for there.
NO_PERSONS = ("/admin/", "/components/")


@dataclass(frozen=True)
class Planted:
    """A person whose every word is found nowhere else."""

    person: Person
    code: str
    words: frozenset[str]


def plant(mark: str, number: int, *, lives_in: str, protected: bool = False) -> Planted:
    code = identity_code(BORN, number)
    person = PersonFactory.create(uma_number=f"UMA{mark}")
    details = PersonDetailsFactory.create(
        person=person,
        birth_date=BORN,
        identity=IdentityCodeFactory.create(text=code),
        family_name=f"Suku{mark}",
        given_names=f"Etu{mark}",
        rgi_number=f"RGI{mark}",
    )
    PermitFactory.create(person=person, permit_number=f"LUPA{mark}", valid_from=date(2024, 2, 1))
    PopulationRecordFactory.create(identity=details.identity, non_disclosure=protected)
    ResidenceFactory.create(identity=details.identity, municipality=municipality(lives_in))
    words = {code, *(f"{kind}{mark}" for kind in ("UMA", "Suku", "Etu", "RGI", "LUPA"))}
    return Planted(person, code, frozenset(words))


@dataclass(frozen=True)
class World:
    """Three planted persons, an approved run and a draft; parts of addresses that lead to them."""

    of_lahti: Planted
    of_turku: Planted
    protected: Planted
    parts: dict[str, object]

    @property
    def words(self) -> frozenset[str]:
        return self.of_lahti.words | self.of_turku.words | self.protected.words

    @property
    def codes(self) -> frozenset[str]:
        return frozenset({self.of_lahti.code, self.of_turku.code, self.protected.code})


@pytest.fixture
def world(kalle, hilkka) -> World:
    planted = (
        plant("Qlahti", 81, lives_in="398"),
        plant("Qturku", 82, lives_in="853"),
        plant("Qpiilo", 83, lives_in="853", protected=True),
    )
    RejectedRowFactory(column="identity_code", sealed_value=sealing.seal(planted[1].code))
    run = compute("2024-12")
    services.run_check_and_approve(run.pk, checker=kalle, approver=hilkka, at=AT)
    compute("2025-01")
    person = planted[2].person
    parts = {"number": person.pk, "person_id": person.pk, "month": Month(2024, 12)}
    parts |= {"kind": "municipality", "code": "853", "reason": "no_home_municipality"}
    parts |= {"delivery_id": Delivery.objects.latest("pk").pk}
    return World(*planted, parts)


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """Everything that is logged, as the service would write it."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(WithoutMessages())
    root, level = logging.getLogger(), logging.getLogger().level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield written
    root.setLevel(level)
    root.removeHandler(handler)


def found(words: frozenset[str], text: str) -> set[str]:
    return {word for word in words if word in text}


def forbidden(world: World, answer: Answer) -> frozenset[str]:
    """What an answer to somebody may not say."""
    codes_are_asked_for = answer.method == "POST" and answer.where in (
        f"/persons/{world.protected.person.pk}/identity-code/",
        f"/extracts/{world.protected.person.pk}/download/",
    )
    others = world.words - world.protected.words
    match answer.who:
        case "anna":
            return world.of_turku.words | world.protected.words | world.codes
        case "bertta":
            return world.of_lahti.words | world.codes
        case "kalle" | "hilkka":
            return world.codes - ({world.protected.code} if codes_are_asked_for else set())
        case "tarja":
            return others | (frozenset() if codes_are_asked_for else world.codes)
    return world.words


@pytest.mark.parametrize("who", ["stranger", *sorted(EVERYBODY)])
def test_nobody_is_told_what_is_not_theirs(request, world, logged, who):
    """P-11, P-12: somebody opens everything, and types a code in every field there is."""
    answers = list(walk(somebody(request, who), world.parts, TYPED))
    told = [(a.method, a.where, found(forbidden(world, a), a.text)) for a in answers]
    assert [entry for entry in told if entry[2]] == []
    assert addresses_that_name(world, answers) == []
    assert sent_in_an_address(answers) == []
    for text in left_behind(logged):
        assert found(world.words | {TYPED}, text) == set()


def somebody(request, who: str) -> User | None:
    if who == "stranger":
        return None
    return UserFactory.create(username=who) if who == "nobody" else request.getfixturevalue(who)


def addresses_that_name(world: World, answers: list[Answer]) -> list[str]:
    """Addresses with a planted word, and those with what was typed where persons are."""
    links = {(answer.where, link) for answer in answers for link in answer.links}
    typed = [link for where, link in links if TYPED in link and not where.startswith(NO_PERSONS)]
    return typed + [link for _where, link in links if found(world.words, link)]


def sent_in_an_address(answers: list[Answer]) -> list[str]:
    """Searches whose words are in the address, hence in every log on the way (P-12)."""
    sent = [answer.where for answer in answers if answer.method == "GET" and answer.typed]
    return [where for where in sent if not where.startswith(NO_PERSONS)]


def left_behind(logged: io.StringIO) -> list[str]:
    """Logs of the service, mails, and the rows of its own logs."""
    mails = "".join(str(message.message()) for message in mail.outbox)
    rows = [*AuditEvent.objects.values(), *DisclosureEvent.objects.values()]
    return [logged.getvalue(), mails, str(rows)]


@pytest.mark.parametrize(
    ("who", "where", "form"),
    [
        ("kalle", "/persons/{}/identity-code/", {}),
        ("tarja", "/extracts/{}/download/", {"form": "json"}),
    ],
)
def test_what_is_planted_is_seen_by_those_who_may(request, world, client, who, where, form):
    """What is searched for above is really there to be found."""
    client.force_login(request.getfixturevalue(who))
    answer = client.post(where.format(world.protected.person.pk), form)
    text = b"".join(answer).decode()
    assert found(world.protected.words, text) >= {world.protected.code, "SukuQpiilo", "UMAQpiilo"}


def test_an_error_page_and_its_log_line_repeat_nothing(world, kalle, logged, monkeypatch):
    def fail(*_args: object, **_more: object) -> None:
        raise ValueError(", ".join(world.words))

    monkeypatch.setattr(selectors, "months_page", fail)
    client = Client(raise_request_exception=False)
    client.force_login(kalle)
    answer = client.get(f"/persons/{world.protected.person.pk}/")
    assert answer.status_code == 500
    assert "builtins.ValueError" in logged.getvalue()
    for text in (answer.content.decode(), logged.getvalue()):
        assert found(world.words, text) == set()
