"""Fixtures that import what a test writes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from registry.deliveries.layout import AGREEMENTS, PERMITS, PERSONS, POPULATION, RESIDENCES
from registry.deliveries.services import agreements_import
from registry.models import Delivery, Organisation
from tests.deliveries import TODAY, bring, received_at, write
from tests.registry.idp import CLIENT_ID, LAHTI, SECRET, TURKU, Idp, provider

Deliver = Callable[..., Delivery]


@pytest.fixture
def deliver(db: None, tmp_path: Path) -> Deliver:
    """Import rows: `deliver(persons=["U1,,,,1990-01-01,…"], permits=[…])`."""
    names = {"persons": PERSONS, "permits": PERMITS, "vtj": POPULATION, "residences": RESIDENCES}
    numbers = count()

    def bring_rows(**rows: Iterable[str]) -> Delivery:
        folder = tmp_path / f"delivery-{next(numbers)}"
        return bring(write(folder, {names[name]: lines for name, lines in rows.items()}))

    return bring_rows


@pytest.fixture
def agree(db: None, tmp_path: Path) -> Deliver:
    """Import agreements: `agree("005,2011-09-01,,S1", …)`."""

    def bring_rows(*lines: str) -> Delivery:
        path = write(tmp_path, {AGREEMENTS: lines}) / AGREEMENTS
        return agreements_import(path, received_at=received_at(), today=TODAY)

    return bring_rows


@pytest.fixture
def https(client: Client) -> None:
    """Pages are asked for over HTTPS, as passkeys require."""
    client.defaults.update({"wsgi.url_scheme": "https", "HTTP_REFERER": "https://testserver/"})


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Idp]:
    """The provider of OpenID Connect, in a process of its own."""
    with provider(tmp_path_factory.mktemp("idp")) as idp:
        yield idp


@pytest.fixture
def idp(running: Idp, db: None, settings: Any) -> Idp:
    """The provider, named in the settings; Lahti and Turku have their business ids."""
    settings.OIDC_ISSUER = running.issuer
    settings.OIDC_CLIENT_ID, settings.OIDC_CLIENT_SECRET = CLIENT_ID, SECRET
    paths = {"organisations": "attributes.organizations", "given_name": "attributes.given_name"}
    settings.OIDC_CLAIMS = settings.OIDC_CLAIMS | paths
    for code, business_id in (("398", LAHTI), ("853", TURKU)):
        Organisation.objects.filter(kind="municipality", code=code).update(business_id=business_id)
    return running
