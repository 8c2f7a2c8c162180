"""The test database: reference data in it for every test, one of its own for every process."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.db import connection
from django.test import TransactionTestCase, override_settings
from pytest_django.plugin import DjangoDbBlocker

from tests.database import maintenance, name_held, template_ready

if TYPE_CHECKING:
    from registry.models import User

RUN_PARTITIONS = """
    SELECT inhrelid::regclass::text FROM pg_inherits
    WHERE inhparent IN ('payments_line'::regclass, 'payments_assessment'::regclass)
"""
KEPT = {"django_migrations", "django_content_type", "auth_permission"}


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> Iterator[None]:
    """Give the test database a name no other test process holds, and a migrated template."""
    database = settings.DATABASES["default"]
    with maintenance() as holder:
        test = {
            "NAME": name_held(holder, database["NAME"]),
            "TEMPLATE": template_ready(holder, database["NAME"]),
        }
        database["TEST"] |= test
        connection.settings_dict["TEST"] |= test
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """Load the reference data once; tests that really commit leave it as they found it."""
    with django_db_blocker.unblock():
        _reference_load()
    setattr(TransactionTestCase, "_fixture_teardown", _start_over)  # noqa: B010 # unknown to the stubs


def _start_over(_case: TransactionTestCase) -> None:
    """Empty every table (Django's flush knows nothing of partitions) and load the reference data."""
    with connection.cursor() as cursor:
        cursor.execute(RUN_PARTITIONS)
        if partitions := [name for (name,) in cursor.fetchall()]:
            cursor.execute(f"DROP TABLE {', '.join(partitions)}")
        tables = set(connection.introspection.table_names(cursor)) - KEPT
        cursor.execute("SET session_replication_role = replica")  # the log refuses to be emptied
        cursor.execute(f"TRUNCATE {', '.join(sorted(tables))} CASCADE")
        cursor.execute("SET session_replication_role = origin")
    _reference_load()


def _reference_load() -> None:
    from payments.management.commands.load_reference import reference_load  # needs the apps

    reference_load()


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> Iterator[None]:
    """Hash passwords the quick way: they are artificial."""
    hasher = "django.contrib.auth.hashers.MD5PasswordHasher"
    with override_settings(PASSWORD_HASHERS=[hasher]):
        yield


@pytest.fixture(scope="session")
def bank_folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Folders for what tests send to the bank, made when something is sent."""
    base = tmp_path_factory.mktemp("bank")
    return (base / str(number) for number in count())


@pytest.fixture(autouse=True)
def own_bank_folder(bank_folders: Iterator[Path]) -> Iterator[None]:
    """Send batches to a folder of the test's own."""
    with override_settings(BANK_FOLDER=next(bank_folders)):
        yield


@pytest.fixture
def anna(db: None) -> User:
    """Anna, an officer of Lahti who sends."""
    return _officer("anna", "Anna", "Lahtinen", of="398", right="send")


@pytest.fixture
def bertta(db: None) -> User:
    """Bertta, an officer of Turku who prepares."""
    return _officer("bertta", "Bertta", "Turunen", of="853", right="prepare")


@pytest.fixture
def kalle(db: None) -> User:
    """Kalle, who reviews."""
    return _staff("kalle", "Kalle", "Tarkka", role="reviewer")


@pytest.fixture
def hilkka(db: None) -> User:
    """Hilkka, who approves."""
    return _staff("hilkka", "Hilkka", "Päättäjä", role="approver")


@pytest.fixture
def tuula(db: None) -> User:
    """Tuula, who coordinates: rounds, rates, organisations."""
    return _staff("tuula", "Tuula", "Ministeriö", role="coordinator")


@pytest.fixture
def tarja(db: None) -> User:
    """Tarja, the data protection officer."""
    return _staff("tarja", "Tarja", "Suojelija", role="data_protection_officer")


def _staff(username: str, first_name: str, last_name: str, *, role: str) -> User:
    from tests.factories import StaffRoleFactory, UserFactory  # needs the apps

    user = UserFactory.create(username=username, first_name=first_name, last_name=last_name)
    StaffRoleFactory.create(user=user, role=role)
    return user


def _officer(username: str, first_name: str, last_name: str, *, of: str, right: str) -> User:
    from tests.factories import MembershipFactory, UserFactory, municipality  # needs the apps

    user = UserFactory.create(username=username, first_name=first_name, last_name=last_name)
    MembershipFactory.create(user=user, organisation=municipality(of), right=right)
    return user
