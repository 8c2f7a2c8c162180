"""What browser tests stand on: a browser, the served site, a register with runs in it."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from registry.models import Person
from tests.e2e.browsers import launch
from tests.factories import PermitFactory, PersonDetailsFactory, RejectedRowFactory, resident
from tests.payments.runs import february_after_a_move
from tests.test_access_matrix import made, people

expect.set_options(timeout=30_000)  # as long as for a page: the machine may be busy

__all__ = ["made", "people"]  # fixtures of the role matrix


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for all tests; each test opens a context of its own."""
    # Playwright keeps an event loop in this thread; Django would then refuse to ask the database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        opened = launch(playwright)
        yield opened
        opened.close()


@pytest.fixture
def mover(transactional_db: None) -> Person:
    """The person of February's correction; a person without a home and a refused row beside."""
    PermitFactory(person=PersonDetailsFactory.create().person)
    person = resident(lives_in="398")
    RejectedRowFactory(delivery=february_after_a_move(person).delivery)
    return person
