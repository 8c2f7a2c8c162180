"""Every URL × every role × own and other organisation, from the URL configuration itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from config.lib.months import Month
from payments.decisions.services import documents_make
from payments.models import RunDecision
from registry.access.doors import doors_of
from registry.decisions.models import Service
from registry.decisions.services import decision_serve
from registry.models import AuditEvent, User
from tests.access_matrix import EVERYBODY, PAGES, Page
from tests.factories import DeliveryFactory, UserFactory, resident
from tests.grants.applications import supports_made
from tests.grants.costs import costs_made
from tests.grants.decisions import cases_made
from tests.payments.bank import payments_made
from tests.payments.former import former_proposed
from tests.payments.holds import held
from tests.payments.joined import link_proposed
from tests.payments.manual import applied_for
from tests.payments.recoveries import recovery_proposed
from tests.payments.runs import AT, claimed, settle

STRANGER_SEES = 302  # the way to the sign-in page
# Django's own, and what is open to everybody.
WITHOUT_DOORS = {"login", "logout", "set_language", "accessibility", "privacy", "components"}


def routes(resolver: URLResolver | None = None) -> Iterator[URLPattern]:
    """Every URL pattern but those of the administration site."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLPattern):
            yield entry
        elif entry.app_name != "admin":
            yield from routes(entry)


def admin_routes() -> list[str]:
    """Addresses of the administration site that need no object."""
    names = {
        pattern.name
        for entry in get_resolver().url_patterns
        if getattr(entry, "app_name", "") == "admin"
        for pattern in routes(entry)
        if not pattern.pattern.converters and not pattern.pattern.regex.groups
    }
    return sorted(f"admin:{name}" for name in names if name)


@pytest.fixture
def made(db) -> dict[str, object]:
    """An approved run of January 2025 with persons of Lahti and Turku, and what came of it.

    Keys are names of parts of addresses, or values of theirs that the matrix gives names.
    """
    person, other = resident(lives_in="398"), resident(lives_in="853")
    delivery = DeliveryFactory.create()
    settle("2025-01")
    lahti, turku = (RunDecision.objects.get(proposal__payee__code=c) for c in ("398", "853"))
    documents_make(lahti.decision, language="fi", at=AT)
    decision_serve(lahti.decision, service=Service.FETCHED, day=AT.date(), by=UserFactory())
    ids = {"person_id": person.pk, "delivery_id": delivery.pk}
    ids |= {"a link": link_proposed(person), "former payments": former_proposed(person)}
    ids |= {"lahti": lahti.pk, "turku": turku.pk}
    ids |= {"lahtis claims": claimed(person, "398"), "turkus claims": claimed(other, "853")}
    ids |= {**applied_for(person, "398", "lahtis"), **applied_for(other, "853", "turkus")}
    recoveries: dict[str, object] = {
        f"{town}s recovery": recovery_proposed(code)
        for town, code in {"lahti": "398", "turku": "853"}.items()
    }
    supports = {**supports_made(), **cases_made(), **costs_made()}
    ids |= {"hold_id": held(supports["lahtis sent"])}
    return {**ids, **recoveries, **supports, **payments_made("2025-01")}


@pytest.fixture
def people(anna, bertta, kalle, hilkka, tuula, tarja) -> dict[str, User]:
    everyone = [anna, bertta, kalle, hilkka, tuula, tarja, UserFactory(username="nobody")]
    return {user.username: user for user in everyone}


def address(name: str, parts: Mapping[str, object], made: Mapping[str, object]) -> str:
    kwargs = {key: made.get(key, made.get(str(value), value)) for key, value in parts.items()}
    if "month" in kwargs:
        kwargs["month"] = Month.parse(str(kwargs["month"]))
    return reverse(name, kwargs=kwargs)


def ask(user: User | None, page: Page, where: str) -> int:
    client = Client()
    if user:
        client.force_login(user)
    return int(getattr(client, page.method)(where, page.data).status_code)


@contextmanager
def undone() -> Iterator[None]:
    """What is asked inside leaves no trace: the next page finds all as it was made."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def events_since(before: set[int]) -> list[AuditEvent]:
    """Events of the log but the signing in itself."""
    return list(AuditEvent.objects.exclude(pk__in=before).exclude(verb="signed_in"))


def test_every_url_has_a_row_and_every_row_a_url():
    assert {route.name for route in routes()} == PAGES.keys()


def test_every_view_says_whom_it_is_open_to():
    silent = {str(route.name) for route in routes() if not doors_of(route.callback)}
    assert silent <= WITHOUT_DOORS | {name for name, page in PAGES.items() if not page.login}


def test_a_page_is_open_to_whom_the_matrix_says(made, people, subtests):
    for name, page in PAGES.items():
        with subtests.test(name), undone():
            where = address(name, page.parts, made)
            answers = {username: ask(user, page, where) for username, user in people.items()}
            opened = {username for username, status in answers.items() if status in page.answers}
            assert opened == page.open_to
            assert {answers[username] for username in EVERYBODY - page.open_to} <= {403, 404}
            if page.login:
                assert ask(None, page, where) == STRANGER_SEES


def test_what_is_anothers_is_not_there_and_the_try_is_logged(made, people, subtests):
    for name, page in PAGES.items():
        if page.other is not None:
            with subtests.test(name), undone():
                before = set(AuditEvent.objects.values_list("pk", flat=True))
                assert ask(people["anna"], page, address(name, page.other, made)) == 404
                (event,) = events_since(before)
                assert (event.actor, event.outcome) == (people["anna"], "refused")


def test_a_refused_page_is_one_event(made, people, subtests):
    for name, page in PAGES.items():
        for username in EVERYBODY - page.open_to:
            with subtests.test(name, user=username), undone():
                before = set(AuditEvent.objects.values_list("pk", flat=True))
                ask(people[username], page, address(name, page.parts, made))
                (event,) = events_since(before)
                assert (event.actor.username, event.outcome) == (username, "refused")


def test_the_administration_site_is_open_to_coordinators_alone(people, subtests):
    page = Page(EVERYBODY)
    for name in admin_routes():
        with subtests.test(name), undone():
            where = reverse(name, args=[] if name != "admin:app_list" else ["registry"])
            answers = {username: ask(user, page, where) for username, user in people.items()}
            shut = {username for username, status in answers.items() if status == 403}
            if name not in ("admin:login", "admin:logout"):
                assert shut >= EVERYBODY - {"tuula"}
            assert ask(None, page, where) in (STRANGER_SEES, 405)
