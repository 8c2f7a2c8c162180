"""One house for all faults, over a synthetic country; the number of faults ends the report."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from shutil import which

import pytest
from django.test import TransactionTestCase
from pytest_django.plugin import DjangoDbBlocker

from tests.chaos.house import House

PERSONS = 8_000
AS_OF = date(2025, 1, 1)
AT = datetime(2025, 1, 2, 9, tzinfo=UTC)
done_to = pytest.StashKey[House]()


@pytest.fixture(scope="session")
def house(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    request: pytest.FixtureRequest,
) -> Iterator[House]:
    """A country of some parts, its first month settled, and real processes to work on it."""
    if which("redis-server") is None:
        pytest.fail("The faults need redis-server (Debian: apt-get install redis-server).")
    with django_db_blocker.unblock(), tempfile.TemporaryDirectory() as folder:
        _country()
        house = House(Path(folder))
        request.config.stash[done_to] = house
        try:
            house.open()
            yield house
        finally:
            house.close()
            TransactionTestCase()._fixture_teardown()


def _country() -> None:
    from registry.deliveries.services import delivery_import  # needs the apps
    from registry.deliveries.synthetic.make import delivery_make
    from tests.payments.runs import settle

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "delivery"
        delivery_make(folder, persons=PERSONS, as_of=AS_OF, seed=2026)
        delivery_import(folder, received_at=AT, today=AS_OF)
    settle("2025-01")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/chaos/" in str(item.path):
            item.add_marker(pytest.mark.chaos)
            item.add_marker(pytest.mark.django_db)  # has the test database made


@pytest.fixture
def _django_db_helper(house: House) -> None:
    """Leave the database as it is after each test, for other processes work on it meanwhile."""


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    house = config.stash.get(done_to, None)
    if house is not None:
        by_kind = ", ".join(f"{kind} {number}" for kind, number in sorted(house.faults.items()))
        terminalreporter.write_line(f"{house.faults.total()} faults injected: {by_kind}")
